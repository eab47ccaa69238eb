import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { StateBadge } from '../../../domain/run/state-badge.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useRunOutput } from '../../../model/runs/follow-output.ts';
import { useRunDetail } from '../../../model/runs/run-detail.ts';
import { isFinished } from '../../../model/runs/runs-filter.ts';
import { cancelRun } from '../../../model/runs/runs-list.ts';
import { AnsiText } from '../../../ui/ansi/ansi-text.tsx';
import { JsonView } from '../../../ui/code/json-view.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { Duration } from '../../../ui/text/duration.tsx';
import classes from '../jobs.module.css';

const shownLines = 200;

/** A run, live, as small as can be; everything else about it is on its own page. */
export function JobTestRun({ id }: { id: string }) {
  const got = useRunDetail(id);
  if (got.value !== undefined) return <Shown run={got.value} />;
  if (got.error !== null)
    return <ErrorState error={got.error} title="The run could not be loaded" onRetry={got.reload} />;
  return <div className={classes.runBox} aria-busy="true" />;
}

function Shown({ run }: { run: RunDetail }) {
  const { output, error } = useRunOutput(run, Math.max(1, run.attempt));
  const cancel = useAction(() => cancelRun(run.id));
  const end = useRef<HTMLDivElement>(null);
  const isOver = isFinished(run.state);
  const lines = output.lines.slice(-shownLines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line moves the end
  useEffect(() => {
    const box = end.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  }, [output.lines]);

  return (
    <section className={classes.runBox} aria-label="Test run">
      <header className={classes.runHead}>
        <StateBadge state={run.state} reason={run.reason} />
        <span className={classes.quiet}>
          <Duration from={run.startedAt} to={run.finishedAt} />
        </span>
        {run.attempts > 1 && (
          <span className={classes.quiet}>
            attempt {Math.max(1, run.attempt)} of {run.attempts}
          </span>
        )}
        {run.state === 'running' && run.progress !== null && (
          <span className={classes.progress}>
            {run.progress.percent !== null && (
              <progress max={100} value={run.progress.percent} aria-label="Progress" className={classes.progressBar} />
            )}
            {run.progress.message}
          </span>
        )}
        <span className={classes.spacer} />
        {!isOver && (
          <Button variant="default" size="compact-xs" loading={cancel.busy} onClick={() => void cancel.run()}>
            Cancel
          </Button>
        )}
        <a className={classes.runLink} href={hrefOf(paths.run(run.id))}>
          Open the run
        </a>
      </header>
      {run.error !== null && (
        <div className={classes.runError}>
          <InlineError message={run.error} />
        </div>
      )}
      <InlineError error={error ?? cancel.error} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard */}
      <div ref={end} className={classes.output} role="log" aria-label="Output" tabIndex={0}>
        {output.lines.length > lines.length && (
          <div className={classes.outputNote}>
            … {output.lines.length - lines.length} earlier lines: open the run to see them
          </div>
        )}
        {lines.length === 0 && <div className={classes.outputNote}>{isOver ? 'No output.' : 'No output yet.'}</div>}
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name but their place
          <div key={index} className={classes.outputLine} data-stream={line.stream}>
            {line.text === '' ? ' ' : <AnsiText text={line.text} />}
          </div>
        ))}
      </div>
      {run.outcome !== null && (
        <div className={classes.outcome}>
          <span className={classes.outcomeTitle}>Outcome</span>
          <JsonView value={run.outcome} label="Outcome" maxHeight="180px" />
        </div>
      )}
    </section>
  );
}
