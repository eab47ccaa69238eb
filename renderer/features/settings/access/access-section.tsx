import type { AccessSettings } from '../../../../shared/contract/access/access-settings.ts';
import type { Settings } from '../../../../shared/contract/settings.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { FormSection } from '../../../ui/forms/form-layout.tsx';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import { parseWhole } from '../model/settings-patch.ts';
import type { SettingsState } from '../model/use-settings.ts';
import { ChoiceSetting, TextSetting } from '../setting-field.tsx';
import classes from '../settings.module.css';
import { GroupRolesForm } from './group-roles-form.tsx';
import { OpenIdForm } from './open-id-form.tsx';

const tokenChoices: readonly { value: AccessSettings['consoleToken']; label: string }[] = [
  { value: 'everywhere', label: 'Accepted everywhere' },
  { value: 'local', label: 'Accepted on this machine only' },
];

interface AccessSectionProps {
  value: Settings;
  save: SettingsState['save'];
}

/** How people sign in to the console. */
export function AccessSection({ value: { access, consoleUrl }, save }: AccessSectionProps) {
  const { proxyHeaders } = access;
  const hasSingleSignOn = access.openId !== null || proxyHeaders !== null;
  return (
    <FormSection
      title="Sign-in"
      description={
        <>
          Accounts are on the page <a href={hrefOf(paths.operators())}>Operators</a>.
        </>
      }
    >
      <ChoiceSetting
        label="Console token"
        hint="On this machine only: over the network, operators sign in with an account. Needs an admin who can sign in."
        width={340}
        choices={tokenChoices}
        value={access.consoleToken}
        onSave={(consoleToken) => save({ access: { consoleToken } }, 'The use of the console token')}
      />
      <TextSetting
        label="Max age of audit log"
        unit="days"
        width={160}
        value={String(access.auditDays)}
        onSave={async (text) => {
          const auditDays = parseWhole(text);
          return auditDays === null
            ? 'must be a whole number'
            : await save({ access: { auditDays } }, 'Retention of the audit log');
        }}
      />
      {/* Starts over when its own part was saved, not when another setting was. */}
      <OpenIdForm
        key={JSON.stringify(access.openId)}
        saved={access.openId}
        consoleUrl={consoleUrl}
        onSave={(openId) => save({ access: { openId } }, 'OpenID Connect')}
      />
      <h3 className={classes.subhead}>Reverse proxy</h3>
      <TextSetting
        label="User header"
        hint="Header in which an authenticating reverse proxy sends the user. Accepted from trusted proxies only, which must remove it from client requests. Leave empty to turn off."
        placeholder={exampleText('x-remote-user')}
        width={340}
        mono
        value={proxyHeaders?.user ?? ''}
        onSave={(user) =>
          save(
            { access: { proxyHeaders: user === '' ? null : { user, groups: proxyHeaders?.groups ?? null } } },
            'Sign-in through a proxy',
          )
        }
      />
      {proxyHeaders !== null && (
        <TextSetting
          label="Groups header"
          hint="Header with the user’s groups, separated by commas."
          placeholder={exampleText('x-remote-groups')}
          width={340}
          mono
          value={proxyHeaders.groups ?? ''}
          onSave={(groups) =>
            save(
              { access: { proxyHeaders: { user: proxyHeaders.user, groups: groups === '' ? null : groups } } },
              'The header with groups',
            )
          }
        />
      )}
      {(hasSingleSignOn || access.groupRoles.length > 0) && (
        <GroupRolesForm
          key={JSON.stringify(access.groupRoles)}
          saved={access.groupRoles}
          onSave={(groupRoles) => save({ access: { groupRoles } }, 'The mapping of groups')}
        />
      )}
    </FormSection>
  );
}
