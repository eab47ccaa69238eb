import type { Job } from '../../../../shared/contract/jobs.ts';
import type { Listener } from '../../../../shared/contract/listeners.ts';
import { call } from '../../../client/index.ts';
import { PaneBody } from '../../../domain/definition/definition-pane.tsx';
import { SaveBar } from '../../../domain/definition/save-bar.tsx';
import { paths } from '../../../model/app/paths.ts';
import type { Editing } from '../../../model/definitions/definition-editor.ts';
import { useDefinitionSave } from '../../../model/definitions/use-definition-save.ts';
import { fieldErrors } from '../../../ui/forms/field-errors.ts';
import { type JobDraft, jobDraftOf, jobDraftProblems, jobEditors, jobInputOf } from '../model/job-draft.ts';
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
          : input.kind === 'http' && input.url === ''
            ? 'URL is required.'
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
