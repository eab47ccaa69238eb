import type { RunRanking } from '../../../shared/contract/insights.ts';
import type { Period } from '../../domain/time/period-picker.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import type { CallState } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { OverviewNote } from '../../ui/charts/fact-list.tsx';
import { ShareBars } from '../../ui/charts/share-bars.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { Card, Loaded } from './card.tsx';

/** Which listeners' runs fail most. */
export function FailingCard({ period, ranking }: { period: Period; ranking: CallState<RunRanking> }) {
  const listeners = useCatalog((state) => state.listeners);
  const nameOf = (slug: string): string => listeners.find((listener) => listener.slug === slug)?.name ?? slug;
  return (
    <Card title="Failing listeners" note="failed runs">
      <Loaded of={ranking}>
        {({ failing }) =>
          failing.length === 0 ? (
            <OverviewNote>No failed runs in this period.</OverviewNote>
          ) : (
            <ShareBars
              label="Failed runs by listener"
              tone="red"
              bars={failing.map(({ listener, job, failed }) => ({
                key: `${listener ?? ''} ${job}`,
                name: listener === null ? `${job}, without a listener` : nameOf(listener),
                href: hrefOf(
                  paths.runs(
                    `job:${job}${listener === null ? '' : ` listener:${listener}`} is:failed after:${period.term}`,
                  ),
                ),
                share: failed / (failing[0]?.failed ?? failed),
                value: formatCount(failed),
                note: listener === null ? undefined : job,
              }))}
            />
          )
        }
      </Loaded>
    </Card>
  );
}
