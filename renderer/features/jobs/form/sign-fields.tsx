import { Select, TextInput } from '@mantine/core';
import type { SecretRef } from '../../../../shared/contract/common.ts';
import { SecretRefField } from '../../../domain/definition/secrets/secret-ref-field.tsx';
import { errorUnder } from '../../../ui/forms/field-errors.ts';
import { FormRow } from '../../../ui/forms/form-layout.tsx';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import type { SignChoice, SignDraft } from '../model/http-draft.ts';

interface SignFieldsProps {
  draft: SignDraft;
  jobSlug: string;
  readOnly: boolean;
  errors: Record<string, string>;
  onChange: (edit: (draft: SignDraft) => SignDraft) => void;
}

const schemes: { value: SignChoice; label: string }[] = [
  { value: 'none', label: 'None' },
  { value: 'standard-webhooks', label: 'Standard Webhooks signature' },
  { value: 'github', label: 'GitHub signature' },
  { value: 'stripe', label: 'Stripe signature' },
  { value: 'slack', label: 'Slack signature' },
  { value: 'basic', label: 'Username and password' },
  { value: 'bearer', label: 'Bearer token' },
  { value: 'oauth2', label: 'OAuth 2 client credentials' },
  { value: 'mtls', label: 'Client certificate' },
  { value: 'jwt', label: 'Token signed by this installation' },
];
const several = { value: 'several', label: 'Several, from the definition' } as const;

const secretLabels: Partial<Record<SignChoice, string>> = {
  'standard-webhooks': 'Secret',
  github: 'Secret',
  stripe: 'Secret',
  slack: 'Secret',
  basic: 'Password',
  bearer: 'Token',
  oauth2: 'Client secret',
  mtls: 'Private key',
};
const secondLabels: Partial<Record<SignChoice, string>> = {
  'standard-webhooks': 'Previous secret',
  stripe: 'Previous secret',
  mtls: 'Certificate',
};

/** How requests prove who sends them. */
export function SignFields({ draft, jobSlug, readOnly, errors, onChange }: SignFieldsProps) {
  const { choice } = draft;
  const secretLabel = secretLabels[choice];
  const secondLabel = secondLabels[choice];
  const text = (field: 'username' | 'tokenUrl' | 'clientId' | 'scope' | 'audience', label: string, example: string) => (
    <FormRow label={label} htmlFor={`job-${field}`} error={errors[`sign.${field}`] ?? null}>
      <TextInput
        id={`job-${field}`}
        value={draft[field]}
        placeholder={exampleText(example)}
        disabled={readOnly}
        maw={340}
        onChange={(event) => {
          const value = event.currentTarget.value;
          onChange((before) => ({ ...before, [field]: value }));
        }}
      />
    </FormRow>
  );
  const secret = (field: 'secret' | 'second', label: string, hint: string | undefined) => (
    <FormRow label={label} hint={hint} error={field === 'secret' ? errorUnder(errors, 'sign') : null}>
      <SecretRefField
        label={label}
        value={draft[field]}
        readOnly={readOnly}
        suggestedName={[jobSlug, field === 'secret' ? 'signing' : 'second'].filter(Boolean).join('-')}
        onChange={(ref: SecretRef | null) => onChange((before) => ({ ...before, [field]: ref }))}
      />
    </FormRow>
  );
  return (
    <>
      <FormRow label="Authentication" htmlFor="job-sign">
        <Select
          id="job-sign"
          data={choice === 'several' ? [several, ...schemes] : schemes}
          value={choice}
          allowDeselect={false}
          disabled={readOnly}
          maw={340}
          onChange={(value) => {
            const next = schemes.find((one) => one.value === value)?.value ?? 'none';
            onChange((before) => ({ ...before, choice: next }));
          }}
        />
      </FormRow>
      {choice === 'basic' && text('username', 'Username', 'signalbox')}
      {choice === 'oauth2' && text('tokenUrl', 'Token URL', 'https://login.example.com/oauth/token')}
      {choice === 'oauth2' && text('clientId', 'Client ID', 'signalbox')}
      {secretLabel !== undefined && secret('secret', secretLabel, undefined)}
      {secondLabel !== undefined &&
        secret(
          'second',
          secondLabel,
          choice === 'mtls' ? 'PEM.' : 'Requests are signed with both until you clear this.',
        )}
      {choice === 'oauth2' && text('scope', 'Scope', 'events:write')}
      {(choice === 'oauth2' || choice === 'jwt') && text('audience', 'Audience', 'https://erp.example.com')}
    </>
  );
}
