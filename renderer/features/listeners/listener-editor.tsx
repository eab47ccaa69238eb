import { useMemo, useState } from 'react';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { AppError, call } from '../../client/index.ts';
import { SaveBar } from '../../components/definition-pane.tsx';
import { fieldErrors } from '../../components/field-errors.ts';
import { type Editing, newKey } from '../../stores/definition-editor.ts';
import {
  answeringProblems,
  checkWhere,
  type ListenerDraft,
  listenerDraftOf,
  listenerEditors,
  listenerInputOf,
} from '../../stores/listeners-draft.ts';
import { useListenerTest } from '../../stores/listeners-test.ts';
import { clauseAt } from '../../stores/listeners-tree.ts';
import { navigate } from '../../stores/navigation.ts';
import { paths } from '../../stores/paths.ts';
import { useShortcuts } from '../../stores/shortcuts.ts';
import { useAction } from '../../stores/use-call.ts';
import { ListenerForm } from './listener-form.tsx';
import { ListenerTest } from './listener-test.tsx';
import classes from './listeners.module.css';
import { TestSummary } from './test-summary.tsx';

interface ListenerEditorProps {
  /** Null: not created yet. */
  slug: string | null;
  editing: Editing<ListenerDraft>;
  readOnly: boolean;
  eventId: string | null;
  onSaved?: (listener: Listener) => void;
}

/** Form and test side by side; the test follows every keystroke, saved or not. */
export function ListenerEditor({ slug, editing, readOnly, eventId, onSaved }: ListenerEditorProps) {
  const key = slug ?? newKey;
  const { draft } = editing;
  const isDirty = listenerEditors.isDirty(editing);
  const check = useMemo(() => checkWhere(draft.where), [draft.where]);
  const test = useListenerTest({ draft, slug, isComplete: check.errors.size === 0, eventId, version: editing.version });

  const save = useAction(async () => {
    const input = listenerInputOf(draft);
    if (slug === null) {
      const created = await call('listeners.create', input);
      listenerEditors.close(newKey);
      navigate(paths.listener(created.slug), { replace: true });
      return;
    }
    try {
      const saved = await call('listeners.update', { ...input, version: editing.version ?? 0 });
      listenerEditors.begin(key, listenerDraftOf(saved), saved.version);
      onSaved?.(saved);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'stale_version') throw error;
      const theirs = await call('listeners.get', { slug });
      listenerEditors.receive(key, listenerDraftOf(theirs), theirs.version);
      onSaved?.(theirs);
    }
  });

  const [hasPendingFilter, setPendingFilter] = useState(false);
  const problems = answeringProblems(draft.answering);
  const missing =
    draft.name.trim() === '' && draft.slug === ''
      ? 'It needs a name.'
      : draft.job === ''
        ? 'Choose the job it runs.'
        : hasPendingFilter
          ? 'The pasted filter is not among the conditions yet: make it conditions, or clear it.'
          : check.errors.size > 0
            ? 'Complete the conditions first.'
            : Object.keys(problems).length > 0
              ? 'How it answers is not right yet.'
              : null;
  const blocked = isDirty || slug === null ? missing : null;
  const canSave = !readOnly && (isDirty || slug === null) && blocked === null && !save.busy;
  useShortcuts('Listener', [
    { keys: 'mod+s', label: 'Save', inInputs: true, enabled: !readOnly, run: () => canSave && void save.run() },
  ]);

  const [attempted, setAttempted] = useState(false);
  const errors = { ...(save.error === null ? {} : fieldErrors(save.error)), ...problems };
  const clauseErrors = new Map(check.errors);
  for (const { path, message } of save.error?.details ?? []) {
    const id = path[0] === 'where' ? clauseAt(check.ids, path.slice(1)) : undefined;
    if (id !== undefined && !clauseErrors.has(id)) clauseErrors.set(id, message);
  }

  return (
    <>
      <div className={classes.work}>
        <div className={classes.form}>
          <ListenerForm
            draft={draft}
            isNew={slug === null}
            readOnly={readOnly}
            errors={errors}
            clauseErrors={clauseErrors}
            verdicts={test.verdicts}
            event={test.event}
            onPendingFilter={setPendingFilter}
            onChange={(edit) => {
              save.clear();
              listenerEditors.change(key, edit);
            }}
          />
        </div>
        <ListenerTest test={test} />
      </div>
      {!readOnly && (
        <SaveBar
          isNew={slug === null}
          isDirty={isDirty}
          busy={save.busy}
          blocked={attempted || slug !== null ? blocked : null}
          error={save.error}
          createLabel="Create listener"
          onSave={() => {
            setAttempted(true);
            if (blocked === null) void save.run();
          }}
          onRevert={() => {
            save.clear();
            listenerEditors.revert(key);
          }}
        >
          <TestSummary test={test} />
        </SaveBar>
      )}
    </>
  );
}
