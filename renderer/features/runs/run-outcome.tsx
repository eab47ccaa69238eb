import type { RunDetail } from '../../../shared/contract/runs.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { hrefOf, paths } from '../../stores/paths.ts';
import { isFinished } from '../../stores/runs-filter.ts';
import classes from './runs.module.css';

export function RunOutcome({ run }: { run: RunDetail }) {
  const { outcome } = run;
  if (outcome === null) {
    return isFinished(run.state) ? (
      <EmptyState title="This run left no outcome">
        A script returns one; a command writes JSON to the file that $SIGNALBOX_OUTCOME_PATH names.
      </EmptyState>
    ) : (
      <EmptyState title="No outcome yet">It comes when the run ends.</EmptyState>
    );
  }
  const isText = typeof outcome === 'string';
  return (
    <div className={classes.sheet}>
      {isText ? <p className={classes.outcomeText}>{outcome}</p> : <JsonView value={outcome} label="Outcome" />}
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
