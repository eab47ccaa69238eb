import { ownSource } from '../../shared/own-source.ts';
import { readMeta, writeMeta } from '../store/database/meta.ts';
import { readAlarms } from '../store/definitions/alarms.ts';
import type { BrokenRow } from '../store/definitions/definition-rows.ts';
import { readJobs } from '../store/definitions/jobs.ts';
import { readListeners, type StoredListener } from '../store/definitions/listeners.ts';
import { readSettings } from '../store/definitions/settings.ts';
import { hasSource, putSource, readSources } from '../store/definitions/sources.ts';
import { createAlarmDefinitions } from './changes/alarm-definitions.ts';
import type { DefinitionState, DefinitionsDeps } from './changes/definition-state.ts';
import { createJobDefinitions } from './changes/job-definitions.ts';
import { createListenerDefinitions } from './changes/listener-definitions.ts';
import { createSecretDefinitions } from './changes/secret-definitions.ts';
import { createSettingDefinitions } from './changes/setting-definitions.ts';
import { createSourceDefinitions } from './changes/source-definitions.ts';
import { applyConfigTo } from './config/apply-config.ts';
import { configChanges } from './config/config-changes.ts';
import { exportConfig } from './config/export-config.ts';
import { planConfig } from './config/plan-config.ts';
import type { DefinitionKind, Definitions } from './definition-types.ts';

export type { DefinitionsDeps } from './changes/definition-state.ts';

const configFileKey = 'cluster.config_file';

/** Everything defined, in memory and in the registries that the hot path asks; `load()` comes first. */
export function createDefinitions(options: DefinitionsDeps): Definitions {
  const nowMs = options.nowMs ?? Date.now;
  const brokenByKind = new Map<DefinitionKind, BrokenRow[]>();
  /** As stored, to be told apart from what is shown (see `shown`). */
  let storedListeners: ReadonlyMap<string, StoredListener> = new Map();

  const state: DefinitionState = {
    options,
    nowMs,
    configFile: null,
    sources: new Map(),
    listeners: new Map(),
    jobs: new Map(),
    alarms: new Map(),
    settings: options.defaultSettings,
    broken: [],
    reload(kinds) {
      for (const kind of kinds) readers[kind]();
      state.broken = [...brokenByKind.values()].flat();
      for (const kind of kinds) options.emitChanged(kind);
    },
  };

  /** Without a config file in force, what one declared is the operator's. */
  const shown = <T extends { owner: string }>(row: T): T =>
    row.owner === 'config' && state.configFile === null ? { ...row, owner: 'user' } : row;

  const readers: Record<DefinitionKind, () => void> = {
    sources() {
      const { rows, broken } = readSources(options.db);
      brokenByKind.set('sources', broken);
      state.sources = new Map(rows.map((row) => [row.spec.slug, shown(row)]));
      options.sourceRegistry.replaceAll(
        rows.filter(({ owner }) => owner !== 'builtin').map(({ spec }) => spec),
        broken.map(({ slug }) => slug),
      );
    },
    listeners() {
      const { rows, broken } = readListeners(options.db, storedListeners);
      brokenByKind.set('listeners', broken);
      storedListeners = new Map(rows.map((row) => [row.slug, row]));
      state.listeners = new Map(rows.map((row) => [row.slug, shown(row)]));
      options.listenerIndex.replaceAll(rows);
    },
    jobs() {
      const { rows, broken } = readJobs(options.db);
      brokenByKind.set('jobs', broken);
      state.jobs = new Map(rows.map((row) => [row.spec.slug, shown(row)]));
      options.jobCatalog.replaceAll(
        rows,
        broken.map(({ slug }) => slug),
      );
    },
    alarms() {
      const { rows, broken } = readAlarms(options.db);
      brokenByKind.set('alarms', broken);
      state.alarms = new Map(rows.map((row) => [row.spec.slug, shown(row)]));
    },
    settings() {
      const { settings, broken } = readSettings(options.db, options.defaultSettings);
      brokenByKind.set('settings', broken);
      state.settings = settings;
    },
    secrets() {
      // The secret store reads its own table.
    },
  };

  return {
    sources: createSourceDefinitions(state),
    listeners: createListenerDefinitions(state),
    jobs: createJobDefinitions(state),
    alarms: createAlarmDefinitions(state),
    settings: createSettingDefinitions(state),
    secrets: createSecretDefinitions(state),
    async load() {
      if (options.isShared === true) state.configFile = readMeta(options.db, configFileKey);
      if (!hasSource(options.db, ownSource)) {
        const spec = { slug: ownSource, name: 'Signalbox', preset: ownSource };
        const atMs = nowMs();
        const meta = { owner: 'builtin', version: 1, createdAtMs: atMs, updatedAtMs: atMs } as const;
        await (options.ownWriter ?? options.writer).write(({ db }) => putSource(db, { spec, ...meta }));
      }
      state.reload(['settings', 'sources', 'jobs', 'listeners', 'alarms']);
    },
    async applyConfig(config, onChanged) {
      const { changed, changes } = await options.writer.write((tx) => {
        const { plan, ...applied } = applyConfigTo(tx, config, state);
        if (options.isShared === true) writeMeta(tx.db, configFileKey, config.fileName);
        const made = configChanges(plan, config.baseDir);
        if (applied.changed.size > 0) onChanged?.(tx, made);
        return { ...applied, changes: made };
      });
      const isNewFile = state.configFile !== config.fileName;
      state.configFile = config.fileName;
      // A listener's problem depends on sources and jobs; and with a file newly in force owners read differently.
      const all = isNewFile || changed.has('sources') || changed.has('jobs');
      state.reload(all ? [...new Set([...changed, 'sources', 'jobs', 'listeners', 'alarms'] as const)] : [...changed]);
      return { changed: changed.size > 0, changes };
    },
    diffConfig: (config) => configChanges(planConfig(options.db, config, state).plan, config.baseDir),
    exportConfig: () => exportConfig(state),
    broken: () => state.broken,
  };
}
