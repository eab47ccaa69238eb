import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import { AppError } from '../../shared/contract/errors.ts';

/** Loaded when used: few sign-ins need it. */
const load = () => import('@simplewebauthn/browser');

/** Why this browser offers no passkeys; null where it does. */
export const passkeysMissing = (): string | null =>
  globalThis.PublicKeyCredential === undefined ? 'This browser does not support passkeys here.' : null;

async function ask<T>(dialog: () => Promise<T>): Promise<T> {
  try {
    return await dialog();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'InvalidStateError') {
      throw new AppError('conflict', 'This device already has a passkey of your account.');
    }
    if (name === 'NotAllowedError' || name === 'AbortError') {
      throw new AppError('wrong_state', 'The browser used no passkey: the dialog was closed, or it took too long.');
    }
    throw new AppError('wrong_state', `The browser could not use a passkey: ${String(error)}`);
  }
}

/** Shows the browser's dialog to create a passkey. */
export const createInBrowser = (
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<RegistrationResponseJSON> => ask(async () => (await load()).startRegistration({ optionsJSON }));

/** Shows the browser's dialog to choose a passkey. */
export const signInBrowser = (
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
): Promise<AuthenticationResponseJSON> => ask(async () => (await load()).startAuthentication({ optionsJSON }));

const systems: readonly [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Mac OS/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** A name for a passkey that is created here, such as `Linux`. */
export const deviceName = (userAgent: string): string =>
  systems.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Passkey';
