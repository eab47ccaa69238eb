import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { AnswerView } from '../../../domain/run/answer-view.tsx';
import { OutcomeCard } from '../../../domain/run/outcome-card.tsx';
import { RunFiles } from '../../../domain/run/run-files.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { readHttpAnswer } from '../../../model/runs/http-answer.ts';
import { isFinished } from '../../../model/runs/runs-filter.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import classes from '../runs.module.css';

export function RunOutcome({ run, onRetry }: { run: RunDetail; onRetry: () => void }) {
  const { outcome } = run;
  if (outcome === null) {
    return (
      <div className={classes.sheet}>
        <RunFiles runId={run.id} />
        {isFinished(run.state) ? (
          <EmptyState title="No outcome">
            Scripts return one; commands write JSON to the file named by $SIGNALBOX_OUTCOME_PATH.
          </EmptyState>
        ) : (
          <EmptyState title="No outcome yet">Available when the run ends.</EmptyState>
        )}
      </div>
    );
  }
  const answer = readHttpAnswer(outcome);
  return (
    <div className={classes.sheet}>
      {answer === null ? (
        <OutcomeCard run={run} onRetry={onRetry} />
      ) : (
        <AnswerView job={run.job} runId={run.id} answer={answer} />
      )}
      <RunFiles runId={run.id} />
      {run.causes.length > 0 && (
        <section>
          <h3 className={classes.sectionTitle}>Events it raised</h3>
          <ul className={classes.plainList}>
            {run.causes.map((cause) => (
              <li key={cause.id}>
                <a className={classes.mono} href={hrefOf(paths.event(cause.id))}>
                  {cause.type}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
