import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconUserQuestion, IconX } from '@tabler/icons-react';
import type { Run } from '../../../shared/contract/runs.ts';
import { outcomeHeading } from '../../../shared/failures/failure-message.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { RunApprovalPanel } from '../../domain/run/approval/run-approval-panel.tsx';
import { OutcomeCard } from '../../domain/run/outcome-card.tsx';
import { RunQuestionPanel } from '../../domain/run/question/run-question-panel.tsx';
import { RunFiles } from '../../domain/run/run-files.tsx';
import { RunSteps } from '../../domain/run/run-steps.tsx';
import { StateBadge } from '../../domain/run/state-badge.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useRunDetail } from '../../model/runs/run-detail.ts';
import { reasonText, whyOf } from '../../model/runs/run-why.ts';
import { JsonView } from '../../ui/code/json-view.tsx';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { NoteForm } from '../../ui/forms/note-form.tsx';
import { Duration } from '../../ui/text/duration.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import classes from './inbox.module.css';
import type { InboxGroup } from './model/inbox-rows.ts';
import { OutputTail } from './output-tail.tsx';

interface InboxDetailProps {
  run: Run;
  /** Set when the cursor is on the head of several runs: `run` is then the newest of them. */
  group: InboxGroup | null;
  busy: boolean;
  /** How many runs the buttons act on: the selection, or what is under the cursor. */
  count: number;
  /** Other runs are selected: keys are for them. */
  hasSelection: boolean;
  noteFor: readonly string[] | null;
  onAcknowledge: (note?: string) => void;
  onNote: () => void;
  onLeaveNote: () => void;
  onRetry: () => void;
  /** Of what is shown here, whatever is selected. */
  onRetryShown: () => void;
  onClose: () => void;
}

export function InboxDetail(props: InboxDetailProps) {
  const { run, group, noteFor, count } = props;
  const detail = useRunDetail(run.id);
  const known = detail.value;
  const isEnded = run.needsAttention === 'acknowledgement';
  return (
    <article className={classes.detail} aria-label={`Run of ${run.job}`}>
      <header className={classes.head}>
        <div className={classes.headLine}>
          <StateBadge state={run.state} reason={run.reason} />
          <h2 className={classes.title}>
            <a href={hrefOf(paths.job(run.job))}>{run.job}</a>
          </h2>
          <span className={classes.spacer} />
          {isEnded && (
            <span className={classes.actions}>
              <PermittedButton
                needs="operate"
                onClick={() => props.onAcknowledge()}
                disabled={count === 0}
                rightSection={<Kbd keys="a" />}
              >
                {count > 1 ? `Acknowledge ${formatCount(count)}` : 'Acknowledge'}
              </PermittedButton>
              <PermittedButton
                needs="operate"
                variant="default"
                onClick={props.onRetry}
                disabled={props.busy || count === 0}
                rightSection={<Kbd keys="r" />}
              >
                {count > 1 ? `Retry ${formatCount(count)}` : 'Retry'}
              </PermittedButton>
            </span>
          )}
          <Tooltip label="Close (Esc)">
            <ActionIcon aria-label="Close details" onClick={props.onClose}>
              <IconX size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      </header>
      <div className={classes.body}>
        {run.needsAttention === 'approval' ? (
          <RunApprovalPanel key={run.id} run={run} hasKeys={!props.hasSelection} />
        ) : run.question !== null ? (
          <RunQuestionPanel run={run} question={run.question} />
        ) : noteFor !== null ? (
          <NoteForm
            label={
              noteFor.length === 1
                ? 'Acknowledge with a note'
                : `Acknowledge ${formatCount(noteFor.length)} runs with a note`
            }
            placeholder="What was done"
            action="Acknowledge"
            onSave={props.onAcknowledge}
            onLeave={props.onLeaveNote}
          />
        ) : (
          <>
            {group !== null && <GroupLine group={group} />}
            <Headline run={run} />
          </>
        )}
        {run.steps !== null && <RunSteps steps={run.steps} />}
        <Facts run={run} />
        {run.outcome !== null && typeof run.outcome === 'object' && (
          <Section title="Outcome">
            <OutcomeCard run={run} onRetry={props.onRetryShown} withoutHeading={run.state === 'completed'} />
          </Section>
        )}
        {run.startedAt !== null && <RunFiles runId={run.id} />}
        {run.startedAt !== null && (
          <Section title="Last output" link={{ href: hrefOf(paths.run(run.id)), text: 'Full output' }}>
            <OutputTail run={run} />
          </Section>
        )}
        {known !== undefined && known.id === run.id && known.history.length > 1 && (
          <Section title="Attempts">
            <ol className={classes.attempts}>
              {known.history.map((attempt) => (
                <li key={attempt.attempt}>
                  <span className={classes.dim}>{attempt.attempt}</span>
                  <StateBadge state={attempt.state} reason={attempt.reason} />
                  <span className={classes.took}>
                    <Duration from={attempt.startedAt} to={attempt.finishedAt} />
                  </span>
                  <span className={classes.attemptWhy} title={attempt.error ?? ''}>
                    {attempt.error ?? reasonText(attempt)}
                  </span>
                </li>
              ))}
            </ol>
          </Section>
        )}
        <EventSection run={run} />
        {noteFor === null && isEnded && (
          <p className={classes.hint}>
            <button type="button" className={classes.noteButton} onClick={props.onNote}>
              Acknowledge with a note
            </button>{' '}
            <Kbd keys="shift+a" />
          </p>
        )}
      </div>
    </article>
  );
}

