import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Caller } from '../../../shared/contract/access/caller.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Passkey } from '../../../shared/contract/passkeys.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Audit } from '../../accounts/audit.ts';
import { confirmOwner } from '../../accounts/confirm-owner.ts';
import type { PasskeySite } from '../../accounts/passkey-site.ts';
import { hashSecret } from '../../accounts/secret-text.ts';
import type { SignInFrom, Who } from '../../accounts/who.ts';
import type { StoredAccount } from '../../store/accounts/accounts.ts';
import { granted, type Refused, type Verdict } from './verdict.ts';

/** What a browser gets to create or use a passkey, and the secret for the cookie that its answer needs. */
export interface BegunPasskey {
  options: object;
  ticket: string;
}

export interface PasskeyAuth {
  hasAnyFor(site: PasskeySite): boolean;
  beginSignIn(site: PasskeySite, address: string): Promise<BegunPasskey>;
  /** Returns the secret for the cookie of the session. */
  signIn(
    site: PasskeySite,
    ticket: string,
    response: AuthenticationResponseJSON,
    from: SignInFrom,
  ): Promise<Verdict<string>>;
  /** For the account of a one-time link. Throws `not_found`. */
  beginJoin(site: PasskeySite, code: string, address: string): Promise<BegunPasskey>;
  join(
    site: PasskeySite,
    ticket: string,
    code: string,
    created: CreatedPasskey,
    from: SignInFrom,
  ): Promise<Verdict<string>>;
  /** For the caller's own account; `password` is its current one. Throws AppError. */
  beginAdd(site: PasskeySite, caller: Caller, password: string): Promise<BegunPasskey>;
  add(site: PasskeySite, ticket: string, caller: Caller, created: CreatedPasskey): Promise<Passkey>;
}

export interface CreatedPasskey {
  name: string;
  response: RegistrationResponseJSON;
}

export interface PasskeyAuthDeps {
  accounts: Accounts;
  audit: Pick<Audit, 'around'>;
  start(
    account: StoredAccount,
    from: SignInFrom,
    onStart: Parameters<Accounts['sessions']['start']>[2],
  ): Promise<string>;
  join(
    code: string,
    credential: Parameters<Accounts['directory']['join']>[1],
    from: SignInFrom,
  ): Promise<Verdict<string>>;
  /** A passkey of this account did not hold. */
  onRefused(account: StoredAccount, address: string): void;
  nowMs(): number;
}

const expired = 'This took too long, or began in another browser. Try again.';
const usedLink = 'This link has been used or has expired. Ask an administrator for a new one.';
const unknown: Refused = {
  granted: false,
  error: { code: 'unauthorized', message: 'This passkey is unknown here, or its account is disabled.' },
};

function own({ account }: Caller): Who {
  if (account !== null) return account;
  throw new AppError('forbidden', 'The local administrator has no account.');
}

const addPurpose = ({ id, keyId }: Who): string => `add ${id} ${keyId ?? ''}`;
const joinPurpose = (code: string): string => `join ${hashSecret(code)}`;

/**
 * Signing in with passkeys, and creating them. A challenge holds once, for the browser and the purpose that it was made for:
 * signing in, one link, or one session.
 */
export function createPasskeyAuth({ accounts, audit, start, join, onRefused, nowMs }: PasskeyAuthDeps): PasskeyAuth {
  const { passkeys, passkeyChallenges: challenges, directory } = accounts;

  async function beginCreation(
    site: PasskeySite,
    account: { id: string; name: string },
    purpose: string,
    address: string,
  ): Promise<BegunPasskey> {
    const options = await passkeys.creationOptions(site, account);
    return { options, ticket: challenges.open(options.challenge, purpose, address) };
  }

  function challengeOf(ticket: string, purpose: string): string {
    const challenge = challenges.take(ticket, purpose);
    if (challenge === null) throw new AppError('invalid_input', expired);
    return challenge;
  }

  return {
    hasAnyFor: passkeys.hasAnyFor,
    async beginSignIn(site, address) {
      const options = await passkeys.requestOptions(site);
      return { options, ticket: challenges.open(options.challenge, 'sign in', address) };
    },
    async signIn(site, ticket, response, from) {
      const challenge = challengeOf(ticket, 'sign in');
      const account = passkeys.accountOf(response);
      const signedIn = await passkeys.verifySignIn(site, challenge, response);
      if (signedIn !== null) return granted(await start(signedIn.account, from, signedIn.use));
      if (account !== null) onRefused(account, from.address);
      return unknown;
    },
    async beginJoin(site, code, address) {
      const invited = directory.invited(code);
      if (invited === null) throw new AppError('not_found', usedLink);
      return await beginCreation(site, invited, joinPurpose(code), address);
    },
    async join(site, ticket, code, { name, response }, from) {
      const passkey = await passkeys.verifyCreation(site, challengeOf(ticket, joinPurpose(code)), response);
      return await join(code, { passkey, name }, from);
    },
    async beginAdd(site, caller, password) {
      const who = own(caller);
      const address = caller.address ?? '';
      await confirmOwner(accounts, who, { password, address, nowMs: nowMs() });
      return await beginCreation(site, who, addPurpose(who), address);
    },
    async add(site, ticket, caller, { name, response }) {
      const who = own(caller);
      const passkey = await passkeys.verifyCreation(site, challengeOf(ticket, addPurpose(who)), response);
      return await audit.around({ caller, call: 'account.addPasskey', target: name }, () =>
        passkeys.add(who.id, passkey, name),
      );
    },
  };
}
