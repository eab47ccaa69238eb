import { call } from '../../client/index.ts';
import { runParts } from '../../domain/run/run-parts.ts';
import { sumOf, sumText } from '../../domain/time/histogram-sums.ts';
import { type Period, withDrawnTime } from '../../domain/time/period-picker.tsx';
import { countOf, TimeBars } from '../../domain/time/time-bars.tsx';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useHistogram } from '../../model/calls/use-histogram.ts';
import { Fact, FactList } from '../../ui/charts/fact-list.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { formatPercent } from '../../ui/text/format.ts';
import { Card } from './card.tsx';

/** What goes out: runs, over the time when they were queued. */
export function RunsCard({ period }: { period: Period }) {
  const query = `after:${period.term}`;
  const { value, error } = useHistogram(query, (cursor) => call('runs.histogram', { query, buckets: 60, cursor }), [
    'runs.changed',
  ]);
  const [completed, failed] = [sumOf(value, countOf('completed')), sumOf(value, countOf('failed'))];
  const href = (more: string): string => hrefOf(paths.runs(`${query} ${more}`.trim()));
  if (error !== null && value === null) {
    return (
      <Card title="Runs">
        <ErrorState error={error} />
      </Card>
    );
  }
  return (
    <Card title="Runs" note={value !== null && !value.isWhole ? 'Counting…' : undefined}>
      <TimeBars
        label="Runs over time"
        noun="run"
        histogram={value}
        parts={runParts}
        onSelect={(fromMs, toMs) => navigate(paths.runs(withDrawnTime('', fromMs, toMs)))}
      />
      <FactList>
        <Fact name="Runs" href={href('')}>
          {sumText(value, countOf('total'))}
        </Fact>
        <Fact name="Completed" href={href('is:completed')}>
          {sumText(value, countOf('completed'))}
        </Fact>
        <Fact
          name="Failed"
          href={href('is:failed')}
          note={completed + failed === 0 ? undefined : formatPercent(failed / (completed + failed))}
          {...(failed > 0 ? { tone: 'red' as const } : {})}
        >
          {sumText(value, countOf('failed'))}
        </Fact>
      </FactList>
    </Card>
  );
}
