import { Button } from '@mantine/core';
import type { Run } from '../../../shared/contract/runs.ts';
import { hrefOf } from '../../model/app/paths.ts';
import { useStatus } from '../../model/app/status.ts';
import { type NextStep, readOutcome } from '../../model/runs/run-outcome.ts';
import { JsonView } from '../../ui/code/json-view.tsx';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { Mono } from '../../ui/text/mono.tsx';
import { PermittedButton } from '../access/permitted-button.tsx';
import classes from './outcome-card.module.css';
import { RunFileButton } from './run-files.tsx';

interface OutcomeCardProps {
  run: Pick<Run, 'id' | 'outcome' | 'state'>;
  onRetry: () => void;
  /** Beside a headline that says the same. */
  withoutHeading?: boolean;
}

/** What came of a run, for people: heading, message and what to do next. Data only is shown as data. */
export function OutcomeCard({ run, onRetry, withoutHeading = false }: OutcomeCardProps) {
  const { outcome } = run;
  const readable = readOutcome(outcome);
  if (readable === null) {
    return typeof outcome === 'string' ? (
      <p className={classes.message}>{outcome}</p>
    ) : (
      <JsonView value={outcome} label="Outcome" maxHeight="320px" />
    );
  }
  const { heading, message, next } = readable;
  return (
    <div className={classes.card}>
      {heading !== null && !withoutHeading && <p className={classes.heading}>{heading}</p>}
      {message !== null && <p className={classes.message}>{message}</p>}
      {next !== null && <Next runId={run.id} next={next} onRetry={onRetry} />}
      <details className={classes.raw}>
        <summary>As JSON</summary>
        <JsonView value={outcome} label="Outcome" maxHeight="320px" />
      </details>
    </div>
  );
}

function Outside({ next }: { next: Extract<NextStep, { kind: 'link' }> }) {
  const isDesktop = useStatus((state) => state.status?.mode === 'desktop');
  const { protocol, host } = new URL(next.url);
  // The window hands nothing but https to the person's browser: a button that does nothing would be a riddle.
  if (isDesktop && protocol !== 'https:') {
    return (
      <span className={classes.next}>
        <span className={classes.where}>{next.label}</span> <Mono>{next.url}</Mono>
        <CopyButton text={next.url} title="Copy address" />
      </span>
    );
  }
  return (
    <span className={classes.next}>
      <Button
        component="a"
        variant="default"
        href={next.url}
        target="_blank"
        rel="noreferrer noopener"
        download={next.isDownload ? '' : undefined}
      >
        {next.label}
      </Button>
      <span className={classes.where}>{host}</span>
    </span>
  );
}

function Next({ runId, next, onRetry }: { runId: string; next: NextStep; onRetry: () => void }) {
  switch (next.kind) {
    case 'link':
      return <Outside next={next} />;
    case 'page':
      return (
        <span className={classes.next}>
          <Button component="a" variant="default" href={hrefOf(next.path)}>
            {next.label}
          </Button>
        </span>
      );
    case 'retry':
      return (
        <span className={classes.next}>
          <PermittedButton needs="operate" variant="default" onClick={onRetry}>
            {next.label}
          </PermittedButton>
        </span>
      );
    case 'id':
      return (
        <span className={classes.next}>
          <span className={classes.where}>{next.label}</span> <Mono>{next.id}</Mono>
          <CopyButton text={next.id} title="Copy ID" />
        </span>
      );
    case 'file':
      return (
        <span className={classes.next}>
          <RunFileButton runId={runId} name={next.name} label={next.label} />
        </span>
      );
    case 'files':
    case 'wait':
      return null;
  }
}
