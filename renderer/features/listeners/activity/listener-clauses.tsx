import type { Conditions } from '../../../../shared/conditions/tree.ts';
import type { Listener } from '../../../../shared/contract/listeners.ts';
import type { ClauseSample } from '../../../../shared/contract/statistics.ts';
import type { Period } from '../../../domain/time/period-picker.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { statisticsDelayMs, useCall } from '../../../model/calls/use-call.ts';
import { queryOfReach } from '../../../model/events/reach-query.ts';
import { OverviewNote, OverviewSection, OverviewStatement } from '../../../ui/charts/fact-list.tsx';
import { ShareBars } from '../../../ui/charts/share-bars.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { formatCount, formatPercent } from '../../../ui/text/format.ts';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import { describeConditions } from '../model/describe-conditions.ts';

/** The clauses as they are numbered: the children of the outermost `all`, else the whole condition. */
const clausesOf = (where: Conditions): readonly Conditions[] => ('all' in where ? where.all : [where]);

/** Which clauses the latest events fail on. Nothing for a listener without conditions. */
export function ListenerClauses({ listener, period }: { listener: Listener; period: Period }) {
  const clauses = clausesOf(listener.where);
  const got = useCall(
    'listeners.statistics',
    clauses.length === 0 ? null : { slug: listener.slug, hours: period.hours },
    { reloadOn: ['events.added', 'listeners.changed'], keep: true, reloadDelayMs: statisticsDelayMs },
  );
  if (clauses.length === 0) return null;
  if (got.error !== null) return <ErrorState error={got.error} onRetry={got.reload} />;
  const sample = got.value;
  // After a change of the listener, until its clauses are sampled again.
  if (sample === undefined || sample.clauses.length !== clauses.length) return null;
  const missed = sample.events - sample.matched;
  const most = Math.max(0, ...sample.clauses.map(({ failed }) => failed));
  const worst = sample.clauses.findIndex(({ failed }) => failed === most);
  return (
    <OverviewSection title="Clauses" note={sampleText(sample)}>
      {missed === 0 ? (
        <OverviewNote>
          {sample.events === 0 ? 'No events to evaluate.' : 'All of these events match the current definition.'}
        </OverviewNote>
      ) : (
        <>
          <OverviewStatement>
            {`Of ${formatCount(missed)} that ${missed === 1 ? 'does' : 'do'} not match, ${formatPercent(most / missed)} ${
              missed === 1 ? 'fails' : 'fail'
            } on clause ${worst + 1}.`}
          </OverviewStatement>
          <ShareBars
            label="Failed clauses"
            tone="amber"
            bars={sample.clauses.map(({ failed, alone, eventId }, index) => ({
              key: String(index),
              name: `${index + 1}. ${describeConditions(clauses[index] ?? { all: [] })}`,
              ...(eventId === null
                ? {}
                : {
                    href: hrefOf(
                      paths.event(
                        eventId,
                        `${queryOfReach(listener)} -listener:${listener.slug} after:${period.term}`.trim(),
                      ),
                    ),
                  }),
              share: failed / missed,
              value: formatPercent(failed / missed),
              note: alone === 0 ? undefined : `${formatCount(alone)} on this alone`,
            }))}
          />
        </>
      )}
    </OverviewSection>
  );
}

function sampleText({ events, isCut, from }: ClauseSample) {
  if (!isCut) return `${formatCount(events)} ${events === 1 ? 'event' : 'events'} evaluated`;
  return (
    <>
      latest {formatCount(events)} events evaluated, since <Timestamp at={from} day />
    </>
  );
}
