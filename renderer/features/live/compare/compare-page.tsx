import { Button } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useState } from 'react';
import type { EventDetail } from '../../../../shared/contract/events.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import type { PageProps } from '../../../model/app/feature.ts';
import { navigate } from '../../../model/app/navigation.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { jsonDifferences } from '../../../model/events/json-differences.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { AppPage } from '../../../ui/layout/app-page.tsx';
import { SegmentTabs } from '../../../ui/layout/segment-tabs.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from './compare.module.css';
import { HeaderComparison } from './header-comparison.tsx';
import { JsonComparison } from './json-comparison.tsx';
import { RunComparison } from './run-comparison.tsx';

type Tab = 'payload' | 'context' | 'headers' | 'runs';

/** Two events side by side: what differs in their payloads, contexts, headers and runs. */
export function ComparePage({ search }: PageProps) {
  const [a, b] = [search.get('a') ?? '', search.get('b') ?? ''];
  const before = useCall('events.get', a === '' ? null : { id: a }, { reloadOn: ['runs.changed'] });
  const after = useCall('events.get', b === '' ? null : { id: b }, { reloadOn: ['runs.changed'] });
  const failed = before.value === undefined ? before : after;
  const swap = (): void => navigate(paths.compare(b, a), { replace: true });
  useShortcuts('Compare', [
    { keys: 's', label: 'Swap', run: swap },
    { keys: 'escape', label: 'Close', run: () => navigate(paths.event(b)), enabled: b !== '' },
  ]);
  return (
    <AppPage
      title="Compare events"
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconArrowsExchange size={14} stroke={1.6} />}
            title="Swap (S)"
            onClick={swap}
          >
            Swap
          </Button>
          <Button variant="default" component="a" href={hrefOf(b === '' ? paths.live() : paths.event(b))}>
            Close
          </Button>
        </>
      }
    >
      {a === '' || b === '' ? (
        <EmptyState title="Choose two events">Select two events in Live, then Compare.</EmptyState>
      ) : before.value !== undefined && after.value !== undefined ? (
        <Comparison before={before.value} after={after.value} />
      ) : failed.error === null ? (
        <LoadingRows rows={10} />
      ) : (
        <ErrorState title="The events could not be loaded" error={failed.error} onRetry={failed.reload} />
      )}
    </AppPage>
  );
}

function Comparison({ before, after }: { before: EventDetail; after: EventDetail }) {
  const [tab, setTab] = useState<Tab>('payload');
  const count = (part: 'payload' | 'context'): number => jsonDifferences(before[part], after[part]).length;
  return (
    <div className={classes.page}>
      <div className={classes.events}>
        <EventHead label="A" event={before} />
        <EventHead label="B" event={after} />
      </div>
      <SegmentTabs<Tab>
        id="compare"
        label="Compared parts"
        keys
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'payload', label: 'Payload', count: count('payload') },
          { value: 'context', label: 'Context', count: count('context') },
          { value: 'headers', label: 'Headers' },
          { value: 'runs', label: 'Runs' },
        ]}
      />
      <div id="compare-panel" role="tabpanel" aria-labelledby={`compare-tab-${tab}`} className={classes.panel}>
        {(tab === 'payload' || tab === 'context') && (
          <JsonComparison key={tab} root={tab} before={before[tab]} after={after[tab]} />
        )}
        {tab === 'headers' && <HeaderComparison before={before.deliveryId} after={after.deliveryId} />}
        {tab === 'runs' && <RunComparison before={before} after={after} />}
      </div>
    </div>
  );
}

function EventHead({ label, event }: { label: string; event: EventDetail }) {
  return (
    <section className={classes.event} aria-label={`Event ${label}`}>
      <span className={classes.label}>{label}</span>
      <a className={classes.type} href={hrefOf(paths.event(event.id))}>
        <VisibleText text={event.type} />
      </a>
      <span className={classes.fact}>{event.source}</span>
      <span className={classes.fact}>
        <Timestamp at={event.receivedAt} precise day />
      </span>
      {event.replayOf !== null && <span className={classes.fact}>replay</span>}
      <span className={classes.id}>
        <Mono dim>{event.id}</Mono>
      </span>
    </section>
  );
}
