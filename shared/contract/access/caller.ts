import { AppError } from '../errors.ts';
import { hasRole, type Permission, type Role, roleFor } from './roles.ts';

/**
 * How a caller was authenticated. `session`: signed in by a browser. `api_token`: a personal API token. `proxy`: the
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

/** The local administrator, who has access to the data directory: has all permissions, under the name in the settings. */
export interface LocalCaller extends From {
  account: null;
}

export interface AccountCaller extends From {
  account: {
    id: string;
    name: string;
    /** Of an API token: the lower of its scope and the account's role. */
    role: Role;
    mayApprove: boolean;
    /** The session or the API token. */
    keyId: string | null;
  };
}

export type Caller = LocalCaller | AccountCaller;

export const localCaller = (transport: From['transport'], via: Via, address: string | null = null): LocalCaller => ({
  transport,
  via,
  address,
  account: null,
});

/** Identifies the person who saves or approves, for four eyes; `local`: the local administrator. */
export const saverId = ({ account }: Caller): string => account?.id ?? 'local';

/** Signalbox itself, within its own process. */
export const appCaller = localCaller('memory', 'app');

export function may({ account, via }: Caller, permission: Permission): boolean {
  if (account === null) return permission !== 'own';
  if (permission === 'approve') return account.mayApprove;
  // An API token must not create others, or change the password, which outlives it.
  if (permission === 'own') return via === 'session' || via === 'proxy';
  const least = roleFor[permission];
  return least !== null && hasRole(account.role, least);
}

/** What a caller without the permission lacks; follows the name of what is refused. */
export const permissionNeeds: Readonly<Record<Permission, string>> = {
  read: 'needs an account',
  operate: 'needs the operator role',
  approve: 'needs the permission to approve',
  define: 'needs the admin role',
  administer: 'needs the admin role',
  own: 'needs an account, signed in with a browser',
  local: 'needs the console token',
};

/** Why the permission is missing, such as "needs the admin role"; null when the caller has it. */
export const lackOf = (caller: Caller, permission: Permission): string | null =>
  may(caller, permission) ? null : permissionNeeds[permission];

/** Throws `forbidden` with what is missing. */
export function assertMay(caller: Caller, permission: Permission, what: string): void {
  const lack = lackOf(caller, permission);
  if (lack === null) return;
  const name = caller.account === null ? 'the local administrator' : `"${caller.account.name}"`;
  throw new AppError('forbidden', `${what} ${lack}, which ${name} does not have.`);
}
