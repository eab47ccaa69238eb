import type { AppError } from '../../../shared/contract/errors.ts';

/** What the app said of single fields, keyed as @mantine/form names them: `verify.secret`, `command.0`. */
export function fieldErrors(error: AppError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of error.details ?? []) {
    const key = path.join('.');
    errors[key] = errors[key] === undefined ? message : `${errors[key]}; ${message}`;
  }
  return errors;
}

/** The first error at a path or below it. */
export const errorUnder = (errors: Record<string, string>, path: string): string | null =>
  errors[path] ?? Object.entries(errors).find(([key]) => key.startsWith(`${path}.`))?.[1] ?? null;
