import { statSync } from 'node:fs';
import type { Status } from '../../shared/contract/app.ts';
import type { JobRunner } from '../jobs/runner-types.ts';
import type { ReadableDb } from '../store/open.ts';
import { countInbox } from '../store/runs/run-counts.ts';
import { storageFault } from '../store/storage-errors.ts';
import type { Alerts } from './alerts.ts';
import type { ConfigFile } from './config-file.ts';
import type { DataDir } from './data-dir.ts';
import type { EventCounts } from './event-counts.ts';
import type { Store } from './open-store.ts';
import type { ReceiverDoor } from './receiver-door.ts';
import type { Mode } from './runtime-types.ts';

export interface StatusParts {
  version: string;
  mode: Mode;
  startedAtMs: number;
  dataDir: DataDir;
  /** See `profileOf`. */
  profile: string | null;
  store: Store;
  runner: Pick<JobRunner, 'counts'>;
  counts: EventCounts;
  alerts: Alerts;
  config: ConfigFile | null;
  phase: () => Status['phase'];
  receiver: Pick<ReceiverDoor, 'url' | 'chosen' | 'problem'>;
  consoleUrl: () => string | null;
  isAccepting: () => boolean;
}

export function readStatus(parts: StatusParts): Status {
  const { receiver } = parts;
  const { address, setBy } = receiver.chosen();
  return {
    version: parts.version,
    mode: parts.mode,
    startedAt: new Date(parts.startedAtMs).toISOString(),
    dataDir: parts.dataDir.path,
    profile: parts.profile,
    phase: parts.phase(),
    receiver: {
      url: receiver.url(),
      accepting: parts.isAccepting(),
      ...address,
      setBy,
      problem: receiver.problem(),
    },
    consoleUrl: parts.consoleUrl(),
    config: parts.config?.status() ?? null,
    events: { total: parts.counts.total(), perMinute: parts.counts.perMinute() },
    runs: { ...parts.runner.counts(), inbox: countOrKept(parts.store.db) },
    index: { behind: parts.counts.indexBehind() },
    databaseBytes: databaseBytes(parts.dataDir.databaseFile),
    alerts: parts.alerts.list(),
  };
}

const keptCounts = new WeakMap<ReadableDb, number>();

/** The status is wanted most when the store fails: then the inbox counts what it did before. */
function countOrKept(db: ReadableDb): number {
  try {
    keptCounts.set(db, countInbox(db));
  } catch (error) {
    if (storageFault(error) === null) throw error;
  }
  return keptCounts.get(db) ?? 0;
}

/** With what waits in its log to be moved into it. */
export const databaseBytes = (file: string): number => fileBytes(file) + fileBytes(`${file}-wal`);

const fileBytes = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
