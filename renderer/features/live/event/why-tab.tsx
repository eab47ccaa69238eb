import { IconCheck, IconChevronRight, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { ClauseVerdict, Verdict } from '../../../../shared/contract/listeners.ts';
import { ClauseDifference } from '../../../domain/event/clause-difference.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { ToneBadge } from '../../../ui/feedback/tone-badge.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { briefJson } from '../../../ui/text/brief-json.ts';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from './why.module.css';

const groupWords: Partial<Record<ClauseVerdict['kind'], string>> = { all: 'all of', any: 'any of', not: 'not' };

function Clause({ clause }: { clause: ClauseVerdict }) {
  const children = clause.children ?? [];
  return (
    <li>
      <div className={classes.clause} data-passed={clause.passed}>
        <span className={classes.mark} role="img" aria-label={clause.passed ? 'passes' : 'fails'}>
          {clause.passed ? <IconCheck size={12} stroke={2.4} /> : <IconX size={12} stroke={2.4} />}
        </span>
        <span className={classes.text}>
          {(children.length > 0 && groupWords[clause.kind]) || <VisibleText text={clause.text} />}
          {clause.difference !== undefined ? (
            <span className={classes.seen}>
              <ClauseDifference difference={clause.difference} />
            </span>
          ) : (
            clause.seen !== undefined && (
              <span className={classes.seen}>
                {clause.seen.present ? (
                  <>
                    got{' '}
                    <code>
                      <VisibleText text={briefJson(clause.seen.value, 120)} />
                    </code>
                  </>
                ) : (
                  'not in the event'
                )}
              </span>
            )
          )}
        </span>
      </div>
      {children.length > 0 && <Clauses clauses={children} />}
    </li>
  );
}

function Clauses({ clauses }: { clauses: readonly ClauseVerdict[] }) {
  return (
    <ul className={classes.clauses}>
      {clauses.map((clause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the clauses of a verdict never move
        <Clause key={index} clause={clause} />
      ))}
    </ul>
  );
}

function summary(verdict: Verdict): string {
  if (verdict.matched) return verdict.shadow === true ? 'matched, in shadow' : 'matched';
  return verdict.distance === 1 ? 'one clause away' : `${verdict.distance} clauses away`;
}

function OneVerdict({ verdict, startsOpen }: { verdict: Verdict; startsOpen: boolean }) {
  const [isOpen, setOpen] = useState(startsOpen);
  return (
    <section className={classes.verdict}>
      <div className={classes.head}>
        <button type="button" className={classes.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <IconChevronRight size={14} stroke={1.8} className={classes.chevron} data-open={isOpen} />
          <span className={classes.name}>{verdict.name}</span>
        </button>
        {verdict.state !== 'active' && <ToneBadge tone="grey">{verdict.state}</ToneBadge>}
        <span>
          <ToneBadge
            tone={
              verdict.matched ? (verdict.shadow === true ? 'blue' : 'green') : verdict.distance === 1 ? 'amber' : 'grey'
            }
          >
            {summary(verdict)}
          </ToneBadge>
        </span>
        <a href={hrefOf(paths.listener(verdict.listener))}>open</a>
      </div>
      {isOpen && <Clauses clauses={verdict.clauses} />}
    </section>
  );
}

/** Every listener's verdict on the event, as the app orders them: matches first, then the nearest miss. */
export function WhyTab({ eventId }: { eventId: string }) {
  const verdicts = useCall('listeners.explain', { eventId }, { reloadOn: ['listeners.changed'] });
  if (verdicts.error !== null && verdicts.value === undefined) {
    return <ErrorState error={verdicts.error} onRetry={verdicts.reload} />;
  }
  if (verdicts.value === undefined) return <LoadingRows rows={8} />;
  const { items } = verdicts.value;
  if (items.length === 0) {
    return (
      <EmptyState
        title="No listeners yet"
        action={<a href={hrefOf(paths.newListener({ event: eventId }))}>Create from this event</a>}
      />
    );
  }
  const nearest = items.findIndex((verdict) => !verdict.matched);
  return (
    <div>
      <p className={classes.note}>Evaluated against current listeners. See Runs for what ran.</p>
      {items.map((verdict, index) => (
        <OneVerdict key={verdict.listener} verdict={verdict} startsOpen={verdict.matched || index === nearest} />
      ))}
    </div>
  );
}
