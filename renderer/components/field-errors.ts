import type { AppError } from '../../shared/contract/errors.ts';

/** What the app said of single fields, keyed as @mantine/form names them: `verify.secret`, `command.0`. */
export function fieldErrors(error: AppError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of error.details ?? []) {
    const key = path.join('.');
    errors[key] = errors[key] === undefined ? message : `${errors[key]}; ${message}`;
  }
  return errors;
}
