import { JsonInput, Select, Switch, TextInput } from '@mantine/core';
import { httpDefaults } from '../../../../shared/contract/http-jobs.ts';
import { BatchFields } from '../../../domain/definition/batch-fields.tsx';
import { errorUnder } from '../../../ui/forms/field-errors.ts';
import { FormRow, FormSection } from '../../../ui/forms/form-layout.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { defaultText, exampleText } from '../../../ui/forms/placeholder-text.ts';
import type { BodyChoice, HttpDraft } from '../model/http-draft.ts';
import { EnvTable } from './env-table.tsx';
import { SignFields } from './sign-fields.tsx';

interface HttpFieldsProps {
  draft: HttpDraft;
  jobSlug: string;
  readOnly: boolean;
  errors: Record<string, string>;
  onChange: (edit: (draft: HttpDraft) => HttpDraft) => void;
}

const bodies: { value: BodyChoice; label: string }[] = [
  { value: 'event', label: 'Event with its context, as JSON' },
  { value: 'payload', label: 'Payload, as JSON' },
  { value: 'received', label: 'As received: bytes and headers' },
  { value: 'cloudevents', label: 'CloudEvent, structured' },
  { value: 'cloudevents-binary', label: 'CloudEvent, binary' },
  { value: 'template', label: 'Template' },
];

const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const;

const verifications = [
  { value: 'none', label: 'Active immediately' },
  { value: 'status', label: 'Active after a 2xx answer to a test event' },
  { value: 'challenge', label: 'Active after it answers a challenge' },
] as const;

type TextField = 'url' | 'redirects' | 'retries' | 'perSecond' | 'orderBy';

/** What a job of the kind http sends, and where. */
export function HttpFields({ draft, jobSlug, readOnly, errors, onChange }: HttpFieldsProps) {
  const text = (field: TextField, more: { placeholder?: string; width?: number } = {}) => (
    <TextInput
      id={`job-${field}`}
      value={draft[field]}
      placeholder={more.placeholder}
      disabled={readOnly}
      maw={more.width}
      classNames={monoInput}
      onChange={(event) => {
        const value = event.currentTarget.value;
        onChange((before) => ({ ...before, [field]: value }));
      }}
    />
  );
  return (
    <>
      <FormRow label="URL" htmlFor="job-url" required error={errors.url ?? null}>
        {text('url', { placeholder: exampleText('https://erp.example.com/events') })}
      </FormRow>
      <FormRow
        label="Private addresses"
        hint="Allow addresses of this machine and your own network. Cloud metadata services are always blocked."
      >
        <Switch
          aria-label="Allow private addresses"
          mt={6}
          checked={draft.allowPrivate}
          disabled={readOnly}
          onChange={(event) => {
            const allowPrivate = event.currentTarget.checked;
            onChange((before) => ({ ...before, allowPrivate }));
          }}
        />
      </FormRow>
      <FormRow label="Method" htmlFor="job-method">
        <Select
          id="job-method"
          data={[{ value: '', label: `Default: ${httpDefaults.method}` }, ...methods]}
          value={draft.method}
          allowDeselect={false}
          disabled={readOnly}
          maw={200}
          onChange={(value) => {
            const method = methods.find((one) => one === value) ?? '';
            onChange((before) => ({ ...before, method }));
          }}
        />
      </FormRow>
      <FormRow label="Body" htmlFor="job-body" error={draft.body === 'template' ? null : errorUnder(errors, 'body')}>
        <Select
          id="job-body"
          data={bodies}
          value={draft.body}
          allowDeselect={false}
          disabled={readOnly}
          maw={340}
          onChange={(value) => {
            const body = bodies.find((one) => one.value === value)?.value ?? httpDefaults.body;
            onChange((before) => ({ ...before, body }));
          }}
        />
      </FormRow>
      {draft.body === 'template' && (
        <FormRow
          label="Template"
          htmlFor="job-template"
          error={errorUnder(errors, 'body')}
          hint="JSON. Text such as $.payload.id is replaced with that value of the event, and {$.payload.id} within text."
        >
          <JsonInput
            id="job-template"
            autosize
            minRows={4}
            maxRows={16}
            classNames={monoInput}
            value={draft.template}
            disabled={readOnly}
            onChange={(template) => onChange((before) => ({ ...before, template }))}
          />
        </FormRow>
      )}
      <FormRow
        label="Headers"
        error={errorUnder(errors, 'headers')}
        hint="{secret:NAME} in a value is replaced with the secret NAME below."
      >
        <EnvTable
          rows={draft.headers}
          errors={{}}
          readOnly={readOnly}
          what="header"
          onChange={(headers) => onChange((before) => ({ ...before, headers }))}
        />
      </FormRow>
      <SignFields
        draft={draft.sign}
        jobSlug={jobSlug}
        readOnly={readOnly}
        errors={errors}
        onChange={(edit) => onChange((before) => ({ ...before, sign: edit(before.sign) }))}
      />
      <FormRow label="Activation" htmlFor="job-verification">
        <Select
          id="job-verification"
          data={verifications}
          value={draft.verification}
          allowDeselect={false}
          disabled={readOnly}
          maw={340}
          onChange={(value) => {
            const verification = verifications.find((one) => one.value === value)?.value ?? httpDefaults.verification;
            onChange((before) => ({ ...before, verification }));
          }}
        />
      </FormRow>
      <FormSection title="Delivery" description="Events are sent at least once. Failed requests are retried.">
        <FormRow
          label="Retries"
          htmlFor="job-retries"
          error={errorUnder(errors, 'retries')}
          hint={`Waits between attempts, such as 5s, 5m, 2h; none for no retries. Default: ${httpDefaults.retries.join(', ')}.`}
        >
          {text('retries', { placeholder: defaultText('3 days'), width: 340 })}
        </FormRow>
        <FormRow label="Requests per second" htmlFor="job-perSecond" error={errorUnder(errors, 'rate')}>
          {text('perSecond', { placeholder: defaultText('unlimited'), width: 150 })}
        </FormRow>
        <FormRow
          label="Keep order by"
          htmlFor="job-orderBy"
          error={errorUnder(errors, 'order')}
          hint="Events with the same value at this path are sent one after the other, oldest first."
        >
          {text('orderBy', { placeholder: exampleText('payload.id'), width: 340 })}
        </FormRow>
        <BatchFields
          of="http"
          draft={draft.batch}
          readOnly={readOnly}
          errors={errors}
          onChange={(batch) => onChange((before) => ({ ...before, batch }))}
        />
        <FormRow
          label="Redirects"
          htmlFor="job-redirects"
          error={errors.redirects ?? null}
          hint="Maximum number of redirects to follow."
        >
          {text('redirects', { placeholder: defaultText(httpDefaults.redirects), width: 150 })}
        </FormRow>
      </FormSection>
    </>
  );
}
