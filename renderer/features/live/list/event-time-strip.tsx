import { call } from '../../../client/index.ts';
import type { Part } from '../../../domain/time/time-bars.tsx';
import { TimeStrip } from '../../../domain/time/time-strip.tsx';
import { useHistogram } from '../../../model/calls/use-histogram.ts';
import { composeQuery } from '../model/event-query.ts';

const count =
  (name: string): Part['of'] =>
  (counts) =>
    counts[name] ?? 0;
const [total, ignored, failed, refused] = [count('total'), count('ignored'), count('failed'), count('refused')];

const parts: readonly Part[] = [
  { name: 'failed', tone: 'red', of: failed },
  { name: 'matched', tone: 'green', of: (counts) => Math.max(0, total(counts) - ignored(counts) - failed(counts)) },
  { name: 'ignored', tone: 'grey', of: ignored },
];
const mark: Part = { name: 'refused', tone: 'amber', of: refused };

/** The events of the list, over time. */
export function EventTimeStrip({
  query,
  showInternal,
  onQuery,
}: {
  query: string;
  showInternal: boolean;
  onQuery: (query: string) => void;
}) {
  const composed = composeQuery(query, showInternal);
  const state = useHistogram(
    composed,
    (cursor) => call('events.histogram', { ...(composed === '' ? {} : { query: composed }), cursor }),
    ['events.added', 'runs.changed'],
  );
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
