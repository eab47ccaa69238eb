import type { Status } from '../../../shared/contract/app.ts';
import type { ClusterStatus } from '../../../shared/contract/cluster.ts';
import type { JobRunner } from '../../jobs/operator/runner-types.ts';
import { storedBytes } from '../../store/database/database-size.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { storageFault } from '../../store/database/storage-errors.ts';
import { countInbox } from '../../store/runs/run-counts.ts';
import type { Alerts } from '../../upkeep/alerts.ts';
import type { DataDir } from '../../upkeep/data-dir/data-dir.ts';
import type { Store } from '../../upkeep/store/open-store.ts';
import type { ConfigFile } from '../config/config-file.ts';
import type { Mode } from '../runtime-types.ts';
import type { ReceiverServer } from '../servers/receiver-server.ts';
import type { EventCounts } from './event-counts.ts';

export interface StatusDeps {
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
  cluster: () => ClusterStatus | null;
}

export function readStatus(deps: StatusDeps): Status {
  const { receiver } = deps;
  const { address, setBy } = receiver.chosen();
  return {
    version: deps.version,
    mode: deps.mode,
    startedAt: new Date(deps.startedAtMs).toISOString(),
    dataDir: deps.dataDir.path,
    profile: deps.profile,
    phase: deps.phase(),
    receiver: {
      url: receiver.url(),
      accepting: deps.isAccepting(),
      ...address,
      setBy,
      problem: receiver.problem(),
    },
    consoleUrl: deps.consoleUrl(),
    config: deps.config?.status() ?? null,
    events: { total: deps.counts.total(), perMinute: deps.counts.perMinute() },
    runs: { ...deps.runner.counts(), inbox: readOrKept(deps.store.db, keptInbox, countInbox) },
    index: { behind: deps.counts.indexBehind() },
    databaseBytes: readOrKept(deps.store.db, keptBytes, storedBytes),
    alerts: deps.alerts.list(),
    cluster: deps.cluster(),
  };
}

type Kept = WeakMap<ReadableDb, number>;
const keptInbox: Kept = new WeakMap();
const keptBytes: Kept = new WeakMap();

/** The status is wanted most when the store fails: then a number is what it was before. */
function readOrKept(db: ReadableDb, kept: Kept, read: (db: ReadableDb) => number): number {
  try {
    kept.set(db, read(db));
  } catch (error) {
    if (storageFault(error) === null) throw error;
  }
  return kept.get(db) ?? 0;
}