/** The whole error, or what the outcome says; JSON follows in its own section. */
function Headline({ run }: { run: Run }) {
  if (run.state === 'completed')
    return <p className={classes.headline}>{outcomeHeading(run.outcome) ?? 'Completed without an outcome'}</p>;
  return <p className={classes.failure}>{run.error ?? whyOf(run)}</p>;
}

function GroupLine({ group }: { group: InboxGroup }) {
  const oldest = group.runs.at(-1) ?? group.runs[0];
  return (
    <p className={classes.groupLine}>
      {formatCount(group.runs.length)} similar runs since <Timestamp at={oldest.finishedAt ?? oldest.queuedAt} />. The
      newest:
    </p>
  );
}

function Facts({ run }: { run: Run }) {
  return (
    <dl className={classes.facts}>
      <div>
        <dt>{run.finishedAt === null ? 'Received' : 'Ended'}</dt>
        <dd>
          <TimeAgo at={run.finishedAt ?? run.queuedAt} />
        </dd>
      </div>
      {run.startedAt !== null && (
        <div>
          <dt>{run.finishedAt === null ? 'Running for' : 'Took'}</dt>
          <dd className={classes.plain}>
            <Duration from={run.startedAt} to={run.finishedAt} />
          </dd>
        </div>
      )}
      {run.mode === 'background' && (
        <div>
          <dt>Mode</dt>
          <dd>background</dd>
        </div>
      )}
      {run.attempt > 0 && (
        <div>
          <dt>Attempt</dt>
          <dd>
            {run.attempt} of {run.attempts}
          </dd>
        </div>
      )}
      {run.exitCode !== null && (
        <div>
          <dt>Exit code</dt>
          <dd>{run.exitCode}</dd>
        </div>
      )}
      {run.failureId !== undefined && (
        <div>
          <dt>Failure</dt>
          <dd>
            <a href={hrefOf(paths.failure(run.failureId))} title="Notes, snooze and assign (h)">
              History
            </a>
          </dd>
        </div>
      )}
      {run.listener !== null && (
        <div>
          <dt>Listener</dt>
          <dd>
            <a href={hrefOf(paths.listener(run.listener))}>{run.listener}</a>
          </dd>
        </div>
      )}
      <div>
        <dt>Run</dt>
        <dd>
          <a className={classes.mono} href={hrefOf(paths.run(run.id))} title={run.id}>
            …{run.id.slice(-6)}
          </a>
        </dd>
      </div>
      {run.note !== null && (
        <div>
          <dt>Note</dt>
          <dd>{run.note}</dd>
        </div>
      )}
    </dl>
  );
}

function EventSection({ run }: { run: Run }) {
  const event = useCall('events.get', { id: run.eventId });
  return (
    <Section title="Event" link={{ href: hrefOf(paths.event(run.eventId)), text: 'Open in Live' }}>
      <p className={classes.eventLine}>
        <span className={classes.mono}>{run.eventType}</span> <span className={classes.dim}>from {run.source}</span>
        {event.value !== undefined && (
          <span className={classes.dim}>
            {' · '}
            <Timestamp at={event.value.receivedAt} />
          </span>
        )}
      </p>
      {event.error !== null ? (
        <p className={classes.dim}>{event.error.message}</p>
      ) : (
        event.value !== undefined && (
          <JsonView
            value={event.value.payload}
            label="Payload"
            // Who approves decides by it.
            maxHeight={run.needsAttention === 'approval' ? '480px' : '220px'}
          />
        )
      )}
    </Section>
  );
}

/** In place of the detail once only decisions are left: none of them is opened by itself. */
export function DecisionsLeft({ count, onReview }: { count: number; onReview: () => void }) {
  return (
    <EmptyState
      icon={IconUserQuestion}
      title={count === 1 ? '1 run is waiting for a decision' : `${formatCount(count)} runs are waiting for a decision`}
      action={
        <Button variant="default" onClick={onReview} rightSection={<Kbd keys="j" />}>
          Review the first run
        </Button>
      }
    >
      Decisions open only when you select them.
    </EmptyState>
  );
}

interface SectionProps {
  title: string;
  link?: { href: string; text: string };
  children: React.ReactNode;
}

function Section({ title, link, children }: SectionProps) {
  return (
    <section>
      <h3 className={classes.sectionTitle}>
        {title}
        <span className={classes.spacer} />
        {link !== undefined && <a href={link.href}>{link.text}</a>}
      </h3>
      {children}
    </section>
  );
}
