import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeliveryDetail as Detail } from '../../../../shared/contract/deliveries.ts';
import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { DeliveryFiles } from '../../../domain/event/delivery-files.tsx';
import { DeliveryNotes } from '../../../domain/event/delivery-notes.tsx';
import { UnreadableNote } from '../../../domain/event/unreadable-note.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { CodeBlock } from '../../../ui/code/code-block.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { SegmentTabs } from '../../../ui/layout/segment-tabs.tsx';
import { KeyValueTable } from '../../../ui/tables/key-value-table.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { formatBytes } from '../../../ui/text/format.ts';
import { PresetSuggestion } from '../presets/preset-suggestion.tsx';
import classes from '../sources.module.css';
import { AcceptHost } from './accept-host.tsx';
import { AcceptNow } from './accept-now.tsx';
import { SnsConfirmation } from './sns-confirmation.tsx';

interface DeliveryDetailProps {
  id: string;
  source: Source;
  /** Those the source may be switched to. */
  presets: readonly PresetInfo[];
  onSwitch: (preset: PresetInfo) => void;
  onClose: () => void;
}

/** One request as it came. */
export function DeliveryDetail({ id, ...rest }: DeliveryDetailProps) {
  const got = useCall('deliveries.get', { id });
  if (got.value === undefined) {
    if (got.error === null) return <LoadingRows rows={4} />;
    return <ErrorState error={got.error} title="This delivery could not be loaded" onRetry={got.reload} />;
  }
  return <Shown delivery={got.value} {...rest} />;
}

function Shown({
  delivery,
  source,
  presets,
  onSwitch,
  onClose,
}: Omit<DeliveryDetailProps, 'id'> & { delivery: Detail }) {
  const [tab, setTab] = useState<'body' | 'headers'>('body');
  const { body } = delivery;
  return (
    <div className={classes.delivery}>
      <SegmentTabs
        id="delivery"
        label="Delivery"
        tabs={[
          { value: 'body', label: 'Body' },
          { value: 'headers', label: 'Headers', count: delivery.headers.length },
        ]}
        value={tab}
        onChange={(value: 'body' | 'headers') => setTab(value)}
        actions={
          <>
            {delivery.eventIds.map((eventId) => (
              <a key={eventId} className={classes.eventLink} href={hrefOf(paths.event(eventId))}>
                Show the event
              </a>
            ))}
            <ActionIcon aria-label="Close the delivery" onClick={onClose}>
              <IconX size={15} stroke={1.6} />
            </ActionIcon>
          </>
        }
      />
      <div id="delivery-panel" role="tabpanel" aria-labelledby={`delivery-tab-${tab}`} className={classes.deliveryBody}>
        <p className={classes.requestLine}>
          <code>
            {delivery.method} {delivery.url}
          </code>
          <span className={classes.quiet}>
            {' '}
            {delivery.contentType ?? 'no content type'}, {formatBytes(delivery.bodyBytes)}, answered {delivery.status}
          </span>
        </p>
        {source.preset === 'generic' && <PresetSuggestion delivery={delivery} presets={presets} onSwitch={onSwitch} />}
        {source.preset === 'aws-sns' && <SnsConfirmation delivery={delivery} />}
        <AcceptHost delivery={delivery} />
        {delivery.reason !== null && (
          <div className={classes.refusal}>
            {delivery.result === 'tried' ? (
              delivery.reason.message
            ) : (
              <InlineError message={`${delivery.reason.code}: ${delivery.reason.message}`} />
            )}
          </div>
        )}
        <AcceptNow delivery={delivery} />
        <DeliveryNotes notes={delivery.notes} />
        <UnreadableNote parts={delivery.unreadable} />
        {tab === 'body' && <DeliveryFiles delivery={delivery} />}
        {tab === 'headers' ? (
          <KeyValueTable mono rows={delivery.headers.map(([key, value]) => ({ key, value, copy: value }))} />
        ) : body.data === '' ? (
          <p className={classes.quiet}>No body.</p>
        ) : (
          <>
            {body.encoding === 'base64' && <p className={classes.quiet}>Not text; shown as base64.</p>}
            <CodeBlock text={body.data} />
            {body.truncated && <p className={classes.quiet}>Only the beginning is shown.</p>}
          </>
        )}
      </div>
    </div>
  );
}
