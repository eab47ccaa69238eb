import { patternsOf } from '../../../shared/conditions/patterns/type-pattern.ts';
import type { AlarmSpec } from '../../../shared/contract/alarms.ts';
import { AppError, type ErrorDetail } from '../../../shared/contract/errors.ts';
import type { JobSpec } from '../../../shared/contract/jobs.ts';
import { type Settings, settingsSchema } from '../../../shared/contract/settings.ts';
import type { SourceSpec } from '../../../shared/contract/sources.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { readAlarms, type StoredAlarm } from '../../store/definitions/alarms.ts';
import type { BrokenRow, DefinitionMeta } from '../../store/definitions/definition-rows.ts';
import { readJobs, type StoredJob } from '../../store/definitions/jobs.ts';
import { type ListenerBody, readListeners, type StoredListener } from '../../store/definitions/listeners.ts';
import { readSettings } from '../../store/definitions/settings.ts';
import { readSources, type StoredSource } from '../../store/definitions/sources.ts';
import { alarmDetails } from '../changes/alarm-definitions.ts';
import { mergeSettings } from '../changes/default-settings.ts';
import { type DefinitionState, type DefinitionsDeps, isSameJson } from '../changes/definition-state.ts';
import { listenerBody, missingRefs } from '../changes/listener-definitions.ts';
import { checkListenerDraft, misfitDetails } from '../checks/listener-checks.ts';
import type { Noun } from '../checks/refusals.ts';
import type { ConfigDefinitions } from '../definition-types.ts';

export interface StoredDefinitions {
  sources: ReadonlyMap<string, StoredSource>;
  jobs: ReadonlyMap<string, StoredJob>;
  listeners: ReadonlyMap<string, StoredListener>;
  alarms: ReadonlyMap<string, StoredAlarm>;
  /** `listener big-files` for each row that cannot be read. */
  broken: ReadonlySet<string>;
}

/** `before` null: it is added; `after` null: it is removed. */
export interface PlannedChange<Row, Wanted> {
  slug: string;
  before: Row | null;
  after: Wanted | null;
}

export type WantedListener = ListenerBody & { state: 'active' | 'disabled' };

/** What applying a config file changes; what stays as it is, is left out. */
export interface ConfigPlan {
  sources: PlannedChange<StoredSource, SourceSpec>[];
  jobs: PlannedChange<StoredJob, JobSpec>[];
  listeners: PlannedChange<StoredListener, WantedListener>[];
  alarms: PlannedChange<StoredAlarm, AlarmSpec>[];
  settings: { key: keyof Settings; before: Settings[keyof Settings]; after: Settings[keyof Settings] }[];
}

export const noDefinitions: StoredDefinitions = {
  sources: new Map(),
  jobs: new Map(),
  listeners: new Map(),
  alarms: new Map(),
  broken: new Set(),
};

/** Throws `invalid_config` with every problem found; their paths are as in the file. */
export function planConfig(
  db: ReadableDb,
  config: ConfigDefinitions,
  { options }: Pick<DefinitionState, 'options'>,
): { plan: ConfigPlan; stored: StoredDefinitions } {
  const stored = readStored(db);
  const bodies = checkConfig(config, stored, options.sourceRegistry);
  return {
    stored,
    plan: {
      sources: planSources(config, stored),
      jobs: planJobs(config, stored),
      listeners: planListeners(config, bodies, stored),
      alarms: planAlarms(config, stored),
      settings: planSettings(db, config, options),
    },
  };
}

function readStored(db: ReadableDb): StoredDefinitions {
  const sources = readSources(db);
  const jobs = readJobs(db);
  const listeners = readListeners(db);
  const alarms = readAlarms(db);
  const names = (rows: readonly BrokenRow[]): string[] => rows.map(({ kind, slug }) => `${kind} ${slug}`);
  return {
    sources: new Map(sources.rows.map((row) => [row.spec.slug, row])),
    jobs: new Map(jobs.rows.map((row) => [row.spec.slug, row])),
    listeners: new Map(listeners.rows.map((row) => [row.slug, row])),
    alarms: new Map(alarms.rows.map((row) => [row.spec.slug, row])),
    broken: new Set([sources, jobs, listeners, alarms].flatMap(({ broken }) => names(broken))),
  };
}

