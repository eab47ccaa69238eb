import type { Listener } from '../../../../shared/contract/listeners.ts';
import { call } from '../../../client/index.ts';
import { sumOf, sumText } from '../../../domain/time/histogram-sums.ts';
import { type Period, withDrawnTime } from '../../../domain/time/period-picker.tsx';
import { countOf, type Part, TimeBars } from '../../../domain/time/time-bars.tsx';
import { navigate } from '../../../model/app/navigation.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useHistogram } from '../../../model/calls/use-histogram.ts';
import { queryOfReach } from '../../../model/events/reach-query.ts';
import { Fact, FactList, OverviewSection } from '../../../ui/charts/fact-list.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { formatPercent } from '../../../ui/text/format.ts';

const matched: Part = { name: 'matched', tone: 'green', of: countOf('matched') };
const others: Part = { name: 'not matched', tone: 'grey', of: (counts) => (counts.total ?? 0) - (counts.matched ?? 0) };
const parts: readonly Part[] = [matched, others];

/** Events that a listener can match by source and type, over time: matched and not. */
export function ListenerMatches({ listener, period }: { listener: Listener; period: Period }) {
  const { slug } = listener;
  const query = `after:${period.term}`;
  const { value, error } = useHistogram(
    `${slug} ${listener.version} ${query}`,
    (cursor) => call('listeners.histogram', { slug, query, buckets: 60, cursor }),
    ['events.added'],
  );
  if (error !== null && value === null) return <ErrorState error={error} />;
  const reach = queryOfReach(listener);
  const [hits, misses] = [sumOf(value, matched.of), sumOf(value, others.of)];
  const total = hits + misses;
  return (
    <OverviewSection
      title="Events"
      note={value?.isWhole === true ? 'of the source and types of this listener' : 'Counting…'}
    >
      <TimeBars
        label="Events over time"
        noun="event"
        histogram={value}
        parts={parts}
        onSelect={(fromMs, toMs) => navigate(paths.live(withDrawnTime(reach, fromMs, toMs)))}
      />
      <FactList>
        <Fact
          name="Matched"
          href={hrefOf(paths.live(`listener:${slug} ${query}`))}
          note={total === 0 ? undefined : formatPercent(hits / total)}
        >
          {sumText(value, matched.of)}
        </Fact>
        <Fact
          name="Not matched"
          href={hrefOf(paths.live(`${reach} -listener:${slug} ${query}`.trim()))}
          note={total === 0 ? undefined : formatPercent(misses / total)}
        >
          {sumText(value, others.of)}
        </Fact>
      </FactList>
    </OverviewSection>
  );
}
