import { defaultAccess } from '../../../shared/contract/access/access-settings.ts';
import type { SecretRef } from '../../../shared/contract/common.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Audit } from '../../accounts/audit.ts';
import type { AccountAuthDeps } from '../auth/account-auth.ts';
import type { ConsoleSettings } from './console-settings.ts';
import { followTrustedPeers } from './trusted-peers.ts';

/** People beside the local administrator, and the record of what they do. */
export interface Team {
  accounts: Accounts;
  audit: Audit;
  /** Of sign-in with OpenID Connect. */
  readSecret(ref: SecretRef): string;
}

export const accountDeps = (
  { team }: { team?: Team | undefined },
  settings: () => ConsoleSettings,
): AccountAuthDeps | undefined =>
  team === undefined
    ? undefined
    : {
        ...team,
        access: () => settings().access ?? defaultAccess,
        isTrustedPeer: followTrustedPeers(() => settings().trustedProxies),
      };
