import { call } from '../../../client/index.ts';
import { countOf, type Part } from '../../../domain/time/time-bars.tsx';
import { TimeStrip } from '../../../domain/time/time-strip.tsx';
import { useHistogram } from '../../../model/calls/use-histogram.ts';
import { composeQuery } from '../model/event-query.ts';

const [total, ignored, failed, refused] = [countOf('total'), countOf('ignored'), countOf('failed'), countOf('refused')];

const parts: readonly Part[] = [
  { name: 'failed', tone: 'red', of: failed },
  { name: 'matched', tone: 'green', of: (counts) => Math.max(0, total(counts) - ignored(counts) - failed(counts)) },
  { name: 'ignored', tone: 'grey', of: ignored },
];
const mark: Part = { name: 'refused', tone: 'amber', of: refused };

interface EventTimeStripProps {
  query: string;
  showInternal: boolean;
  onQuery: (query: string) => void;
}

/** The events of the list, over time. */
export function EventTimeStrip({ query, showInternal, onQuery }: EventTimeStripProps) {
  const composed = composeQuery(query, showInternal);
  const state = useHistogram(composed, (cursor) => call('events.histogram', { query: composed, cursor }), [
    'events.added',
    'runs.changed',
  ]);
  return (
    <TimeStrip
      label="Events over time"
      noun="event"
      state={state}
      query={query}
      onQuery={onQuery}
      parts={parts}
      mark={mark}
    />
  );
}
