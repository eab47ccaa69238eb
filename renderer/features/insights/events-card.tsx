import { call } from '../../client/index.ts';
import { sumOf, sumText } from '../../domain/time/histogram-sums.ts';
import { type Period, withDrawnTime } from '../../domain/time/period-picker.tsx';
import { countOf, type Part, TimeBars } from '../../domain/time/time-bars.tsx';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useStatus } from '../../model/app/status.ts';
import { useHistogram } from '../../model/calls/use-histogram.ts';
import { Fact, FactList } from '../../ui/charts/fact-list.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { Card } from './card.tsx';

const part = (name: string, tone: Part['tone'], of: Part['of']): Part => ({ name, tone, of });
const failed = part('failed', 'red', countOf('failed'));
const ignored = part('ignored', 'grey', countOf('ignored'));
const matched = part('matched', 'green', (counts) =>
  Math.max(0, (counts.total ?? 0) - (counts.ignored ?? 0) - (counts.failed ?? 0)),
);
const refused = part('refused', 'amber', countOf('refused'));
const parts = [failed, matched, ignored];
/** Outcomes of runs are events too, but nothing that came in. */
const outside = '-is:internal';

/** What comes in. */
export function EventsCard({ period }: { period: Period }) {
  const query = `${outside} after:${period.term}`;
  const { value, error } = useHistogram(query, (cursor) => call('events.histogram', { query, buckets: 60, cursor }), [
    'events.added',
  ]);
  const perMinute = useStatus((state) => state.status?.events.perMinute);
  const href = (more: string): string => hrefOf(paths.live(`after:${period.term} ${more}`.trim()));
  if (error !== null && value === null) {
    return (
      <Card title="Events received">
        <ErrorState error={error} />
      </Card>
    );
  }
  return (
    <Card title="Events received" note={value !== null && !value.isWhole ? 'Counting…' : undefined}>
      <TimeBars
        label="Events over time"
        noun="event"
        histogram={value}
        parts={parts}
        mark={refused}
        onSelect={(fromMs, toMs) => navigate(paths.live(withDrawnTime('', fromMs, toMs)))}
      />
      <FactList>
        <Fact name="Received" href={href('')}>
          {sumText(value, countOf('total'))}
        </Fact>
        <Fact name="Last minute, internal included" href={hrefOf(paths.live('after:1m'))}>
          {perMinute === undefined ? '–' : formatCount(perMinute)}
        </Fact>
        <Fact name="Ignored" href={href('is:ignored')}>
          {sumText(value, ignored.of)}
        </Fact>
        <Fact name="Failed" href={href('is:failed')} {...(sumOf(value, failed.of) > 0 ? { tone: 'red' as const } : {})}>
          {sumText(value, failed.of)}
        </Fact>
      </FactList>
    </Card>
  );
}
