import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { FailureDetail, FailureEntry } from '../../../shared/contract/failures.ts';
import { call } from '../../client/index.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { useAction } from '../../errors/use-action.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { Kbd } from '../../ui/text/kbd.tsx';
import { Markdown } from '../../ui/text/markdown.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import classes from './failures.module.css';

/** Notes, and what was done about it: the latest first. */
export function FailureHistory({ failure }: { failure: FailureDetail }) {
  return (
    <section>
      <h3 className={classes.sectionTitle}>Notes and history</h3>
      <NewNote key={failure.id} id={failure.id} />
      <ol className={classes.entries}>
        {[...failure.entries].reverse().map((entry) => (
          <li key={`${entry.at} ${entry.kind} ${entry.by}`} className={classes.entry}>
            <div className={classes.entryLine}>
              <span>
                <b>{entry.by ?? 'Signalbox'}</b> {said(entry)}
                {entry.runId !== null && (
                  <>
                    {' · '}
                    <a href={hrefOf(paths.run(entry.runId))}>Show run</a>
                  </>
                )}
              </span>
              <Timestamp at={entry.at} day />
            </div>
            {entry.text !== null && (
              <div className={classes.noteText}>
                <Markdown text={entry.text} />
              </div>
            )}
          </li>
        ))}
        <li className={classes.entry}>
          <div className={classes.entryLine}>
            <span>First seen</span>
            <Timestamp at={failure.firstSeenAt} day />
          </div>
        </li>
      </ol>
    </section>
  );
}

function said(entry: FailureEntry): string {
  switch (entry.kind) {
    case 'note':
      return 'added a note';
    case 'acknowledged':
      return 'acknowledged it';
    case 'resolved':
      return 'resolved it';
    case 'reopened':
      return 'reopened it';
    case 'regressed':
      return 'reopened it as a regression';
    case 'woke':
      return 'ended the snooze';
    case 'assigned':
      return entry.assignee === null ? 'unassigned it' : `assigned it to ${entry.assignee}`;
    case 'snoozed':
      return `snoozed it ${snoozeEnd(entry)}`;
  }
}

/** When a snooze ends: the first of what was asked for. */
export function snoozeEnd({ until, more, onChange }: Pick<FailureEntry, 'until' | 'more' | 'onChange'>): string {
  const ends = [
    ...(until === null
      ? []
      : [`until ${new Date(until).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}`]),
    ...(more === null ? [] : [`until ${more} more ${more === 1 ? 'run fails' : 'runs fail'}`]),
    ...(onChange ? ['until its listener or job changes'] : []),
  ];
  return ends.join(', or ');
}

function NewNote({ id }: { id: string }) {
  const [text, setText] = useState('');
  const save = useAction(async () => {
    await call('failures.note', { id, text: text.trim() });
    setText('');
  });
  const canSave = text.trim() !== '' && !save.busy;
  return (
    <form
      className={classes.newNote}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) void save.run();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat && canSave) void save.run();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <Textarea
        aria-label="Note"
        placeholder="Add a note (Markdown)"
        autosize
        minRows={1}
        maxRows={8}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {text.trim() !== '' && (
        <PermittedButton
          needs="operate"
          type="submit"
          variant="default"
          loading={save.busy}
          rightSection={<Kbd keys="mod+enter" />}
        >
          Add note
        </PermittedButton>
      )}
      <InlineError error={save.error} />
    </form>
  );
}
