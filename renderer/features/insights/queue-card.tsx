import type { Readings } from '../../../shared/contract/insights.ts';
import type { Period } from '../../domain/time/period-picker.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import type { CallState } from '../../model/calls/use-call.ts';
import { Fact, FactList } from '../../ui/charts/fact-list.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { Card, Loaded } from './card.tsx';
import { ReadingLines } from './reading-lines.tsx';

/** How many runs wait for their turn. */
export function QueueCard({ period, readings }: { period: Period; readings: CallState<Readings> }) {
  return (
    <Card title="Queue" note="read every five minutes">
      <Loaded of={readings}>
        {(value) => (
          <>
            <ReadingLines
              label="Queued runs over time"
              period={period}
              points={value.points}
              series={[
                { name: 'queued', tone: 'amber', of: ({ waiting }) => waiting },
                { name: 'running', tone: 'blue', of: ({ running }) => running },
              ]}
              format={formatCount}
              steps="whole"
            />
            <FactList>
              <Fact name="Queued now" href={hrefOf(paths.runs('', { state: ['queued'] }))}>
                {formatCount(value.waiting)}
              </Fact>
              <Fact name="Running now" href={hrefOf(paths.runs('', { state: ['running'] }))}>
                {formatCount(value.running)}
              </Fact>
            </FactList>
          </>
        )}
      </Loaded>
    </Card>
  );
}
