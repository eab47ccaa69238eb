import { useMemo, useState } from 'react';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { call } from '../../client/index.ts';
import { SaveBar } from '../../domain/definition/save-bar.tsx';
import { paths } from '../../model/app/paths.ts';
import { batchProblems } from '../../model/definitions/batch-draft.ts';
import { clauseAt } from '../../model/definitions/condition-tree.ts';
import type { Editing } from '../../model/definitions/definition-editor.ts';
import {
  answeringProblems,
  checkWhere,
  type ListenerDraft,
  listenerDraftOf,
  listenerEditors,
  listenerInputOf,
} from '../../model/definitions/listener-draft.ts';
import { useDefinitionSave } from '../../model/definitions/use-definition-save.ts';
import { fieldErrors } from '../../ui/forms/field-errors.ts';
import { ListenerForm } from './listener-form.tsx';
import classes from './listeners.module.css';
import { useBacktest } from './model/use-backtest.ts';
import { useFieldWarnings } from './model/use-field-warnings.ts';
import { useListenerTest } from './model/use-listener-test.ts';
import { ListenerTest } from './test/listener-test.tsx';
import { TestSummary } from './test/test-summary.tsx';

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
  const { draft } = editing;
  const check = useMemo(() => checkWhere(draft.where), [draft.where]);
  const test = useListenerTest({ draft, slug, isComplete: check.errors.size === 0, eventId });
  // Compared with the saved definition: a new version is another comparison.
  const backtest = useBacktest(test.tried?.input ?? null, `${editing.version} ${test.tried?.signature ?? ''}`);

  const warnings = useFieldWarnings(draft);

  const [hasPendingFilter, setPendingFilter] = useState(false);
  const isAnswering = draft.answering.mode === 'enrich';
  const answerProblems = answeringProblems(draft.answering);
  const gatherProblems = isAnswering ? {} : batchProblems(draft.batch, 'listener');
  const problems = { ...answerProblems, ...gatherProblems };
  const missing =
    draft.name.trim() === '' && draft.slug === ''
      ? 'Name is required.'
      : draft.job === ''
        ? 'Choose a job.'
        : hasPendingFilter
          ? 'The pasted filter is not part of the conditions yet. Convert it or clear it.'
          : check.errors.size > 0
            ? 'Complete the conditions first.'
            : Object.keys(answerProblems).length > 0
              ? 'The answer settings have errors.'
              : Object.keys(gatherProblems).length > 0
                ? 'The batch settings have errors.'
                : null;
  const input = () => listenerInputOf(draft);
  const save = useDefinitionSave({
    title: 'Listener',
    slug,
    editors: listenerEditors,
    editing,
    readOnly,
    missing,
    draftOf: listenerDraftOf,
    create: () => call('listeners.create', input()),
    update: (version) => call('listeners.update', { ...input(), version }),
    get: (of) => call('listeners.get', { slug: of }),
    pathOf: paths.listener,
    onSaved,
  });

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
            warnings={warnings}
            verdicts={test.verdicts}
            event={test.event}
            onPendingFilter={setPendingFilter}
            onChange={save.change}
          />
        </div>
        <ListenerTest test={test} backtest={backtest} />
      </div>
      {!readOnly && (
        <SaveBar {...save.bar} createLabel="Create listener">
          <TestSummary test={test} backtest={backtest} />
        </SaveBar>
      )}
    </>
  );
}
