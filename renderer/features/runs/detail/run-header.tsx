import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconX } from '@tabler/icons-react';
import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { outcomeHeading } from '../../../../shared/failures/failure-message.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { UnreadableNote } from '../../../domain/event/unreadable-note.tsx';
import { ProgressBar } from '../../../domain/run/progress-bar.tsx';
import { RunSteps } from '../../../domain/run/run-steps.tsx';
import { StateBadge } from '../../../domain/run/state-badge.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { whyOf } from '../../../model/runs/run-why.ts';
import { CopyButton } from '../../../ui/feedback/copy-button.tsx';
import { Kbd } from '../../../ui/text/kbd.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../runs.module.css';
import { RunTimings } from './run-timings.tsx';
import type { RunActions } from './use-run-actions.ts';

interface RunHeaderProps {
  run: RunDetail;
  actions: RunActions;
  isFull: boolean;
  onToggleFull: () => void;
  onClose: () => void;
}

export function RunHeader({ run, actions, isFull, onToggleFull, onClose }: RunHeaderProps) {
  const wide = isFull ? 'Show beside the list' : 'Expand';
  return (
    <header className={classes.head}>
      <div className={classes.headLine}>
        <StateBadge state={run.state} reason={run.reason} />
        <h2 className={classes.headTitle}>
          <a href={hrefOf(paths.job(run.job))}>{run.job}</a>
        </h2>
        <span className={classes.spacer} />
        <span className={classes.buttons}>
          {actions.canAcknowledge && (
            <PermittedButton
              needs="operate"
              onClick={actions.acknowledge}
              loading={actions.busy}
              rightSection={<Kbd keys="a" />}
            >
              Acknowledge
            </PermittedButton>
          )}
          {actions.canCancel ? (
            <PermittedButton
              needs="operate"
              variant="default"
              onClick={actions.cancel}
              disabled={actions.busy}
              rightSection={<Kbd keys="c" />}
            >
              Cancel
            </PermittedButton>
          ) : (
            <PermittedButton
              needs="operate"
              variant="default"
              onClick={actions.retry}
              disabled={actions.busy}
              rightSection={<Kbd keys="r" />}
            >
              Retry
            </PermittedButton>
          )}
          <Tooltip label={`${wide} (e)`}>
            <ActionIcon aria-label={wide} onClick={onToggleFull}>
              {isFull ? (
                <IconArrowsDiagonalMinimize2 size={16} stroke={1.6} />
              ) : (
                <IconArrowsDiagonal size={16} stroke={1.6} />
              )}
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Close (Esc)">
            <ActionIcon aria-label="Close the run" onClick={onClose}>
              <IconX size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </span>
      </div>

      <Says run={run} />
      <UnreadableNote parts={run.unreadable} />
      {run.steps !== null && (
        <div className={classes.plan}>
          <RunSteps steps={run.steps} />
        </div>
      )}

      <dl className={classes.facts}>
        <Fact name="Event">
          <a className={classes.mono} href={hrefOf(paths.event(run.eventId))}>
            {run.eventType}
          </a>
          <span className={classes.dim}> {run.source}</span>
        </Fact>
        <Fact name="Listener">
          {run.listener === null ? (
            <span className={classes.dim}>test run</span>
          ) : (
            <a href={hrefOf(paths.listener(run.listener))}>{run.listener}</a>
          )}
        </Fact>
        {run.attempt > 0 && (
          <Fact name="Attempt">
            {run.attempt} of {run.attempts}
          </Fact>
        )}
        {run.exitCode !== null && <Fact name="Exit code">{run.exitCode}</Fact>}
        {run.signal !== null && <Fact name="Signal">{run.signal}</Fact>}
        <Fact name="Run">
          <span className={classes.mono}>{run.id}</span>
          <CopyButton text={run.id} title="Copy run ID" />
        </Fact>
        {run.failureId !== undefined && (
          <Fact name="Failure">
            <a href={hrefOf(paths.failure(run.failureId))}>History of this failure</a>
          </Fact>
        )}
        {run.retryOf !== null && (
          <Fact name="Retry of">
            <RunLink id={run.retryOf} />
          </Fact>
        )}
        {run.retriedBy.length > 0 && (
          <Fact name="Retried by">
            {run.retriedBy.map((id, index) => (
              <span key={id}>
                {index > 0 && ', '}
                <RunLink id={id} />
              </span>
            ))}
          </Fact>
        )}
        {run.mode === 'background' && <Fact name="Mode">background</Fact>}
        {run.decidedAt !== null && (
          <Fact name={run.reason === 'rejected' ? 'Rejected' : 'Approved'}>
            <Timestamp at={run.decidedAt} />
            {run.decidedBy !== null && <> by {run.decidedBy}</>}
            {run.note !== null && run.acknowledgedAt === null && <span className={classes.note}> “{run.note}”</span>}
          </Fact>
        )}
        {run.acknowledgedAt !== null && (
          <Fact name="Acknowledged">
            <Timestamp at={run.acknowledgedAt} />
            {run.acknowledgedBy !== null && <> by {run.acknowledgedBy}</>}
            {run.note !== null && <span className={classes.note}> “{run.note}”</span>}
          </Fact>
        )}
      </dl>
      <RunTimings run={run} />
    </header>
  );
}

/** Ids are long and alike at their beginning: the end tells them apart. */
function RunLink({ id }: { id: string }) {
  return (
    <a className={classes.mono} href={hrefOf(paths.run(id))} title={id}>
      …{id.slice(-6)}
    </a>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** One line for every state, so that what stands below does not jump from run to run. */
function Says({ run }: { run: RunDetail }) {
  switch (run.state) {
    case 'failed':
      return <p className={classes.failure}>{run.error ?? whyOf(run)}</p>;
    case 'completed':
      return outcomeHeading(run.outcome) === null ? (
        <p className={classes.quiet}>Completed without an outcome</p>
      ) : (
        <p className={classes.saying}>{whyOf(run)}</p>
      );
    case 'canceled':
      return <p className={classes.saying}>{whyOf(run)}</p>;
    case 'running':
      return run.progress === null ? (
        <p className={classes.quiet}>Running</p>
      ) : (
        <div className={classes.says}>
          <ProgressBar progress={run.progress} />
        </div>
      );
    case 'pending':
      return <p className={classes.quiet}>Waiting for approval</p>;
    case 'interaction_required':
      return <p className={classes.saying}>{whyOf(run)}</p>;
    case 'queued':
      return (
        <p className={classes.quiet}>
          Queued
          {run.expiresAt !== null && (
            <>
              , until <TimeAgo at={run.expiresAt} />
            </>
          )}
        </p>
      );
    case 'scheduled':
      return (
        <p className={classes.quiet}>
          {run.attempt > 1 ? `Attempt ${run.attempt} starts` : 'Starts'}{' '}
          {run.dueAt === null ? 'soon' : <TimeAgo at={run.dueAt} />}
        </p>
      );
  }
}
