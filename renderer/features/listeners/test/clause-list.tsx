import { IconCheck, IconX } from '@tabler/icons-react';
import type { ClauseVerdict } from '../../../../shared/contract/listeners.ts';
import { ClauseDifference } from '../../../domain/event/clause-difference.tsx';
import { briefJson } from '../../../ui/text/brief-json.ts';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from '../listeners.module.css';

/** A verdict in words, each clause with what was seen. */
export function ClauseList({ clauses }: { clauses: readonly ClauseVerdict[] }) {
  return (
    <ul className={classes.clauses}>
      {clauses.map((clause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two clauses may read the same, only the place tells them apart
        <li key={`${index}-${clause.text}`}>
          <span className={classes.clauseLine}>
            <span
              className={classes.verdict}
              data-passed={clause.passed}
              role="img"
              aria-label={clause.passed ? 'true' : 'false'}
            >
              {clause.passed ? <IconCheck size={13} stroke={2} /> : <IconX size={13} stroke={2} />}
            </span>
            <span className={classes.clauseText}>
              <VisibleText text={clause.text} />
              {clause.difference !== undefined ? (
                <span className={classes.clauseSeen}>
                  {' '}
                  <ClauseDifference difference={clause.difference} />
                </span>
              ) : (
                clause.seen !== undefined && (
                  <span className={classes.clauseSeen}>
                    {clause.seen.present ? (
                      <>
                        {' got '}
                        <VisibleText text={briefJson(clause.seen.value, 80)} />
                      </>
                    ) : (
                      ' not in the event'
                    )}
                  </span>
                )
              )}
            </span>
          </span>
          {clause.children !== undefined && clause.children.length > 0 && <ClauseList clauses={clause.children} />}
        </li>
      ))}
    </ul>
  );
}