/** Throws `invalid_config` with every problem found. Gives the listeners as they are stored. */
export function checkConfig(
  config: ConfigDefinitions,
  stored: StoredDefinitions,
  sourceRegistry: Pick<DefinitionsDeps['sourceRegistry'], 'checkSpec'>,
): Map<string, Omit<ListenerBody, 'job' | 'name'>> {
  const details: ErrorDetail[] = [
    ...checkSlugs('source', config.sources, (slug) => stored.sources.get(slug)),
    ...checkSlugs('job', config.jobs, (slug) => stored.jobs.get(slug)),
    // A deleted listener is only history: the file may take its slug over.
    ...checkSlugs('listener', config.listeners, (slug) => {
      const found = stored.listeners.get(slug);
      return found?.state === 'deleted' ? undefined : found;
    }),
    ...checkSlugs('alarm', config.alarms, (slug) => stored.alarms.get(slug)),
  ];
  config.sources.forEach((spec, index) => {
    try {
      sourceRegistry.checkSpec(spec);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const found = error.details ?? [];
      if (found.length === 0) details.push({ path: ['sources', index], message: error.message });
      for (const { path, message } of found) details.push({ path: ['sources', index, ...path], message });
    }
  });
  const declaredSources = new Set(config.sources.map(({ slug }) => slug));
  const declaredJobs = new Set(config.jobs.map(({ slug }) => slug));
  const staysWithUs = (meta: DefinitionMeta | undefined): boolean => meta !== undefined && meta.owner !== 'config';
  const has = {
    source: (slug: string) => declaredSources.has(slug) || staysWithUs(stored.sources.get(slug)),
    job: (slug: string) => declaredJobs.has(slug) || staysWithUs(stored.jobs.get(slug)),
  };
  const jobOf = (slug: string) => config.jobs.find((spec) => spec.slug === slug) ?? stored.jobs.get(slug)?.spec;
  const presetOf = (slug: string | null) =>
    (config.sources.find((spec) => spec.slug === slug) ?? stored.sources.get(slug ?? '')?.spec)?.preset;
  const declaredListeners = new Set(config.listeners.map(({ slug }) => slug));
  const keptListener = (slug: string): boolean => {
    const found = stored.listeners.get(slug);
    return found?.state !== 'deleted' && staysWithUs(found);
  };
  config.alarms.forEach((spec, index) => {
    const found = alarmDetails(spec, {
      ...has,
      listener: (slug) => declaredListeners.has(slug) || keptListener(slug),
    });
    for (const { path, message } of found) details.push({ path: ['alarms', index, ...path], message });
  });
  const bodies = new Map<string, Omit<ListenerBody, 'job' | 'name'>>();
  config.listeners.forEach((spec, index) => {
    const checked = checkListenerDraft(spec);
    const found = missingRefs({ source: spec.source ?? null, job: spec.job }, has);
    if (checked.ok) {
      const { source, type } = checked.body;
      bodies.set(spec.slug, { ...checked.body, type: patternsOf(presetOf(source), type) });
      found.push(...misfitDetails({ ...checked.body, job: spec.job }, jobOf(spec.job)));
    } else found.push(...checked.details);
    for (const { path, message } of found) details.push({ path: ['listeners', index, ...path], message });
  });
  if (details.length > 0) {
    throw new AppError('invalid_config', `${config.fileName} cannot be applied: ${details.length} problems.`, details);
  }
  return bodies;
}

