import type { Logger } from 'pino';
import type { Handlers } from '../../shared/contract/index.ts';
import type { Run } from '../../shared/contract/runs.ts';
import type { SignInUrl } from '../console/auth/sign-in-codes.ts';
import type { PushHub } from '../console/push/push-hub.ts';
import type { DiskLimits } from '../upkeep/disk-guard.ts';
import { StartError } from '../upkeep/start-error.ts';
import type { StoreWorkerFiles } from '../upkeep/store/open-store.ts';

export type Mode = 'desktop' | 'headless';

export interface Address {
  host: string;
  /** 0 takes a free one. */
  port: number;
}

export const defaultReceiver: Address = { host: '127.0.0.1', port: 8787 };

/** Of the command line; null: not given. */
export interface GivenCluster {
  servers: readonly string[] | null;
  name: string | null;
  roles: readonly string[] | null;
}

/** What the command line and the environment decide. */
export interface StartOptions {
  dataDir: string;
  configFile: string | null;
  /** Null: what the operator has chosen, else the default. */
  receiver: Address | null;
  /** Null: no HTTP server for the console. */
  console: Address | null;
  logLevel: string;
  demo: boolean;
  /** Asks the running instance for a sign-in address instead of starting one. */
  signIn?: boolean;
  /** Name of the user that jobs run as; null: the app's own. Headless only. */
  jobsUser?: string | null;
  /** Over what the config file says of a cluster; absent: nothing. */
  cluster?: GivenCluster | null;
  /** A copy of a store to be put in place; the app then ends without having started. */
  restoreFile: string | null;
}

/** Entry files of our own threads and children: sources under Node 24, built files elsewhere. */
export interface WorkerFiles extends StoreWorkerFiles {
  scriptWorker: string;
  guardian: string;
  configWorker: string;
}

/** Encrypts with a key that the operating system keeps for this user. */
export interface SecretBox {
  encrypt(text: string): Buffer;
  decrypt(bytes: Buffer): string;
}

export interface RuntimeOptions extends StartOptions {
  mode: Mode;
  rendererDir: string;
  workerFiles: WorkerFiles;
  /** Its PATH is the one of jobs; absent: the app's own is. */
  loginShell?: string | null;
  /** Absent: secrets are encrypted with a key file in the data directory. */
  secretBox?: SecretBox | undefined;
  /** Aborted when the process is told to end: a start that is under way closes what it has opened, and rejects. */
  ending?: AbortSignal | undefined;
  /** Where the room on the disk is judged otherwise than by default. */
  diskLimits?: Partial<DiskLimits> | undefined;
}

export type AttentionListener = (runs: Run[]) => void;

export interface Runtime {
  handlers: Handlers;
  pushHub: PushHub;
  receiverUrl: string;
  consoleUrl: string | null;
  /** An address that signs one browser in; throws AppError `unavailable` when the console is closed. */
  createSignInUrl(): SignInUrl;
  log: Logger;
  /** With true no further run is started, and those that run go on; with false the queues go on. */
  holdRuns(isHeld: boolean): void;
  /** Stops accepting, drains, ends jobs and closes the store; `reason` is for the log. */
  stop(reason: string): Promise<void>;
  /** Applies the config file again, where there is one; the log says what came of it. */
  reload(): void;
  /** The machine was asleep: whatever became due meanwhile is due now. */
  wake(): void;
  /** Runs that failed or wait for acknowledgement, as they come to need it; gives the way to stop listening. */
  onAttention(listener: AttentionListener): () => void;
}

/** The receiver or the console cannot listen where it should. */
export class AddressError extends StartError {
  readonly server: 'receiver' | 'console';
  readonly address: Address;

  constructor(server: AddressError['server'], address: Address, message: string, options?: ErrorOptions) {
    super('address_unavailable', message, options);
    this.server = server;
    this.address = address;
  }
}
