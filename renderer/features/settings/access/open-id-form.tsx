import { Button, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type OpenIdSettings, openIdSchema } from '../../../../shared/contract/access/access-settings.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { SecretRefField } from '../../../domain/definition/secrets/secret-ref-field.tsx';
import { useLack } from '../../../model/app/account.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { FormRow } from '../../../ui/forms/form-layout.tsx';
import { monoInput, monoTags } from '../../../ui/forms/mono-input.ts';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import { Mono } from '../../../ui/text/mono.tsx';
import classes from '../settings.module.css';

interface OpenIdFormProps {
  saved: OpenIdSettings | null;
  /** As configured; empty when it is not. */
  consoleUrl: string;
  /** Null when it was saved, else the reason why not. */
  onSave: (openId: OpenIdSettings | null) => Promise<string | null>;
}

const empty: OpenIdSettings = {
  issuer: '',
  clientId: '',
  clientSecret: null,
  scopes: ['profile', 'email'],
  nameClaim: 'name',
  groupsClaim: 'groups',
};

/** Saved as a whole: half a provider signs no one in. */
export function OpenIdForm({ saved, consoleUrl, onSave }: OpenIdFormProps) {
  const lack = useLack('administer');
  const [draft, setDraft] = useState<OpenIdSettings | null>(saved);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [refused, setRefused] = useState<string | null>(null);

  if (draft === null) {
    return (
      <FormRow label="OpenID Connect" hint="Operators sign in with their company account.">
        <PermittedButton needs="administer" variant="default" onClick={() => setDraft(empty)}>
          Set up
        </PermittedButton>
      </FormRow>
    );
  }

  const set = (part: Partial<OpenIdSettings>): void => setDraft({ ...draft, ...part });
  const commit = async (): Promise<void> => {
    const checked = openIdSchema.safeParse(draft);
    if (!checked.success) {
      setErrors(Object.fromEntries(checked.error.issues.map(({ path, message }) => [String(path[0]), message])));
      return;
    }
    setErrors({});
    setRefused(await onSave(checked.data));
  };
  const text = (key: 'issuer' | 'clientId' | 'nameClaim' | 'groupsClaim', placeholder?: string) => (
    <TextInput
      id={`open-id-${key}`}
      classNames={monoInput}
      value={draft[key]}
      disabled={lack !== null}
      placeholder={placeholder}
      error={errors[key] !== undefined}
      onChange={(event) => set({ [key]: event.currentTarget.value.trim() })}
    />
  );
  const base = consoleUrl.replace(/\/$/, '');
  return (
    <section aria-label="OpenID Connect">
      <h3 className={classes.subhead}>OpenID Connect</h3>
      <FormRow label="Redirect URI" hint="Register this URI with the provider.">
        {base === '' ? (
          <span className={classes.quiet}>Set the console URL under Addresses first.</span>
        ) : (
          <span className={classes.keyUrl}>
            <Mono>{`${base}/session/openid/callback`}</Mono>
          </span>
        )}
      </FormRow>
      <FormRow
        label="Issuer"
        required
        htmlFor="open-id-issuer"
        error={errors.issuer ?? null}
        hint="URL of the provider, without /.well-known. Must be https, except on this machine."
      >
        {text('issuer', exampleText('https://login.example.com/realms/staff'))}
      </FormRow>
      <FormRow label="Client ID" required htmlFor="open-id-clientId" error={errors.clientId ?? null}>
        {text('clientId')}
      </FormRow>
      <FormRow
        label="Client secret"
        htmlFor="open-id-clientSecret"
        error={errors.clientSecret ?? null}
        hint="Leave empty for a public client."
      >
        <SecretRefField
          id="open-id-clientSecret"
          label="Client secret"
          value={draft.clientSecret}
          suggestedName="openid-client"
          readOnly={lack !== null}
          onChange={(clientSecret) => set({ clientSecret })}
        />
      </FormRow>
      <FormRow label="Scopes" htmlFor="open-id-scopes" error={errors.scopes ?? null} hint="In addition to openid.">
        <TagsInput
          id="open-id-scopes"
          classNames={monoTags}
          disabled={lack !== null}
          value={draft.scopes}
          splitChars={[',', ' ']}
          acceptValueOnBlur
          error={errors.scopes !== undefined}
          onChange={(scopes) => set({ scopes })}
        />
      </FormRow>
      <FormRow label="Name claim" htmlFor="open-id-nameClaim" error={errors.nameClaim ?? null}>
        {text('nameClaim')}
      </FormRow>
      <FormRow label="Groups claim" htmlFor="open-id-groupsClaim" error={errors.groupsClaim ?? null}>
        {text('groupsClaim')}
      </FormRow>
      <div className={`${classes.buttons} ${classes.under}`}>
        <PermittedButton
          needs="administer"
          disabled={JSON.stringify(draft) === JSON.stringify(saved)}
          onClick={() => void commit()}
        >
          Save
        </PermittedButton>
        <Button
          variant="default"
          disabled={lack !== null}
          onClick={() => {
            if (saved === null) setDraft(null);
            else void onSave(null).then(setRefused);
          }}
        >
          {saved === null ? 'Cancel' : 'Turn off'}
        </Button>
      </div>
      <InlineError message={refused} />
    </section>
  );
}
