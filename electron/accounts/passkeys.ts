import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { AppError } from '../../shared/contract/errors.ts';
import type { Passkey } from '../../shared/contract/passkeys.ts';
import { errorText } from '../../shared/error-text.ts';
import { findAccount, findEnabledAccount, type StoredAccount } from '../store/accounts/accounts.ts';
import {
  addPasskey,
  deletePasskey,
  findPasskey,
  hasPasskeysFor,
  keepCounter,
  readPasskeys,
  renamePasskey,
  type StoredPasskey,
} from '../store/accounts/passkeys.ts';
import type { ReadableDb, WritableDb } from '../store/database/open.ts';
import { isoTime, isoTimeOrNull } from '../store/database/times.ts';
import type { Writer } from '../store/write/writer.ts';
import type { PasskeySite } from './passkey-site.ts';

/** A passkey whose creation was verified. */
export type NewPasskey = Pick<StoredPasskey, 'id' | 'rpId' | 'publicKey' | 'counter' | 'transports'>;

/** A verified sign-in. `use` keeps its counter, within the transaction that starts the session; throws `unauthorized`. */
export interface PasskeySignIn {
  account: StoredAccount;
  use(db: WritableDb): void;
}

export interface Passkeys {
  hasAnyFor(site: PasskeySite): boolean;
  list(account: string): Passkey[];
  /** What a browser needs to create one; the challenge is in it. */
  creationOptions(
    site: PasskeySite,
    account: { id: string; name: string },
  ): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /** Throws `invalid_input` for a response that does not hold. */
  verifyCreation(site: PasskeySite, challenge: string, response: RegistrationResponseJSON): Promise<NewPasskey>;
  requestOptions(site: PasskeySite): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** The account that a response names, before it is verified; null: the passkey is unknown, or the account disabled. */
  accountOf(response: AuthenticationResponseJSON): StoredAccount | null;
  /** Null: it does not hold. */
  verifySignIn(
    site: PasskeySite,
    challenge: string,
    response: AuthenticationResponseJSON,
  ): Promise<PasskeySignIn | null>;
  add(account: string, passkey: NewPasskey, name: string): Promise<Passkey>;
  rename(account: string, id: string, name: string): Promise<Passkey>;
  /** Throws `wrong_state` when the account could not sign in any more. */
  remove(account: string, id: string): Promise<void>;
}

export interface PasskeyDeps {
  db: ReadableDb;
  writer: Writer;
  onChanged(): void;
  nowMs(): number;
}

const maxPasskeys = 20;
const name = 'Signalbox';
/** EdDSA, ES256 and RS256 of COSE: what authenticators sign with. */
const algorithms = [-8, -7, -257];

/** Loaded when used: importing it would slow down every start. */
const load = () => import('@simplewebauthn/server');

const show = ({ id, name: given, rpId, createdAtMs, usedAtMs }: StoredPasskey): Passkey => ({
  id,
  name: given,
  host: rpId,
  createdAt: isoTime(createdAtMs),
  lastUsedAt: isoTimeOrNull(usedAtMs),
});

/** Stores a verified passkey; throws `conflict` when the account has too many, or the authenticator is known. */
export function putNewPasskey(
  db: WritableDb,
  account: string,
  passkey: NewPasskey,
  given: string,
  nowMs: number,
): void {
  if (findPasskey(db, passkey.id) !== null) throw new AppError('conflict', 'This passkey is already in use.');
  if (readPasskeys(db, account).length >= maxPasskeys) {
    throw new AppError('conflict', `An account can have at most ${maxPasskeys} passkeys. Remove one first.`);
  }
  addPasskey(db, { ...passkey, account, name: given, createdAtMs: nowMs, usedAtMs: null });
}