function checkSlugs(
  noun: Noun,
  specs: readonly { slug: string }[],
  find: (slug: string) => DefinitionMeta | undefined,
): ErrorDetail[] {
  const seen = new Set<string>();
  return specs.flatMap(({ slug }, index) => {
    const path = [`${noun}s`, index, 'slug'];
    if (seen.has(slug)) return [{ path, message: `"${slug}" is declared twice` }];
    seen.add(slug);
    const owner = find(slug)?.owner;
    if (owner === 'builtin') return [{ path, message: `"${slug}" is built in; choose another slug` }];
    if (owner === 'user') {
      return [
        {
          path,
          message: `"${slug}" already exists as ${noun === 'alarm' ? 'an' : 'a'} ${noun} created in the app; delete it there or choose another slug`,
        },
      ];
    }
    return [];
  });
}

const settingKeys = settingsSchema.keyof().options;

const removed = <Row extends DefinitionMeta>(
  rows: ReadonlyMap<string, Row>,
  specs: readonly { slug: string }[],
): { slug: string; before: Row; after: null }[] => {
  const declared = new Set(specs.map(({ slug }) => slug));
  return [...rows].flatMap(([slug, before]) =>
    before.owner !== 'config' || declared.has(slug) ? [] : [{ slug, before, after: null }],
  );
};

function planSources(config: ConfigDefinitions, stored: StoredDefinitions): ConfigPlan['sources'] {
  const written = config.sources.flatMap((spec) => {
    const before = stored.sources.get(spec.slug) ?? null;
    return before !== null && isSameJson(before.spec, spec) ? [] : [{ slug: spec.slug, before, after: spec }];
  });
  return [...written, ...removed(stored.sources, config.sources)];
}

function planJobs(config: ConfigDefinitions, stored: StoredDefinitions): ConfigPlan['jobs'] {
  const written = config.jobs.flatMap((spec) => {
    const before = stored.jobs.get(spec.slug) ?? null;
    const isSame = before !== null && before.baseDir === config.baseDir && isSameJson(before.spec, spec);
    return isSame ? [] : [{ slug: spec.slug, before, after: spec }];
  });
  return [...written, ...removed(stored.jobs, config.jobs)];
}

function planAlarms(config: ConfigDefinitions, stored: StoredDefinitions): ConfigPlan['alarms'] {
  const written = config.alarms.flatMap((spec) => {
    const before = stored.alarms.get(spec.slug) ?? null;
    return before !== null && isSameJson(before.spec, spec) ? [] : [{ slug: spec.slug, before, after: spec }];
  });
  return [...written, ...removed(stored.alarms, config.alarms)];
}

function planListeners(
  config: ConfigDefinitions,
  bodies: ReadonlyMap<string, Omit<ListenerBody, 'job' | 'name'>>,
  stored: StoredDefinitions,
): ConfigPlan['listeners'] {
  const written = config.listeners.flatMap((spec) => {
    const { slug, name = slug, job } = spec;
    const checked = bodies.get(slug);
    if (checked === undefined) return [];
    const body: ListenerBody = { name, ...checked, job };
    const state = spec.state ?? 'active';
    const before = stored.listeners.get(slug) ?? null;
    const isSame = before?.owner === 'config' && before.state === state && isSameJson(listenerBody(before), body);
    return isSame ? [] : [{ slug, before, after: { ...body, state } }];
  });
  const gone = removed(stored.listeners, config.listeners).filter(({ before }) => before.state !== 'deleted');
  return [...written, ...gone];
}

function planSettings(
  db: ReadableDb,
  { settings: patch }: ConfigDefinitions,
  { defaultSettings }: Pick<DefinitionsDeps, 'defaultSettings'>,
): ConfigPlan['settings'] {
  if (patch === null) return [];
  const before = readSettings(db, defaultSettings).settings;
  const after = mergeSettings(before, patch);
  return settingKeys.flatMap((key) =>
    isSameJson(before[key], after[key]) ? [] : [{ key, before: before[key], after: after[key] }],
  );
}
