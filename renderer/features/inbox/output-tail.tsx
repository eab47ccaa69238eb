import type { Run } from '../../../shared/contract/runs.ts';
import { useRunOutput } from '../../model/runs/follow-output.ts';
import { AnsiText } from '../../ui/ansi/ansi-text.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import classes from './inbox.module.css';

const shownLines = 14;

/** The last lines a run wrote: what most often says why it failed. */
export function OutputTail({ run }: { run: Run }) {
  const { output, error } = useRunOutput(run, run.attempt);
  if (error !== null) return <InlineError error={error} />;
  const lines = output.lines.slice(-shownLines);
  return (
    <section
      className={classes.tail}
      aria-label="Last output"
      aria-busy={output.phase === 'loading'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard must reach it
      tabIndex={0}
    >
      {lines.length === 0
        ? output.phase === 'ready' && (
            <span className={classes.dim}>{run.finishedAt === null ? 'No output yet.' : 'No output.'}</span>
          )
        : lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no key of their own, and their order is fixed
            <div key={index} className={classes.tailLine} data-stream={line.stream}>
              {line.text === '' ? ' ' : line.stream === 'system' ? line.text : <AnsiText text={line.text} />}
            </div>
          ))}
    </section>
  );
}
