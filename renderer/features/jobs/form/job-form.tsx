import { SegmentedControl, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { httpDefaults } from '../../../../shared/contract/http-jobs.ts';
import { jobDefaults } from '../../../../shared/contract/jobs.ts';
import type { Listener } from '../../../../shared/contract/listeners.ts';
import { ArgvField } from '../../../domain/definition/command/argv-field.tsx';
import { NameRows } from '../../../domain/definition/name-rows.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { printSize } from '../../../model/definitions/sizes.ts';
import { errorUnder } from '../../../ui/forms/field-errors.ts';
import { FormRow, FormSection } from '../../../ui/forms/form-layout.tsx';
import { monoInput, monoTags } from '../../../ui/forms/mono-input.ts';
import { defaultText, exampleText } from '../../../ui/forms/placeholder-text.ts';
import { formatCount } from '../../../ui/text/format.ts';
import classes from '../jobs.module.css';
import { type JobDraft, renameJob, setJobSlug } from '../model/job-draft.ts';
import { EnvTable } from './env-table.tsx';
import { HttpFields } from './http-fields.tsx';
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
  const defaults = draft.kind === 'http' ? httpDefaults : jobDefaults;
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
              ? 'Any program. It receives the event as JSON on standard input.'
              : draft.kind === 'http'
                ? 'Sends each event to a URL, signed, and retries until it is accepted.'
                : 'A .js, .mjs or .ts module. Its default export is called with the event, in a warm process that starts in a few milliseconds.'
          }
        >
          <SegmentedControl
            aria-label="Kind"
            data={[
              { value: 'command', label: 'Command' },
              { value: 'script', label: 'Script' },
              { value: 'http', label: 'HTTP request' },
            ]}
            value={draft.kind}
            disabled={readOnly}
            onChange={(value) => {
              const kind = value === 'script' || value === 'http' ? value : 'command';
              onChange((before) => ({ ...before, kind }));
            }}
          />
        </FormRow>
        {draft.kind === 'http' && (
          <HttpFields
            draft={draft.http}
            jobSlug={draft.slug}
            readOnly={readOnly}
            errors={errors}
            onChange={(edit) => onChange((before) => ({ ...before, http: edit(before.http) }))}
          />
        )}
        {draft.kind === 'command' && (
          <>
            <FormRow label="Command" required error={errorUnder(errors, 'command')}>
              <ArgvField
                rows={draft.command}
                readOnly={readOnly}
                onChange={(command) => onChange((before) => ({ ...before, command }))}
              />
            </FormRow>
            <FormRow
              label="Can ask questions"
              hint="Standard input stays open after the event, for answers to its ::ask lines."
            >
              <Switch
                aria-label="Can ask questions"
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
        )}
        {draft.kind === 'script' && (
          <>
            <FormRow label="File" htmlFor="job-file" required error={errors.file ?? null}>
              {text('file', { placeholder: exampleText('jobs/hello.ts'), mono: true })}
            </FormRow>
            <FormRow
              label="Isolate"
              hint="Starts a new process for each run instead of a warm one: slower, but runs share nothing."
            >
              <Switch
                aria-label="Isolate"
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
        {draft.kind !== 'http' && (
          <>
            <FormRow
              label="Leave processes running"
              hint="For jobs that start a daemon. When off, processes that are still running when a run ends are stopped, and the run reports them."
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
              hint={draft.cwd === '' ? 'Leave empty to use a folder for this job in the data directory.' : undefined}
            >
              {text('cwd', { mono: true })}
            </FormRow>
          </>
        )}
      </FormSection>

      <FormSection
        title={draft.kind === 'http' ? 'Secrets' : 'Environment'}
        description={
          draft.kind === 'http' ? undefined : 'Jobs receive only these and a short list of standard variables.'
        }
      >
        {draft.kind !== 'http' && (
          <>
            <FormRow label="Variables" error={errorUnder(errors, 'env')}>
              <EnvTable
                rows={draft.env}
                errors={errors}
                readOnly={readOnly}
                onChange={(env) => onChange((before) => ({ ...before, env }))}
              />
            </FormRow>
            <FormRow
              label="Inherited variables"
              htmlFor="job-inheritEnv"
              error={errorUnder(errors, 'inheritEnv')}
              hint="Variables to pass on from the environment Signalbox was started in, such as proxy settings. Settings has a list for all jobs."
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
          </>
        )}
        <FormRow
          label="Secrets"
          error={errorUnder(errors, 'secrets')}
          hint={
            draft.kind === 'http'
              ? 'For headers. Their values are masked.'
              : 'Their values are masked in the job’s output.'
          }
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

      <FormSection title="Limits" description="Empty fields use the default shown.">
        <div className={classes.limits}>
          <FormRow label="Max concurrent runs" htmlFor="job-concurrency" error={errors.concurrency ?? null}>
            {text('concurrency', { placeholder: defaultText(defaults.concurrency), width: 150 })}
          </FormRow>
          <FormRow
            label="Max queued runs"
            htmlFor="job-queue"
            error={errors.queue ?? null}
            hint="Further runs fail immediately."
          >
            {text('queue', { placeholder: defaultText(formatCount(defaults.queue)), width: 150 })}
          </FormRow>
          <FormRow label="Timeout" htmlFor="job-timeout" error={errors.timeout ?? null} hint="30s, 5m, 2h">
            {text('timeout', { placeholder: defaultText(defaults.timeout), width: 150 })}
          </FormRow>
          {draft.kind !== 'http' && (
            <>
              <FormRow
                label="Attempts"
                htmlFor="job-attempts"
                error={errors.attempts ?? null}
                hint="Including the first."
              >
                {text('attempts', { placeholder: defaultText(jobDefaults.attempts), width: 150 })}
              </FormRow>
              <FormRow
                label="Retry delay"
                htmlFor="job-backoff"
                error={errors.backoff ?? null}
                hint="Doubles each time, up to 10 min."
              >
                {text('backoff', { placeholder: defaultText(jobDefaults.backoff), width: 150 })}
              </FormRow>
              <FormRow
                label="Output limit"
                htmlFor="job-outputSize"
                error={errors.outputBytes ?? null}
                hint="Per stream. The beginning and the end are kept."
              >
                {text('outputSize', { placeholder: defaultText(printSize(jobDefaults.outputBytes)), width: 150 })}
              </FormRow>
            </>
          )}
        </div>
      </FormSection>

      <FormSection title="Before a run">
        <FormRow
          label="Approval"
          hint="Every run waits until an operator has reviewed exactly what will run and approved it."
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
          <FormRow label="Four eyes" hint="The operator who last saved this job cannot approve its runs.">
            <Switch
              aria-label="Approval by another person"
              mt={6}
              checked={draft.fourEyes}
              disabled={readOnly}
              onChange={(event) => {
                const fourEyes = event.currentTarget.checked;
                onChange((before) => ({ ...before, fourEyes }));
              }}
            />
          </FormRow>
        )}
        {draft.approval && (
          <FormRow
            label="Approval expires after"
            htmlFor="job-approvalTimeout"
            error={errors.approvalTimeout ?? null}
            hint="Runs not approved by then are canceled."
          >
            {text('approvalTimeout', { placeholder: defaultText(jobDefaults.approvalTimeout), width: 150 })}
          </FormRow>
        )}
        <FormRow
          label="Expires after"
          htmlFor="job-expireAfter"
          error={errors.expireAfter ?? null}
          hint="Runs queued for longer than this are canceled: 30s, 10m, 24h. Leave empty to wait indefinitely."
        >
          {text('expireAfter', { placeholder: defaultText('never'), width: 150 })}
        </FormRow>
      </FormSection>

      <FormSection title="After a run">
        <FormRow label="Background" hint="Completed runs need no acknowledgement, unless set otherwise below.">
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
        <FormRow label="Acknowledge" htmlFor="job-acknowledge" hint="Whether completed runs need acknowledgement.">
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
          label="If interrupted"
          htmlFor="job-interrupted"
          hint="What happens to runs that are interrupted when Signalbox stops."
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
                <span className={classes.quiet}>No listeners yet.</span>
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
