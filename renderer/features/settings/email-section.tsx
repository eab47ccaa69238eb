import type { Settings, SettingsPatch } from '../../../shared/contract/settings.ts';
import { SecretRefField } from '../../domain/definition/secrets/secret-ref-field.tsx';
import { useLack } from '../../model/app/account.ts';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { defaultText, exampleText } from '../../ui/forms/placeholder-text.ts';
import { parseWhole } from './model/settings-patch.ts';
import { ChoiceSetting, TextSetting } from './setting-field.tsx';

interface EmailSectionProps {
  value: Settings;
  save: (patch: SettingsPatch, what: string) => Promise<string | null>;
}

const securities = [
  { value: 'starttls', label: 'STARTTLS (port 587)' },
  { value: 'tls', label: 'TLS (port 465)' },
  { value: 'none', label: 'None' },
] as const;

/** The server that sends the e-mails of alarms. */
export function EmailSection({ value: { smtp }, save }: EmailSectionProps) {
  const lack = useLack('administer');
  return (
    <FormSection title="E-mail" description="The SMTP server that sends the e-mails of alarms.">
      <TextSetting
        label="SMTP server"
        placeholder={exampleText('smtp.example.com')}
        mono
        value={smtp.host}
        onSave={(host) => save({ smtp: { host } }, 'The SMTP server')}
      />
      {smtp.host !== '' && (
        <>
          <TextSetting
            label="Port"
            width={120}
            value={String(smtp.port)}
            onSave={async (text) => {
              const port = parseWhole(text);
              return port === null ? 'must be a whole number' : await save({ smtp: { port } }, 'The SMTP port');
            }}
          />
          <ChoiceSetting
            label="Security"
            value={smtp.security}
            choices={securities}
            width={240}
            onSave={(security) => save({ smtp: { security } }, 'The security of SMTP')}
          />
          <TextSetting
            label="User"
            placeholder={defaultText('no sign-in')}
            value={smtp.user}
            onSave={(user) => save({ smtp: { user } }, 'The SMTP user')}
          />
          <FormRow label="Password" htmlFor="smtp-password">
            <SecretRefField
              label="Password"
              id="smtp-password"
              value={smtp.password}
              suggestedName="smtp-password"
              readOnly={lack !== null}
              onChange={(password) => void save({ smtp: { password } }, 'The SMTP password')}
            />
          </FormRow>
          <TextSetting
            label="Sender"
            placeholder={defaultText('the user’s address')}
            value={smtp.from}
            onSave={(from) => save({ smtp: { from } }, 'The sender of e-mails')}
          />
        </>
      )}
    </FormSection>
  );
}
