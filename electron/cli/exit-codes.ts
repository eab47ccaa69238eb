import type { ErrorCode } from '../../shared/contract/errors.ts';

/** What scripts can rely on; `--help` and docs/cli.md print this table. */
export const exitCodes = {
  done: [0, 'Success. Commands that follow end with it at Ctrl-C'],
  failed: [1, 'The command failed, or a check found a problem'],
  usage: [2, 'An option, an argument or a file is wrong'],
  noServer: [3, 'No server: none is running there, or it does not respond'],
  notAllowed: [4, 'The token is missing or wrong, or the server refuses this caller'],
  notFound: [5, 'There is no such event, run, source or backup'],
  conflict: [6, 'Not possible in the current state, such as retrying a run that has not ended'],
} as const satisfies Record<string, readonly [code: number, meaning: string]>;

export type ExitReason = keyof typeof exitCodes;

const reasons: Record<ErrorCode, ExitReason> = {
  invalid_input: 'usage',
  invalid_query: 'usage',
  invalid_conditions: 'usage',
  invalid_config: 'usage',
  too_large: 'usage',
  unknown_call: 'usage',
  not_found: 'notFound',
  conflict: 'conflict',
  stale_version: 'conflict',
  owned_by_config: 'conflict',
  in_use: 'conflict',
  wrong_state: 'conflict',
  unauthorized: 'notAllowed',
  forbidden: 'notAllowed',
  too_many_attempts: 'notAllowed',
  unavailable: 'noServer',
  internal: 'failed',
};

export const exitReasonOf = (code: ErrorCode): ExitReason => reasons[code];

/** A command ends with this sentence on standard error. */
export class CliError extends Error {
  readonly reason: ExitReason;

  constructor(reason: ExitReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.reason = reason;
  }
}
