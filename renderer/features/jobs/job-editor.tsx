import type { Job } from '../../../shared/contract/jobs.ts';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { call } from '../../client/index.ts';
import { PaneBody, SaveBar } from '../../components/definition-pane.tsx';
import { fieldErrors } from '../../components/field-errors.ts';
import type { Editing } from '../../stores/definition-editor.ts';
import { type JobDraft, jobDraftOf, jobDraftProblems, jobEditors, jobInputOf } from '../../stores/jobs-draft.ts';
import { paths } from '../../stores/paths.ts';
import { useDefinitionSave } from '../../stores/use-definition-save.ts';
import { JobForm } from './job-form.tsx';

interface JobEditorProps {
  /** Null: not created yet. */
  job: Job | null;
  editing: Editing<JobDraft>;
  readOnly: boolean;
  users?: readonly Listener[];
  onSaved?: (job: Job) => void;
}

export function JobEditor({ job, editing, readOnly, users = [], onSaved }: JobEditorProps) {
  const { draft } = editing;
  const problems = jobDraftProblems(draft);

  const input = jobInputOf(draft);
  const missing =
    draft.name.trim() === '' && draft.slug === ''
      ? 'Name is required.'
      : input.kind === 'command' && input.command.length === 0
        ? 'Command is required.'
        : input.kind === 'script' && input.file === ''
          ? 'File is required.'
          : Object.keys(problems).length > 0
            ? 'Some fields have errors.'
            : null;
  const save = useDefinitionSave({
    title: 'Job',
    slug: job?.slug ?? null,
    editors: jobEditors,
    editing,
    readOnly,
    missing,
    draftOf: jobDraftOf,
    create: () => call('jobs.create', input),
    update: (version) => call('jobs.update', { ...input, version }),
    get: (slug) => call('jobs.get', { slug }),
    pathOf: paths.job,
    onSaved,
  });

  return (
    <>
      <PaneBody>
        <JobForm
          draft={draft}
          isNew={job === null}
          readOnly={readOnly}
          errors={{ ...(save.error === null ? {} : fieldErrors(save.error)), ...problems }}
          users={users}
          onChange={save.change}
        />
      </PaneBody>
      {!readOnly && <SaveBar {...save.bar} createLabel="Create job" />}
    </>
  );
}
