import { patternsOf } from '../../../shared/conditions/patterns/type-pattern.ts';
import { AppError, type ErrorDetail } from '../../../shared/contract/errors.ts';
import type { WritableDb } from '../../store/database/open.ts';
import type { BrokenRow, DefinitionMeta } from '../../store/definitions/definition-rows.ts';
import { deleteJob, putJob, readJobs, type StoredJob } from '../../store/definitions/jobs.ts';
import {
  type ListenerBody,
  lastListenerVersion,
  putListener,
  readListeners,
  type StoredListener,
} from '../../store/definitions/listeners.ts';
import { deleteSource, putSource, readSources, type StoredSource } from '../../store/definitions/sources.ts';
import type { Transaction } from '../../store/write/writer.ts';
import { type DefinitionState, isSameJson } from '../changes/definition-state.ts';
import { listenerBody, missingRefs } from '../changes/listener-definitions.ts';
import { writeSettings } from '../changes/setting-definitions.ts';
import { approvalDetails, checkListenerDraft } from '../checks/listener-checks.ts';
import type { Noun } from '../checks/refusals.ts';
import type { ConfigDefinitions, DefinitionKind } from '../definition-types.ts';

interface Stored {
  sources: Map<string, StoredSource>;
  jobs: Map<string, StoredJob>;
  listeners: Map<string, StoredListener>;
  broken: Set<string>;
}

/**
 * Inside a transaction: makes the config file's definitions exactly these, and answers what that changed. Throws
 * `invalid_config` before writing anything, with every problem found; their paths are as in the file.
 */
export function applyConfigTo(tx: Transaction, config: ConfigDefinitions, state: DefinitionState): Set<DefinitionKind> {
  const { db } = tx;
  const stored = readStored(db);
  const bodies = checkConfig(config, stored, state);
  const changed = new Set<DefinitionKind>();
  applySources(db, config, stored, state, changed);
  applyJobs(tx, config, stored, state, changed);
  applyListeners(db, config, bodies, stored, state, changed);
  if (config.settings !== null && writeSettings(db, state.options.defaultSettings, config.settings)) {
    changed.add('settings');
  }
  return changed;
}

function readStored(db: WritableDb): Stored {
  const sources = readSources(db);
  const jobs = readJobs(db);
  const listeners = readListeners(db);
  const names = (rows: readonly BrokenRow[]): string[] => rows.map(({ kind, slug }) => `${kind} ${slug}`);
  return {
    sources: new Map(sources.rows.map((row) => [row.spec.slug, row])),
    jobs: new Map(jobs.rows.map((row) => [row.spec.slug, row])),
    listeners: new Map(listeners.rows.map((row) => [row.slug, row])),
    broken: new Set([...names(sources.broken), ...names(jobs.broken), ...names(listeners.broken)]),
  };
}