/** Passkeys (WebAuthn): discoverable, so that nobody enters a name, and always with user verification. */
export function createPasskeys({ db, writer, onChanged, nowMs }: PasskeyDeps): Passkeys {
  const notFound = (id: string): AppError => new AppError('not_found', `There is no passkey "${id}".`);

  function mustFind(id: string): Passkey {
    const found = findPasskey(db, id);
    if (found === null) throw notFound(id);
    return show(found);
  }

  /** Only single sign-on decides about accounts that it has made. */
  function holder({ account }: StoredPasskey): StoredAccount | null {
    const found = findEnabledAccount(db, account);
    return found?.subject === null ? found : null;
  }

  return {
    hasAnyFor: ({ rpId }) => hasPasskeysFor(db, rpId),
    list: (account) => readPasskeys(db, account).map(show),
    async creationOptions({ rpId }, account) {
      const { generateRegistrationOptions } = await load();
      return await generateRegistrationOptions({
        rpName: name,
        rpID: rpId,
        userName: account.name,
        userDisplayName: account.name,
        userID: new TextEncoder().encode(account.id),
        attestationType: 'none',
        supportedAlgorithmIDs: algorithms,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: readPasskeys(db, account.id)
          .filter((one) => one.rpId === rpId)
          .map(({ id }) => ({ id })),
      });
    },
    async verifyCreation({ origin, rpId }, challenge, response) {
      const { verifyRegistrationResponse } = await load();
      const refused = (why: string): AppError =>
        new AppError('invalid_input', `The passkey could not be verified: ${why}`);
      const verified = await verifyRegistrationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: true,
        supportedAlgorithmIDs: algorithms,
      }).catch((error: unknown) => {
        throw refused(errorText(error));
      });
      if (!verified.verified) throw refused('its signature is wrong.');
      const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
      return { id, rpId, publicKey, counter, transports };
    },
    async requestOptions({ rpId }) {
      const { generateAuthenticationOptions } = await load();
      return await generateAuthenticationOptions({ rpID: rpId, userVerification: 'required', allowCredentials: [] });
    },
    accountOf({ id }) {
      const stored = findPasskey(db, id);
      return stored === null ? null : holder(stored);
    },
    async verifySignIn({ origin, rpId }, challenge, response) {
      const { verifyAuthenticationResponse } = await load();
      const stored = findPasskey(db, response.id);
      const account = stored === null ? null : holder(stored);
      if (stored === null || account === null || stored.rpId !== rpId) return null;
      const { userHandle } = response.response;
      if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString() !== account.id) return null;
      const { id, publicKey, counter } = stored;
      const verified = await verifyAuthenticationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        credential: { id, publicKey, counter },
        requireUserVerification: true,
      }).catch(() => null);
      if (verified?.verified !== true) return null;
      const { newCounter } = verified.authenticationInfo;
      return {
        account,
        use(tx) {
          // Another sign-in may have used the same counter meanwhile: then one of them is a copy.
          if (keepCounter(tx, id, newCounter, nowMs())) return;
          throw new AppError('unauthorized', 'This passkey has just been removed or used. Sign in again.');
        },
      };
    },
    async add(account, passkey, given) {
      await writer.write(({ db: tx }) => {
        if (findAccount(tx, account) === null) throw new AppError('not_found', 'This account was removed.');
        putNewPasskey(tx, account, passkey, given, nowMs());
      });
      onChanged();
      return mustFind(passkey.id);
    },
    async rename(account, id, given) {
      if (!(await writer.write((tx) => renamePasskey(tx.db, id, account, given)))) throw notFound(id);
      return mustFind(id);
    },
    async remove(account, id) {
      await writer.write(({ db: tx }) => {
        const others = readPasskeys(tx, account).filter((one) => one.id !== id);
        if (others.length === 0 && findAccount(tx, account)?.password === null) {
          throw new AppError(
            'wrong_state',
            'This is your only way to sign in. Set a password or add another passkey first.',
          );
        }
        if (!deletePasskey(tx, id, account)) throw notFound(id);
      });
      onChanged();
    },
  };
}
