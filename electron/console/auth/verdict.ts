import type { Caller } from '../../../shared/contract/access/caller.ts';
import type { WireError } from '../../../shared/contract/errors.ts';

export interface Identity {
  caller: Caller;
  /** Of the cookie; null: the request carries its own proof. */
  sessionId: string | null;
  /** Whether it holds still, with the same rights. */
  isLive(): boolean;
}

export interface Refused {
  granted: false;
  error: WireError;
  retryAfterSeconds?: number;
}

export type Verdict<T> = { granted: true; value: T } | Refused;

export const granted = <T>(value: T): Verdict<T> => ({ granted: true, value });
