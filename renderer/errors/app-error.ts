import { AppError } from '../../shared/contract/errors.ts';

/** Any failure as something that can be shown; a fault of this window's own is named as one. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('internal', `Something went wrong in this window: ${message}`);
}
