import { deleteAlarm, lastAlarmVersion, putAlarm } from '../../store/definitions/alarms.ts';
import type { DefinitionMeta } from '../../store/definitions/definition-rows.ts';
import { deleteJob, putJob } from '../../store/definitions/jobs.ts';
import { lastListenerVersion, putListener } from '../../store/definitions/listeners.ts';
import { deleteSource, putSource } from '../../store/definitions/sources.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { DefinitionState } from '../changes/definition-state.ts';
import { writeSettings } from '../changes/setting-definitions.ts';
import type { ConfigDefinitions, DefinitionKind } from '../definition-types.ts';
import { type ConfigPlan, planConfig } from './plan-config.ts';

/**
 * Inside a transaction: makes the config file's definitions exactly these, and answers what that changed. Throws
 * `invalid_config` before writing anything, with every problem found; their paths are as in the file.
 */
export function applyConfigTo(
  tx: Transaction,
  config: ConfigDefinitions,
  state: DefinitionState,
): { changed: Set<DefinitionKind>; plan: ConfigPlan } {
  const { db } = tx;
  const { plan, stored } = planConfig(db, config, state);
  const savedBy = config.savedBy === undefined ? {} : { savedBy: config.savedBy };
  const metaOf = (before: DefinitionMeta | null): DefinitionMeta => configMeta(before, state.nowMs());
  for (const { slug, before, after } of plan.sources) {
    if (after === null) deleteSource(db, slug);
    else putSource(db, { spec: after, ...metaOf(before) });
  }
  for (const { slug, before, after } of plan.jobs) {
    if (after !== null) {
      putJob(db, { spec: after, baseDir: config.baseDir, ...metaOf(before), ...savedBy });
      continue;
    }
    deleteJob(db, slug);
    if (before !== null) state.options.jobDeleted?.(tx, before);
  }
  for (const { slug, before, after } of plan.listeners) {
    const meta = metaOf(before);
    if (after === null) {
      if (before !== null) putListener(db, { ...before, state: 'deleted', ...meta });
      continue;
    }
    // A row that cannot be read is replaced, but its versions are still there.
    const version = stored.broken.has(`listener ${slug}`) ? lastListenerVersion(db, slug) + 1 : meta.version;
    putListener(db, { slug, ...after, ...meta, version });
  }
  for (const { slug, before, after } of plan.alarms) {
    if (after === null) {
      deleteAlarm(db, slug);
      continue;
    }
    // An alarm that was removed, or cannot be read, has left its versions.
    putAlarm(db, { spec: after, ...metaOf(before), version: lastAlarmVersion(db, slug) + 1 });
  }
  if (config.settings !== null) writeSettings(db, state.options.defaultSettings, config.settings);
  const kinds = ['sources', 'jobs', 'listeners', 'alarms', 'settings'] as const;
  return { plan, changed: new Set(kinds.filter((kind) => plan[kind].length > 0)) };
}

/** Owner and version of a row that the file writes now. */
const configMeta = (before: DefinitionMeta | null, nowMs: number): DefinitionMeta => ({
  owner: 'config',
  version: (before?.version ?? 0) + 1,
  createdAtMs: before?.createdAtMs ?? nowMs,
  updatedAtMs: nowMs,
});
