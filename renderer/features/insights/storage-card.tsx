import type { Readings } from '../../../shared/contract/insights.ts';
import type { Period } from '../../domain/time/period-picker.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import type { CallState } from '../../model/calls/use-call.ts';
import { Fact, FactList } from '../../ui/charts/fact-list.tsx';
import { formatBytes } from '../../ui/text/format.ts';
import { Card, Loaded } from './card.tsx';
import classes from './insights.module.css';
import { forecastText } from './model/forecast-text.ts';
import { ReadingLines } from './reading-lines.tsx';

/** How large the database is, how fast it grows, and what comes of it. */
export function StorageCard({ period, readings }: { period: Period; readings: CallState<Readings> }) {
  return (
    <Card title="Storage" note="size of the database">
      <Loaded of={readings}>
        {({ points, databaseBytes, freeBytes, growth }) => {
          const { text, isBad } = forecastText(growth, Date.now());
          return (
            <>
              <ReadingLines
                label="Database size over time"
                period={period}
                points={points}
                series={[{ name: 'database', tone: 'blue', of: (point) => point.databaseBytes }]}
                format={formatBytes}
                steps="binary"
              />
              <FactList>
                <Fact name="Database" href={hrefOf(paths.settings())}>
                  {formatBytes(databaseBytes)}
                </Fact>
                {freeBytes !== null && <Fact name="Free on disk">{formatBytes(freeBytes)}</Fact>}
                {growth.bytesPerDay !== null && (
                  <Fact name="Growth per day">{growth.bytesPerDay > 0 ? formatBytes(growth.bytesPerDay) : 'none'}</Fact>
                )}
              </FactList>
              <p className={classes.forecast} data-tone={isBad ? 'red' : undefined}>
                {text}
              </p>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
