import type { Logger } from 'pino';
import type { JobsUser } from '../jobs/process/jobs-user.ts';
import { type Alerts, createAlerts } from '../upkeep/alerts.ts';
import { type DataDir, openDataDir } from '../upkeep/data-dir/data-dir.ts';
import { type GuardedStore, openGuardedStore } from '../upkeep/guarded-store.ts';
import { type Changes, createChanges } from './changes.ts';
import { admitJobsUser, readJobsUser } from './jobs-user-option.ts';
import { openLog } from './log/log.ts';
import type { RuntimeOptions } from './runtime-types.ts';
import type { StopOrder } from './stop-order.ts';

export interface Foundation {
  dataDir: DataDir;
  /** Null: jobs run as the app's user. */
  jobsUser: JobsUser | null;
  log: Logger;
  changes: Changes;
  alerts: Alerts;
  guarded: GuardedStore;
}

/** What everything else needs: the data directory, the log, alerts and the store. Throws StartError. */
export async function openFoundation(
  options: RuntimeOptions,
  stopOrder: StopOrder,
  nowMs: () => number,
): Promise<Foundation> {
  const jobsUser = readJobsUser(options.jobsUser ?? null);
  const dataDir = openDataDir(options.dataDir, options.configFile);
  stopOrder.add('data directory', () => dataDir.release());
  const { log, close: closeLog } = openLog(dataDir.path, options.logLevel);
  stopOrder.add('log', closeLog);
  admitJobsUser(jobsUser, dataDir.path, options.workerFiles);
  if (jobsUser !== null) log.info({ user: jobsUser.name, uid: jobsUser.uid }, 'jobs run as a dedicated user');
  const { gaveUp, warning } = dataDir;
  if (gaveUp.length > 0) log.warn({ gaveUp }, 'the disk is full: these were given up so that the start finds room');
  const changes = createChanges();
  const alerts = createAlerts(nowMs, () => changes.emit('status'));
  if (warning !== null) alerts.raise('data_dir_open', 'warning', warning);
  const guarded = await openGuardedStore({ options, dataDir, stopOrder, alerts, log, nowMs });
  return { dataDir, jobsUser, log, changes, alerts, guarded };
}
