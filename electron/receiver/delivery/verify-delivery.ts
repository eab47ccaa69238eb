import { AppError } from '../../../shared/contract/errors.ts';
import type { DirectAnswer, IncomingRequest, PreparedSource, ReadBody, Verified } from '../../sources/source-types.ts';
import type { Refusal } from '../answer/answer.ts';
import { misconfigured } from '../answer/refusals.ts';

function explainVerifyError(error: unknown): Refusal {
  if (error instanceof AppError) return misconfigured(error.message);
  throw error;
}

/** A promise only where the scheme gives one: the usual delivery waits for nothing before the disk. */
export function verifyDelivery(
  prepared: PreparedSource,
  request: IncomingRequest,
): Verified | Refusal | Promise<Verified | Refusal> {
  try {
    const verifying = prepared.verify(request);
    return verifying instanceof Promise ? verifying.catch(explainVerifyError) : verifying;
  } catch (error) {
    return explainVerifyError(error);
  }
}

/** The answer of a handshake, or why it cannot be given: its secret cannot be read. */
export async function askHandshake(
  prepared: PreparedSource,
  request: IncomingRequest,
  body: ReadBody,
): Promise<DirectAnswer | Refusal | null> {
  try {
    return (await prepared.handshake?.(request, body)) ?? null;
  } catch (error) {
    return explainVerifyError(error);
  }
}
