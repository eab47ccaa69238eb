import { AppError } from '../errors.ts';
import { hasRole, type Permission, type Role, roleFor } from './roles.ts';

/**
 * How a caller has shown who they are. `session`: signed in by a browser. `api_token`: a personal API token. `proxy`: the
 * header of a trusted reverse proxy. The others are the local administrator: `console_token` over the network, `console_session`
 * after signing in with it, `command` on the local socket, `window` of the desktop app, `app` is Signalbox itself.
 */
export const vias = [
  'session',
  'api_token',
  'proxy',
  'console_token',
  'console_session',
  'command',
  'window',
  'config_file',
  'app',
] as const;
export type Via = (typeof vias)[number];

interface From {
  transport: 'ipc' | 'http' | 'memory';
  via: Via;
  /** Where a request over the network came from. */
  address: string | null;
}

/** Whoever has the data directory anyway: may do everything, under the name in the settings. */
export interface LocalCaller extends From {
  account: null;
}

export interface AccountCaller extends From {
  account: {
    id: string;
    name: string;
    /** Of an API token: its scope, where that is less than the account's role. */
    role: Role;
    mayApprove: boolean;
    /** The session or the API token. */
    keyId: string | null;
  };
}

/** Who calls. */
export type Caller = LocalCaller | AccountCaller;

export const localCaller = (transport: From['transport'], via: Via, address: string | null = null): LocalCaller => ({
  transport,
  via,
  address,
  account: null,
});

/** Who stands for a change when two people are told apart; `local`: the local administrator. */
export const saverId = ({ account }: Caller): string => account?.id ?? 'local';

/** Signalbox itself, within its own process. */
export const appCaller = localCaller('memory', 'app');

export function may({ account, via }: Caller, permission: Permission): boolean {
  if (account === null) return permission !== 'own';
  if (permission === 'approve') return account.mayApprove;
  // An API token must not make others, or change the password that outlives it.
  if (permission === 'own') return via === 'session' || via === 'proxy';
  const least = roleFor[permission];
  return least !== null && hasRole(account.role, least);
}

/** What a caller without the permission lacks; follows the name of what is refused. */
export const permissionNeeds: Readonly<Record<Permission, string>> = {
  read: 'needs an account',
  operate: 'needs the role operator',
  approve: 'needs the permission to approve',
  define: 'needs the role admin',
  administer: 'needs the role admin',
  own: 'needs an account, signed in with a browser',
  local: 'needs the console token',
};

/** Such as "needs the role admin": why `caller` may not; null when they may. */
export const lackOf = (caller: Caller, permission: Permission): string | null =>
  may(caller, permission) ? null : permissionNeeds[permission];

/** Throws `forbidden` with what is missing. */
export function assertMay(caller: Caller, permission: Permission, what: string): void {
  const lack = lackOf(caller, permission);
  if (lack === null) return;
  const name = caller.account === null ? 'the local administrator' : `"${caller.account.name}"`;
  throw new AppError('forbidden', `${what} ${lack}, which ${name} does not have.`);
}
