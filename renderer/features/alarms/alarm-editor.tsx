import type { Alarm } from '../../../shared/contract/alarms.ts';
import { call } from '../../client/index.ts';
import { PaneBody } from '../../domain/definition/definition-pane.tsx';
import { SaveBar } from '../../domain/definition/save-bar.tsx';
import { paths } from '../../model/app/paths.ts';
import type { Editing } from '../../model/definitions/definition-editor.ts';
import { useDefinitionSave } from '../../model/definitions/use-definition-save.ts';
import { fieldErrors } from '../../ui/forms/field-errors.ts';
import { AlarmForm } from './alarm-form.tsx';
import { AlarmTest } from './alarm-test.tsx';
import { type AlarmDraft, alarmDraftOf, alarmDraftProblems, alarmEditors, alarmInputOf } from './model/alarm-draft.ts';

interface AlarmEditorProps {
  /** Null: not created yet. */
  alarm: Alarm | null;
  editing: Editing<AlarmDraft>;
  readOnly: boolean;
  onSaved?: (alarm: Alarm) => void;
}

/** The app names fields of the condition; the form has one for each. */
const fieldOf: Readonly<Record<string, string>> = {
  'when.source': 'source',
  'when.job': 'job',
  'when.listener': 'listener',
  'when.after': 'time',
  'when.window': 'window',
  'when.minimum': 'minimum',
};

function errorsOf(errors: Record<string, string>, kind: AlarmDraft['kind']): Record<string, string> {
  const above = kind === 'queue_age' ? 'time' : kind === 'store_growth' ? 'size' : 'percent';
  return Object.fromEntries(
    Object.entries(errors).map(([path, message]) => {
      if (path === 'when.above') return [above, message];
      if (path === 'when.below') return ['size', message];
      return [path.startsWith('notify') ? 'notify' : (fieldOf[path] ?? path), message];
    }),
  );
}

export function AlarmEditor({ alarm, editing, readOnly, onSaved }: AlarmEditorProps) {
  const { draft } = editing;
  const problems = alarmDraftProblems(draft);
  const missing =
    draft.name.trim() === '' && draft.slug === ''
      ? 'Name is required.'
      : Object.keys(problems).length > 0
        ? 'Some fields have errors.'
        : null;
  const input = () => ({ ...alarmInputOf(draft), ...(alarm?.enabled === false ? { enabled: false } : {}) });
  const save = useDefinitionSave({
    title: 'Alarm',
    slug: alarm?.slug ?? null,
    editors: alarmEditors,
    editing,
    readOnly,
    missing,
    draftOf: alarmDraftOf,
    create: () => call('alarms.create', input()),
    update: (version) => call('alarms.update', { ...input(), version }),
    get: (slug) => call('alarms.get', { slug }),
    pathOf: paths.alarm,
    onSaved,
  });
  const said = save.error === null ? {} : errorsOf(fieldErrors(save.error), draft.kind);
  return (
    <>
      <PaneBody>
        <AlarmForm
          draft={draft}
          isNew={alarm === null}
          readOnly={readOnly}
          errors={{ ...said, ...(save.isRefused || alarm !== null ? problems : {}) }}
          onChange={save.change}
        />
        <AlarmTest draft={draft} />
      </PaneBody>
      {!readOnly && <SaveBar {...save.bar} createLabel="Create alarm" />}
    </>
  );
}
