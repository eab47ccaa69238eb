import { useState } from 'react';
import type { Job } from '../../../shared/contract/jobs.ts';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { AppError, call } from '../../client/index.ts';
import { PaneBody, SaveBar } from '../../components/definition-pane.tsx';
import { fieldErrors } from '../../components/field-errors.ts';
import { type Editing, newKey } from '../../stores/definition-editor.ts';
import { type JobDraft, jobDraftOf, jobDraftProblems, jobEditors, jobInputOf } from '../../stores/jobs-draft.ts';
import { navigate } from '../../stores/navigation.ts';
import { paths } from '../../stores/paths.ts';
import { useShortcuts } from '../../stores/shortcuts.ts';
import { useAction } from '../../stores/use-call.ts';
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
  const key = job?.slug ?? newKey;
  const { draft } = editing;
  const isDirty = jobEditors.isDirty(editing);
  const problems = jobDraftProblems(draft);

  const save = useAction(async () => {
    const input = jobInputOf(draft);
    if (job === null) {
      const created = await call('jobs.create', input);
      jobEditors.close(newKey);
      navigate(paths.job(created.slug), { replace: true });
      return;
    }
    try {
      const saved = await call('jobs.update', { ...input, version: editing.version ?? 0 });
      jobEditors.begin(key, jobDraftOf(saved), saved.version);
      onSaved?.(saved);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'stale_version') throw error;
      const theirs = await call('jobs.get', { slug: job.slug });
      jobEditors.receive(key, jobDraftOf(theirs), theirs.version);
      onSaved?.(theirs);
    }
  });

  const input = jobInputOf(draft);
  const missing =
    draft.name.trim() === '' && draft.slug === ''
      ? 'It needs a name.'
      : input.kind === 'command' && input.command.length === 0
        ? 'Say which command it runs.'
        : input.kind === 'script' && input.file === ''
          ? 'Say which file it runs.'
          : Object.keys(problems).length > 0
            ? 'Something here is not right yet.'
            : null;
  const [attempted, setAttempted] = useState(false);
  const blocked = isDirty || job === null ? missing : null;
  const trySave = (): void => {
    setAttempted(true);
    if (blocked === null && (isDirty || job === null) && !save.busy) void save.run();
  };
  useShortcuts('Job', [{ keys: 'mod+s', label: 'Save', inInputs: true, enabled: !readOnly, run: trySave }]);

  return (
    <>
      <PaneBody>
        <JobForm
          draft={draft}
          isNew={job === null}
          readOnly={readOnly}
          errors={{ ...(save.error === null ? {} : fieldErrors(save.error)), ...problems }}
          users={users}
          onChange={(edit) => {
            save.clear();
            jobEditors.change(key, edit);
          }}
        />
      </PaneBody>
      {!readOnly && (
        <SaveBar
          isNew={job === null}
          isDirty={isDirty}
          busy={save.busy}
          blocked={attempted || job !== null ? blocked : null}
          error={save.error}
          createLabel="Create job"
          onSave={trySave}
          onRevert={() => {
            save.clear();
            jobEditors.revert(key);
          }}
        />
      )}
    </>
  );
}
