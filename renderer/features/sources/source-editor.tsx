import { useState } from 'react';
import type { PresetInfo, Source } from '../../../shared/contract/sources.ts';
import { AppError, call } from '../../client/index.ts';
import { PaneBody, SaveBar } from '../../components/definition-pane.tsx';
import { fieldErrors } from '../../components/field-errors.ts';
import { type Editing, newKey } from '../../stores/definition-editor.ts';
import { navigate } from '../../stores/navigation.ts';
import { paths } from '../../stores/paths.ts';
import { useShortcuts } from '../../stores/shortcuts.ts';
import {
  type SourceDraft,
  settingAt,
  shownFields,
  sourceDraftOf,
  sourceDraftProblems,
  sourceEditors,
  sourceInputOf,
} from '../../stores/sources-draft.ts';
import { useAction } from '../../stores/use-call.ts';
import { SourceForm } from './source-form.tsx';

interface SourceEditorProps {
  /** Null: not created yet. */
  source: Source | null;
  preset: PresetInfo;
  editing: Editing<SourceDraft>;
  readOnly: boolean;
  onSaved?: (source: Source) => void;
}

export function SourceEditor({ source, preset, editing, readOnly, onSaved }: SourceEditorProps) {
  const key = source?.slug ?? newKey;
  const { draft } = editing;
  const isDirty = sourceEditors.isDirty(editing);
  const problems = sourceDraftProblems(draft);

  const save = useAction(async () => {
    const input = sourceInputOf(draft, preset);
    if (source === null) {
      const created = await call('sources.create', input);
      sourceEditors.close(newKey);
      navigate(paths.source(created.slug), { replace: true });
      return;
    }
    try {
      const saved = await call('sources.update', {
        ...input,
        enabled: source.enabled,
        version: editing.version ?? 0,
      });
      sourceEditors.begin(key, sourceDraftOf(saved), saved.version);
      onSaved?.(saved);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'stale_version') throw error;
      const theirs = await call('sources.get', { slug: source.slug });
      sourceEditors.receive(key, sourceDraftOf(theirs), theirs.version);
      onSaved?.(theirs);
    }
  });

  const [attempted, setAttempted] = useState(false);
  const empty = shownFields(draft, preset).find(
    (field) =>
      field.required === true &&
      field.kind !== 'choice' &&
      field.kind !== 'boolean' &&
      (settingAt(draft, field.path) ?? '') === '',
  );
  const missing =
    draft.name.trim() === '' && draft.slug === ''
      ? 'It needs a name.'
      : empty !== undefined
        ? `“${empty.label}” is missing.`
        : Object.keys(problems).length > 0
          ? 'Something here is not right yet.'
          : null;
  const blocked = isDirty || source === null ? missing : null;
  const trySave = (): void => {
    setAttempted(true);
    if (blocked === null && (isDirty || source === null) && !save.busy) void save.run();
  };
  useShortcuts('Source', [{ keys: 'mod+s', label: 'Save', inInputs: true, enabled: !readOnly, run: trySave }]);

  return (
    <>
      <PaneBody>
        <SourceForm
          draft={draft}
          preset={preset}
          isNew={source === null}
          readOnly={readOnly}
          errors={{
            ...(attempted && blocked !== null && empty !== undefined ? { [empty.path]: 'It is missing.' } : {}),
            ...(save.error === null ? {} : fieldErrors(save.error)),
            ...problems,
          }}
          onChange={(edit) => {
            save.clear();
            sourceEditors.change(key, edit);
          }}
        />
      </PaneBody>
      {!readOnly && (
        <SaveBar
          isNew={source === null}
          isDirty={isDirty}
          busy={save.busy}
          blocked={attempted || source !== null ? blocked : null}
          error={save.error}
          createLabel="Create source"
          onSave={trySave}
          onRevert={() => {
            save.clear();
            sourceEditors.revert(key);
          }}
        />
      )}
    </>
  );
}
