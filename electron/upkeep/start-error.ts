/** Why the app cannot start. */
export type StartErrorCode =
  | 'options_invalid'
  /** Jobs cannot run as the user of `--jobs-user`. */
  | 'jobs_user_invalid'
  | 'config_invalid'
  | 'address_unavailable'
  /** Another instance owns the data directory. */
  | 'data_dir_taken'
  /** It holds other things, belongs to another user, or others may write to it. */
  | 'data_dir_foreign'
  | 'data_dir_read_only'
  /** It cannot be made, entered or read. */
  | 'data_dir_unusable'
  /** Not even a few KiB could be written, with nothing left to give up. */
  | 'disk_full'
  | 'database_newer'
  | 'database_unusable'
  | 'cluster_unreachable'
  /** The data directory and the cluster's log do not belong together. */
  | 'cluster_refused'
  | 'restore_failed'
  | 'sign_in_failed';

/** The app cannot start, for a reason that its user can remove: `message` is one sentence for them. Exit code 2. */
export class StartError extends Error {
  readonly exitCode = 2;
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.code = code;
  }
}

/** The start ends with this text and exit code 0, such as after `--help` or `--restore`. */
export class PrintAndExit extends Error {}
