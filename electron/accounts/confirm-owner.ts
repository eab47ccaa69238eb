import { AppError } from '../../shared/contract/errors.ts';
import type { Accounts } from './accounts.ts';
import type { Who } from './who.ts';

/** How old a sign-in may be that stands for the password of an account without one. */
const freshMs = 10 * 60 * 1000;

export interface Confirmation {
  password: string;
  address: string;
  nowMs: number;
}

/**
 * Before what an account signs in with is changed: an unattended browser must not be enough for it. Asks for the password,
 * throttled like a sign-in; of an account that has only passkeys, for a sign-in of the last minutes. Throws AppError.
 */
export async function confirmOwner(
  { directory, sessions, checkPassword }: Pick<Accounts, 'directory' | 'sessions' | 'checkPassword'>,
  { id, name, keyId }: Who,
  { password, address, nowMs }: Confirmation,
): Promise<void> {
  if (directory.get(name).signIn === 'company') {
    throw new AppError('wrong_state', 'You sign in with your company account and have no password or passkey here.');
  }
  if (!directory.hasPassword(id)) {
    const session = sessions.list(id, keyId).find(({ isCurrent }) => isCurrent);
    if (session !== undefined && Date.parse(session.createdAt) > nowMs - freshMs) return;
    throw new AppError('wrong_state', 'Your sign-in is older than 10 minutes. Sign out, sign in again, then retry.');
  }
  const check = await checkPassword(name, password, address);
  if (check.result === 'held') throw new AppError('too_many_attempts', check.message);
  if (check.result === 'wrong') {
    throw new AppError('invalid_input', 'The current password is wrong.', [{ path: ['current'], message: 'is wrong' }]);
  }
}
