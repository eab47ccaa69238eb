import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { AccessSettings } from '../../../shared/contract/access/access-settings.ts';
import type { AccountCaller, Via } from '../../../shared/contract/access/caller.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Audit } from '../../accounts/audit.ts';
import type { CompanyPerson } from '../../accounts/company-sign-in.ts';
import { type SignInFrom, type Who, whoIs } from '../../accounts/who.ts';
import { proxySubjectPrefix, type StoredAccount } from '../../store/accounts/accounts.ts';
import { createPasskeyAuth, type PasskeyAuth } from './passkey-auth.ts';
import { granted, type Identity, type Refused, type Verdict } from './verdict.ts';

export interface AccountAuthDeps {
  accounts: Accounts;
  audit: Audit;
  access(): AccessSettings;
  /** Whether the peer of a connection is one of `trustedProxies`. */
  isTrustedPeer(address: string): boolean;
}

export interface AccountAuth {
  /** By a session's cookie; null: not the session of an account. */
  bySession(secret: string, address: string): Identity | null;
  /** By `Authorization: Bearer sbx_…`; null: it is unknown, was revoked or has expired. */
  byToken(token: string, address: string): Identity | null;
  /** By a trusted proxy's headers; null: there are none. */
  byProxy(request: IncomingMessage, address: string): Promise<Verdict<Identity> | null>;
  /** Returns the secret for the cookie. */
  signIn(name: string, password: string, from: SignInFrom): Promise<Verdict<string>>;
  passkeys: PasskeyAuth;
  /** Sets the password of a one-time link; returns the secret for the cookie. */
  join(code: string, password: string, from: SignInFrom): Promise<Verdict<string>>;
  /** The name of the account that a one-time link is for. */
  invited(code: string): string | null;
  /** After single sign-on; returns the secret for the cookie. Throws `forbidden`. */
  signInCompany(person: CompanyPerson, from: SignInFrom): Promise<string>;
  end(secret: string, address: string): Promise<void>;
}

const refused = (code: 'unauthorized' | 'too_many_attempts' | 'forbidden', message: string): Refused => ({
  granted: false,
  error: { code, message },
});

/** Sign-in of accounts: by password, one-time link, session, API token or trusted proxy. */
export function createAccountAuth({ accounts, audit, access, isTrustedPeer }: AccountAuthDeps): AccountAuth {
  const { directory, sessions, tokens } = accounts;

  const callerOf = (who: Who, via: Via, address: string): AccountCaller => ({
    transport: 'http',
    via,
    address,
    account: who,
  });

  function identity(who: Who, via: Via, address: string, sessionId: string | null, peek: () => Who | null): Identity {
    return { caller: callerOf(who, via, address), sessionId, isLive: () => isDeepStrictEqual(peek(), who) };
  }

  const start = (
    account: StoredAccount,
    from: SignInFrom,
    onStart?: Parameters<Accounts['sessions']['start']>[2],
  ): Promise<string> => {
    const caller = callerOf(whoIs(account, null), 'session', from.address);
    return audit.around({ caller, call: 'session.start', target: account.name }, () =>
      sessions.start(account, from, onStart),
    );
  };

  /** Accounts created and rights changed by single sign-on are in the audit log like an admin's changes. */
  const enter = (person: CompanyPerson, via: Via, address: string): Promise<StoredAccount> =>
    accounts.signInCompany(person, access().groupRoles, (tx, account, before) => {
      const { name: target, role, mayApprove } = account;
      const caller = callerOf(whoIs(account, null), via, address);
      const call = before === null ? 'operators.add' : 'operators.update';
      audit.recordIn(tx, { caller, call, target, outcome: 'done', before, after: { role, mayApprove } });
    });

  async function join(
    code: string,
    credential: Parameters<Accounts['directory']['join']>[1],
    from: SignInFrom,
  ): Promise<Verdict<string>> {
    const account = await directory.join(code, credential, (tx, joined) => {
      const caller = callerOf(whoIs(joined, null), 'session', from.address);
      const after = { signIn: 'passkey' in credential ? 'passkey' : 'password' };
      audit.recordIn(tx, { caller, call: 'session.join', target: joined.name, outcome: 'done', after });
    });
    if (account !== null) return granted(await start(account, from));
    return refused('unauthorized', 'This link has been used or has expired. Ask an administrator for a new one.');
  }

  /** Recorded under the account's name: the only one known. */
  function noteRefused(known: { id: string; name: string } | null, address: string, error: string): void {
    if (known === null) return;
    const account: Who = { id: known.id, name: known.name, role: 'viewer', mayApprove: false, keyId: null };
    const caller = callerOf(account, 'session', address);
    void audit.record({
      caller,
      call: 'session.refuse',
      target: known.name,
      outcome: 'refused',
      error,
    });
  }

  return {
    bySession(secret, address) {
      const who = sessions.use(secret);
      return who === null ? null : identity(who, 'session', address, secret, () => sessions.peek(secret));
    },
    byToken(token, address) {
      const who = tokens.use(token);
      return who === null ? null : identity(who, 'api_token', address, null, () => tokens.peek(token));
    },
    async byProxy(request, address) {
      const { proxyHeaders } = access();
      if (proxyHeaders === null || !isTrustedPeer(request.socket.remoteAddress ?? '')) return null;
      const name = headerText(request, proxyHeaders.user);
      if (name === null) return null;
      const listed = proxyHeaders.groups === null ? null : headerText(request, proxyHeaders.groups);
      const groups = (listed ?? '').split(/[,;|]/).map((one) => one.trim());
      const person = { subject: `${proxySubjectPrefix}${name.toLowerCase()}`, name, groups };
      try {
        const account = await enter(person, 'proxy', address);
        const who = whoIs(account, null);
        // The headers are read at each request; a stream lasts until the account changes.
        return granted(identity(who, 'proxy', address, null, () => directory.rights(who.id)));
      } catch (error) {
        if (error instanceof AppError && error.code === 'forbidden') return refused('forbidden', error.message);
        throw error;
      }
    },
    async signIn(name, password, from) {
      const check = await accounts.checkPassword(name, password, from.address);
      if (check.result === 'held') {
        return { ...refused('too_many_attempts', check.message), retryAfterSeconds: check.waitSeconds };
      }
      if (check.result === 'wrong') {
        noteRefused(directory.find(name), from.address, 'wrong password');
        return refused('unauthorized', 'Name or password is wrong.');
      }
      return granted(await start(check.account, from));
    },
    passkeys: createPasskeyAuth({
      accounts,
      audit,
      start,
      join,
      onRefused: (account, address) => noteRefused(account, address, 'wrong passkey'),
      nowMs: Date.now,
    }),
    join: (code, password, from) => join(code, { password }, from),
    invited: (code) => directory.invited(code)?.name ?? null,
    async signInCompany(person, from) {
      return await start(await enter(person, 'session', from.address), from);
    },
    async end(secret, address) {
      const who = sessions.peek(secret);
      if (who === null) return await sessions.end(secret);
      const caller = callerOf(who, 'session', address);
      await audit.around({ caller, call: 'session.end', target: who.name }, () => sessions.end(secret));
    },
  };
}

/** Null when it is missing, or came twice: one of the two may be the client's. */
function headerText(request: IncomingMessage, name: string): string | null {
  const values = request.headersDistinct[name] ?? [];
  const [value] = values;
  return values.length === 1 && value !== undefined && value.trim() !== '' ? value.trim() : null;
}
