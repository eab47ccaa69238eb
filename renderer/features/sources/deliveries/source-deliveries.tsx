import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Delivery } from '../../../../shared/contract/deliveries.ts';
import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { Lamp } from '../../../ui/feedback/lamp.tsx';
import { SegmentTabs } from '../../../ui/layout/segment-tabs.tsx';
import { SplitPane } from '../../../ui/layout/split-pane.tsx';
import { Cell } from '../../../ui/tables/cell.tsx';
import { ListFooter } from '../../../ui/tables/list-footer.tsx';
import { ListHead } from '../../../ui/tables/list-head.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { VirtualList } from '../../../ui/tables/virtual-list.tsx';
import { formatBytes } from '../../../ui/text/format.ts';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import { type DeliveriesFilter, deliveriesList, useDeliveriesOf } from '../model/deliveries-list.ts';
import classes from '../sources.module.css';
import { DeliveryDetail } from './delivery-detail.tsx';

const columns = '12px clamp(92px, 30cqi, 140px) 44px minmax(0, 1.6fr) minmax(80px, 0.8fr) 64px';
const tones: Record<Delivery['result'], 'green' | 'grey' | 'amber'> = {
  accepted: 'green',
  duplicate: 'grey',
  refused: 'amber',
  tried: 'grey',
};

type Shown = 'all' | Delivery['result'];

const emptyTitles: Readonly<Record<Shown, string>> = {
  all: 'No deliveries yet',
  accepted: 'No accepted deliveries',
  duplicate: 'No repeated deliveries',
  refused: 'No refused deliveries',
  tried: 'No address checks',
};

interface SourceDeliveriesProps {
  source: Source;
  /** What the address asks for. */
  asked: DeliveriesFilter | null;
  /** Those the source may be switched to; empty when it may not be changed here. */
  presets: readonly PresetInfo[];
  onSwitch: (preset: PresetInfo) => void;
}

/** Everything that was posted to the source, refused deliveries too. */
export function SourceDeliveries({ source, asked, presets, onSwitch }: SourceDeliveriesProps) {
  const { slug } = source;
  const [shown, setShown] = useState<Shown>(asked?.result ?? 'all');
  const [query, setQuery] = useState(asked?.query ?? '');
  const [openId, setOpenId] = useState<string | null>(null);
  useDeliveriesOf(slug, shown === 'all' ? undefined : shown, query);
  const state = deliveriesList.use((list) => list);
  // The list is one for all sources: another source's rows must not stand here while this one's are fetched.
  const isOurs = state.params.source === slug;

  const list =
    isOurs && state.phase === 'error' && state.error !== null ? (
      <ErrorState error={state.error} onRetry={deliveriesList.reload} />
    ) : !isOurs || state.phase === 'loading' || state.phase === 'idle' ? (
      <LoadingRows rows={6} />
    ) : (
      <VirtualList
        items={state.items}
        keyOf={(delivery) => delivery.id}
        label="Deliveries"
        layer="pane"
        columns={columns}
        header={<ListHead columns={columns} cells={['', 'Received', '', 'Result', 'From', 'Body']} />}
        renderRow={(delivery) => <DeliveryRow delivery={delivery} />}
        activeKey={openId}
        onActivate={setOpenId}
        onOpen={setOpenId}
        onEndReached={deliveriesList.loadOlder}
        footer={<ListFooter list={deliveriesList} state={state} end="End of list" />}
        empty={
          <EmptyState title={query !== '' ? 'No results' : emptyTitles[shown]}>
            {shown === 'refused'
              ? 'Refused deliveries are kept here with the reason.'
              : 'Every request to this source’s address is listed here, accepted or not.'}
          </EmptyState>
        }
      />
    );

  return (
    <div className={classes.deliveries}>
      <SegmentTabs
        id="deliveries"
        label="Result"
        tabs={[
          { value: 'all', label: 'All' },
          { value: 'accepted', label: 'Accepted' },
          { value: 'duplicate', label: 'Repeated' },
          { value: 'refused', label: 'Refused' },
          ...(shown === 'tried' ? [{ value: 'tried' as const, label: 'Address checks' }] : []),
        ]}
        actions={
          query !== '' && (
            <Button
              variant="default"
              size="compact-xs"
              rightSection={<IconX size={12} stroke={1.8} />}
              aria-label={`Remove filter ${query}`}
              onClick={() => setQuery('')}
            >
              <code className={classes.filterText}>{query}</code>
            </Button>
          )
        }
        value={shown}
        onChange={(value: Shown) => {
          setShown(value);
          setOpenId(null);
        }}
      />
      <div id="deliveries-panel" role="tabpanel" className={classes.deliveriesBody}>
        <SplitPane
          id="source-deliveries"
          direction="column"
          defaultRatio={0.4}
          minPx={120}
          primary={list}
          secondary={
            openId === null ? null : (
              <DeliveryDetail
                id={openId}
                source={source}
                presets={presets}
                onSwitch={onSwitch}
                onClose={() => setOpenId(null)}
              />
            )
          }
        />
      </div>
    </div>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  return (
    <>
      <Lamp
        tone={tones[delivery.result]}
        lit={delivery.result !== 'duplicate' && delivery.result !== 'tried'}
        label={delivery.result}
      />
      <Timestamp at={delivery.receivedAt} />
      <Cell mono dim>
        {delivery.status}
      </Cell>
      <Cell title={delivery.reason?.message ?? delivery.result}>
        {delivery.reason === null ? (
          delivery.result === 'duplicate' ? (
            'repeated, started no runs'
          ) : (
            'accepted'
          )
        ) : delivery.result === 'tried' ? (
          delivery.reason.message
        ) : (
          <>
            <span className={classes.reason}>{delivery.reason.code}</span> {delivery.reason.message}
          </>
        )}
      </Cell>
      <Cell mono dim>
        {delivery.remoteAddress}
      </Cell>
      <Cell dim align="end">
        {formatBytes(delivery.bodyBytes)}
      </Cell>
    </>
  );
}
