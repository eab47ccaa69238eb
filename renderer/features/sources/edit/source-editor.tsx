import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { call } from '../../../client/index.ts';
import { PaneBody } from '../../../domain/definition/definition-pane.tsx';
import { SaveBar } from '../../../domain/definition/save-bar.tsx';
import { paths } from '../../../model/app/paths.ts';
import type { Editing } from '../../../model/definitions/definition-editor.ts';
import { useDefinitionSave } from '../../../model/definitions/use-definition-save.ts';
import { fieldErrors } from '../../../ui/forms/field-errors.ts';
import {
  type SourceDraft,
  settingAt,
  shownFields,
  sourceDraftOf,
  sourceDraftProblems,
  sourceEditors,
  sourceInputOf,
} from '../model/source-draft.ts';
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
  const { draft } = editing;
  const problems = sourceDraftProblems(draft);

  const empty = shownFields(draft, preset).find(
    (field) =>
      field.required === true &&
      field.kind !== 'choice' &&
      field.kind !== 'boolean' &&
      (settingAt(draft, field.path) ?? '') === '',
  );
  const missing =
    draft.name.trim() === '' && draft.slug === ''
      ? 'Name is required.'
      : empty !== undefined
        ? `“${empty.label}” is required.`
        : Object.keys(problems).length > 0
          ? 'Some fields have errors.'
          : null;
  const input = () => sourceInputOf(draft, preset);
  const save = useDefinitionSave({
    title: 'Source',
    slug: source?.slug ?? null,
    editors: sourceEditors,
    editing,
    readOnly,
    missing,
    draftOf: sourceDraftOf,
    create: () => call('sources.create', input()),
    update: (version) => call('sources.update', { ...input(), enabled: source?.enabled ?? true, version }),
    get: (slug) => call('sources.get', { slug }),
    pathOf: paths.source,
    onSaved,
  });

  return (
    <>
      <PaneBody>
        <SourceForm
          draft={draft}
          preset={preset}
          isNew={source === null}
          readOnly={readOnly}
          errors={{
            ...(save.isRefused && empty !== undefined ? { [empty.path]: 'Required.' } : {}),
            ...(save.error === null ? {} : fieldErrors(save.error)),
            ...problems,
          }}
          onChange={save.change}
        />
      </PaneBody>
      {!readOnly && <SaveBar {...save.bar} createLabel="Create source" />}
    </>
  );
}
