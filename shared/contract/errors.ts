import { z } from 'zod';

/** Codes that may cross the wire. Anything unexpected becomes `internal` and is logged with its stack on the far side. */
export const errorCodes = [
  'invalid_input',
  'invalid_query',
  'invalid_conditions',
  'invalid_config',
  'not_found',
  'conflict',
  'stale_version',
  'owned_by_config',
  'in_use',
  'wrong_state',
  'unknown_call',
  'unauthorized',
  'forbidden',
  'too_many_attempts',
  'too_large',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export const errorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  /** Where the input is wrong, when it is: one entry a problem, paths as in the input. */
  details: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })).optional(),
});

export type WireError = z.infer<typeof errorSchema>;
export type ErrorDetail = NonNullable<WireError['details']>[number];

/** An expected failure: its message is written for the person who caused it and is shown to them as it is. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetail[] | undefined;

  constructor(code: ErrorCode, message: string, details?: ErrorDetail[]) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}
