import type { Readings } from '../../../shared/contract/insights.ts';
import type { Period } from '../../domain/time/period-picker.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import type { CallState } from '../../model/calls/use-call.ts';
import { Fact, FactList, OverviewNote } from '../../ui/charts/fact-list.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { Card, Loaded } from './card.tsx';
import { formatAnswerMs } from './model/answer-ms.ts';
import { ReadingLines } from './reading-lines.tsx';

/** How fast deliveries were answered. */
export function AnswersCard({ period, readings }: { period: Period; readings: CallState<Readings> }) {
  return (
    <Card title="Answer latency" note="from the first byte of a delivery to its answer">
      <Loaded of={readings}>
        {(value) => (
          <>
            <ReadingLines
              label="Answer latency over time"
              period={period}
              points={value.points}
              series={[
                { name: 'p95', tone: 'blue', of: ({ answerMs }) => answerMs?.p95 ?? null },
                { name: 'median', tone: 'grey', of: ({ answerMs }) => answerMs?.p50 ?? null },
              ]}
              format={formatAnswerMs}
            />
            {value.answerMs === null ? (
              <OverviewNote>No deliveries in this period.</OverviewNote>
            ) : (
              <FactList>
                <Fact name="Median">{formatAnswerMs(value.answerMs.p50)}</Fact>
                <Fact name="p95">{formatAnswerMs(value.answerMs.p95)}</Fact>
                <Fact name="p99">{formatAnswerMs(value.answerMs.p99)}</Fact>
                <Fact name="Answered" href={hrefOf(paths.live(`after:${period.term}`))}>
                  {formatCount(value.answered)}
                </Fact>
              </FactList>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
