import { SegmentedControl, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { jobDefaults } from '../../../shared/contract/jobs.ts';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { errorUnder } from '../../components/field-errors.ts';
import { FormRow, FormSection } from '../../components/form-layout.tsx';
import { formatCount } from '../../components/format.ts';
import { monoInput, monoTags } from '../../components/mono-input.ts';
import { NameRows } from '../../components/name-rows.tsx';
import { defaultText, exampleText } from '../../components/placeholder-text.ts';
import { type JobDraft, renameJob, setJobSlug } from '../../stores/jobs-draft.ts';
import { hrefOf, paths } from '../../stores/paths.ts';
import { printSize } from '../../stores/sizes.ts';
import { useCall } from '../../stores/use-call.ts';
import { ArgvField } from './argv-field.tsx';
import { EnvTable } from './env-table.tsx';
import classes from './jobs.module.css';
import { SecretsTable } from './secrets-table.tsx';

interface JobFormProps {
  draft: JobDraft;
  isNew: boolean;
  readOnly: boolean;
  errors: Record<string, string>;
  users: readonly Listener[];
  onChange: (edit: (draft: JobDraft) => JobDraft) => void;
}

type TextField =
  | 'file'
  | 'cwd'
  | 'concurrency'
  | 'queue'
  | 'timeout'
  | 'attempts'
  | 'backoff'
  | 'outputSize'
  | 'approvalTimeout'
  | 'expireAfter';

export function JobForm({ draft, isNew, readOnly, errors, users, onChange }: JobFormProps) {
  const inheritable = useCall('jobs.environment', {}).value?.suggested ?? [];
  const text = (field: TextField, more: { placeholder?: string; mono?: boolean; width?: number } = {}) => (
    <TextInput
      id={`job-${field}`}
      value={draft[field]}
      placeholder={more.placeholder}
      disabled={readOnly}
      maw={more.width}
      classNames={more.mono === true ? monoInput : undefined}
      onChange={(event) => {
        const value = event.currentTarget.value;
        onChange((before) => ({ ...before, [field]: value }));
      }}
    />
  );

  return (
    <>
      <FormSection title="Job">
        <NameRows
          of="job"
          draft={draft}
          isNew={isNew}
          readOnly={readOnly}
          errors={errors}
          examples={{ name: 'Import a file', slug: 'import-a-file' }}
          onName={(name) => onChange((before) => (isNew ? renameJob(before, name) : { ...before, name }))}
          onSlug={(slug) => onChange((before) => setJobSlug(before, slug))}
        />
        <FormRow
          label="Kind"
          hint={
            draft.kind === 'command'
              ? 'Any program. It gets the event as JSON on its standard input.'
              : 'A .js, .mjs or .ts module whose default export is called with the event. Runs in warm processes, so it starts in a few milliseconds.'
          }
        >
          <SegmentedControl
            aria-label="Kind"
            data={[
              { value: 'command', label: 'Command' },
              { value: 'script', label: 'Script' },
            ]}
            value={draft.kind}
            disabled={readOnly}
            onChange={(kind) => onChange((before) => ({ ...before, kind: kind === 'script' ? 'script' : 'command' }))}
          />
        </FormRow>
        {draft.kind === 'command' ? (
          <>
            <FormRow label="Command" required error={errorUnder(errors, 'command')}>
              <ArgvField
                rows={draft.command}
                readOnly={readOnly}
                onChange={(command) => onChange((before) => ({ ...before, command }))}
              />
            </FormRow>
            <FormRow
              label="Asks"
              hint="Its standard input stays open after the event, for the answers to its ::ask lines."
            >
              <Switch
                aria-label="It may ask an operator"
                mt={6}
                checked={draft.asks}
                disabled={readOnly}
                onChange={(event) => {
                  const asks = event.currentTarget.checked;
                  onChange((before) => ({ ...before, asks }));
                }}
              />
            </FormRow>
          </>
        ) : (
          <>
            <FormRow label="File" htmlFor="job-file" required error={errors.file ?? null}>
              {text('file', { placeholder: exampleText('jobs/hello.ts'), mono: true })}
            </FormRow>
            <FormRow
              label="Isolate"
              hint="One process for each run instead of the warm ones: slower to start, nothing shared."
            >
              <Switch
                aria-label="One process for each run"
                checked={draft.isolate}
                disabled={readOnly}
                onChange={(event) => {
                  const isolate = event.currentTarget.checked;
                  onChange((before) => ({ ...before, isolate }));
                }}
              />
            </FormRow>
          </>
        )}
        <FormRow
          label="Leave processes running"
          hint="For jobs that start a daemon: what a run leaves behind goes on when it ends by itself. Otherwise it is ended, and the run says so."
        >
          <Switch
            aria-label="Leave processes running"
            mt={6}
            checked={draft.mayLeave}
            disabled={readOnly}
            onChange={(event) => {
              const mayLeave = event.currentTarget.checked;
              onChange((before) => ({ ...before, mayLeave }));
            }}
          />
        </FormRow>
        <FormRow
          label="Working directory"
          htmlFor="job-cwd"
          error={errors.cwd ?? null}
          hint={draft.cwd === '' ? 'Left empty, the job has a folder of its own in the data directory.' : undefined}
        >
          {text('cwd', { mono: true })}
        </FormRow>
      </FormSection>

      <FormSection title="Environment" description="Besides a short list of the usual names, a job sees only these.">
        <FormRow label="Variables" error={errorUnder(errors, 'env')}>
          <EnvTable
            rows={draft.env}
            errors={errors}
            readOnly={readOnly}
            onChange={(env) => onChange((before) => ({ ...before, env }))}
          />
        </FormRow>
        <FormRow
          label="Inherits"
          htmlFor="job-inheritEnv"
          error={errorUnder(errors, 'inheritEnv')}
          hint="Names of variables Signalbox was started with, such as those of a proxy; Settings can name them for all jobs."
        >
          <TagsInput
            id="job-inheritEnv"
            classNames={monoTags}
            data={[...inheritable]}
            value={[...draft.inheritEnv]}
            disabled={readOnly}
            splitChars={[',', ' ']}
            acceptValueOnBlur
            onChange={(inheritEnv) => onChange((before) => ({ ...before, inheritEnv }))}
          />
        </FormRow>
        <FormRow
          label="Secrets"
          error={errorUnder(errors, 'secrets')}
          hint="Their values are masked in the job’s output."
        >
          <SecretsTable
            rows={draft.secrets}
            errors={errors}
            jobSlug={draft.slug}
            readOnly={readOnly}
            onChange={(secrets) => onChange((before) => ({ ...before, secrets }))}
          />
        </FormRow>
      </FormSection>

      <FormSection title="Limits" description="Empty fields take the value shown in them.">
        <div className={classes.limits}>
          <FormRow label="Runs at the same time" htmlFor="job-concurrency" error={errors.concurrency ?? null}>
            {text('concurrency', { placeholder: defaultText(jobDefaults.concurrency), width: 150 })}
          </FormRow>
          <FormRow
            label="Runs that may wait"
            htmlFor="job-queue"
            error={errors.queue ?? null}
            hint="A run beyond that fails at once."
          >
            {text('queue', { placeholder: defaultText(formatCount(jobDefaults.queue)), width: 150 })}
          </FormRow>
          <FormRow label="Time limit" htmlFor="job-timeout" error={errors.timeout ?? null} hint="30s, 5m, 2h">
            {text('timeout', { placeholder: defaultText(jobDefaults.timeout), width: 150 })}
          </FormRow>
          <FormRow label="Attempts" htmlFor="job-attempts" error={errors.attempts ?? null} hint="Counts the first.">
            {text('attempts', { placeholder: defaultText(jobDefaults.attempts), width: 150 })}
          </FormRow>
          <FormRow
            label="Wait before the second"
            htmlFor="job-backoff"
            error={errors.backoff ?? null}
            hint="Doubles each time, up to 10 min."
          >
            {text('backoff', { placeholder: defaultText(jobDefaults.backoff), width: 150 })}
          </FormRow>
          <FormRow
            label="Output kept"
            htmlFor="job-outputSize"
            error={errors.outputBytes ?? null}
            hint="Per stream: its beginning and its end."
          >
            {text('outputSize', { placeholder: defaultText(printSize(jobDefaults.outputBytes)), width: 150 })}
          </FormRow>
        </div>
      </FormSection>

      <FormSection title="Before it starts">
        <FormRow
          label="Approval"
          hint="Every run waits until an operator has seen exactly what will run, and approves it."
          error={errors.approval ?? null}
        >
          <Switch
            aria-label="Every run needs approval"
            mt={6}
            checked={draft.approval}
            disabled={readOnly}
            onChange={(event) => {
              const approval = event.currentTarget.checked;
              onChange((before) => ({ ...before, approval }));
            }}
          />
        </FormRow>
        {draft.approval && (
          <FormRow
            label="Rejected after"
            htmlFor="job-approvalTimeout"
            error={errors.approvalTimeout ?? null}
            hint="A run nobody has approved by then is canceled."
          >
            {text('approvalTimeout', { placeholder: defaultText(jobDefaults.approvalTimeout), width: 150 })}
          </FormRow>
        )}
        <FormRow
          label="Expires after"
          htmlFor="job-expireAfter"
          error={errors.expireAfter ?? null}
          hint="A run that has waited in the queue for this long is canceled: 30s, 10m, 24h. Left empty, it waits for ever."
        >
          {text('expireAfter', { placeholder: defaultText('never'), width: 150 })}
        </FormRow>
      </FormSection>

      <FormSection title="Afterwards">
        <FormRow
          label="Background"
          hint="Its runs are not acknowledged when they end well, unless said otherwise below."
        >
          <Switch
            aria-label="Runs in the background"
            mt={6}
            checked={draft.isBackground}
            disabled={readOnly}
            onChange={(event) => {
              const isBackground = event.currentTarget.checked;
              onChange((before) => ({ ...before, isBackground }));
            }}
          />
        </FormRow>
        <FormRow
          label="Acknowledge"
          htmlFor="job-acknowledge"
          hint="Whether somebody has to look at a run that ended well."
        >
          <Select
            id="job-acknowledge"
            data={[
              { value: '', label: 'Default: failed runs only' },
              { value: 'none', label: 'Failed runs only' },
              { value: 'required', label: 'Every run waits in the inbox' },
            ]}
            value={draft.acknowledge}
            allowDeselect={false}
            disabled={readOnly}
            maw={300}
            onChange={(value) =>
              onChange((before) => ({
                ...before,
                acknowledge: value === 'required' || value === 'none' ? value : '',
              }))
            }
          />
        </FormRow>
        <FormRow
          label="When cut short"
          htmlFor="job-interrupted"
          hint="What happens to runs that the app’s own end interrupted."
        >
          <Select
            id="job-interrupted"
            data={[
              { value: '', label: 'Default: run again' },
              { value: 'retry', label: 'Run again' },
              { value: 'fail', label: 'Fail' },
            ]}
            value={draft.onInterrupted}
            allowDeselect={false}
            disabled={readOnly}
            maw={300}
            onChange={(value) =>
              onChange((before) => ({ ...before, onInterrupted: value === 'retry' || value === 'fail' ? value : '' }))
            }
          />
        </FormRow>
        {!isNew && (
          <FormRow label="Used by">
            <div className={classes.users}>
              {users.length === 0 ? (
                <span className={classes.quiet}>No listener runs it yet.</span>
              ) : (
                users.map((listener) => (
                  <a key={listener.slug} href={hrefOf(paths.listener(listener.slug))}>
                    {listener.name}
                  </a>
                ))
              )}
            </div>
          </FormRow>
        )}
      </FormSection>
    </>
  );
}
