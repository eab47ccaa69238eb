import type { Status } from '../../../shared/contract/app.ts';
import type { JobRunner } from '../../jobs/operator/runner-types.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { storageFault } from '../../store/database/storage-errors.ts';
import { countInbox } from '../../store/runs/run-counts.ts';
import type { Alerts } from '../../upkeep/alerts.ts';
import type { DataDir } from '../../upkeep/data-dir/data-dir.ts';
import { databaseBytes } from '../../upkeep/database-bytes.ts';
import type { Store } from '../../upkeep/store/open-store.ts';
import type { ConfigFile } from '../config/config-file.ts';
import type { Mode } from '../runtime-types.ts';
import type { ReceiverServer } from '../servers/receiver-server.ts';
import type { EventCounts } from './event-counts.ts';

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
  receiver: Pick<ReceiverServer, 'url' | 'chosen' | 'problem'>;
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