function checkConfig(
  config: ConfigDefinitions,
  stored: Stored,
  { options }: DefinitionState,
): Map<string, Omit<ListenerBody, 'job' | 'name'>> {
  const details: ErrorDetail[] = [
    ...checkSlugs('source', config.sources, (slug) => stored.sources.get(slug)),
    ...checkSlugs('job', config.jobs, (slug) => stored.jobs.get(slug)),
    // A deleted listener is only history: the file may take its slug over.
    ...checkSlugs('listener', config.listeners, (slug) => {
      const found = stored.listeners.get(slug);
      return found?.state === 'deleted' ? undefined : found;
    }),
  ];
  config.sources.forEach((spec, index) => {
    try {
      options.sourceRegistry.checkSpec(spec);
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
  const jobApproval = (slug: string) =>
    (config.jobs.find((spec) => spec.slug === slug) ?? stored.jobs.get(slug)?.spec)?.approval;
  const presetOf = (slug: string | null) =>
    (config.sources.find((spec) => spec.slug === slug) ?? stored.sources.get(slug ?? '')?.spec)?.preset;
  const bodies = new Map<string, Omit<ListenerBody, 'job' | 'name'>>();
  config.listeners.forEach((spec, index) => {
    const checked = checkListenerDraft(spec);
    const found = missingRefs({ source: spec.source ?? null, job: spec.job }, has);
    if (checked.ok) {
      const { source, type } = checked.body;
      bodies.set(spec.slug, { ...checked.body, type: patternsOf(presetOf(source), type) });
      found.push(...approvalDetails({ ...checked.body, job: spec.job }, jobApproval(spec.job)));
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
        { path, message: `"${slug}" is a ${noun} made in the app already; delete it there or choose another slug` },
      ];
    }
    return [];
  });
}

/** Owner and version of a row that the file writes now. */
const configMeta = (before: DefinitionMeta | undefined, nowMs: number): DefinitionMeta => ({
  owner: 'config',
  version: (before?.version ?? 0) + 1,
  createdAtMs: before?.createdAtMs ?? nowMs,
  updatedAtMs: nowMs,
});

function applySources(
  db: WritableDb,
  config: ConfigDefinitions,
  stored: Stored,
  state: DefinitionState,
  changed: Set<DefinitionKind>,
): void {
  for (const spec of config.sources) {
    const before = stored.sources.get(spec.slug);
    if (before !== undefined && isSameJson(before.spec, spec)) continue;
    putSource(db, { spec, ...configMeta(before, state.nowMs()) });
    changed.add('sources');
  }
  const declared = new Set(config.sources.map(({ slug }) => slug));
  for (const { spec, owner } of stored.sources.values()) {
    if (owner !== 'config' || declared.has(spec.slug)) continue;
    deleteSource(db, spec.slug);
    changed.add('sources');
  }
}

function applyJobs(
  tx: Transaction,
  config: ConfigDefinitions,
  stored: Stored,
  state: DefinitionState,
  changed: Set<DefinitionKind>,
): void {
  const { baseDir } = config;
  for (const spec of config.jobs) {
    const before = stored.jobs.get(spec.slug);
    if (before !== undefined && before.baseDir === baseDir && isSameJson(before.spec, spec)) continue;
    putJob(tx.db, { spec, baseDir, ...configMeta(before, state.nowMs()) });
    changed.add('jobs');
  }
  const declared = new Set(config.jobs.map(({ slug }) => slug));
  for (const job of stored.jobs.values()) {
    if (job.owner !== 'config' || declared.has(job.spec.slug)) continue;
    deleteJob(tx.db, job.spec.slug);
    changed.add('jobs');
    state.options.jobDeleted?.(tx, job);
  }
}

function applyListeners(
  db: WritableDb,
  config: ConfigDefinitions,
  bodies: ReadonlyMap<string, Omit<ListenerBody, 'job' | 'name'>>,
  stored: Stored,
  state: DefinitionState,
  changed: Set<DefinitionKind>,
): void {
  for (const spec of config.listeners) {
    const { slug, name = slug, job } = spec;
    const checked = bodies.get(slug);
    if (checked === undefined) continue;
    const body: ListenerBody = { name, ...checked, job };
    const wantedState = spec.state ?? 'active';
    const before = stored.listeners.get(slug);
    const isSame = before?.owner === 'config' && before.state === wantedState && isSameJson(listenerBody(before), body);
    if (isSame) continue;
    const meta = configMeta(before, state.nowMs());
    // A row that cannot be read is replaced, but its versions are still there.
    const version = stored.broken.has(`listener ${slug}`) ? lastListenerVersion(db, slug) + 1 : meta.version;
    putListener(db, { slug, ...body, state: wantedState, ...meta, version });
    changed.add('listeners');
  }
  const declared = new Set(config.listeners.map(({ slug }) => slug));
  for (const listener of stored.listeners.values()) {
    if (listener.owner !== 'config' || listener.state === 'deleted' || declared.has(listener.slug)) continue;
    putListener(db, { ...listener, state: 'deleted', ...configMeta(listener, state.nowMs()) });
    changed.add('listeners');
  }
}
