import { resolve } from 'node:path';
import type { JobSpec } from '../../../shared/contract/jobs.ts';
import { listenerDefaults } from '../../../shared/contract/listeners.ts';
import { scriptFolder } from '../../jobs/attempt/job-folders.ts';
import type { StoredJob } from '../../store/definitions/jobs.ts';
import type { StoredListener } from '../../store/definitions/listeners.ts';
import type { DefinitionState } from '../changes/definition-state.ts';
import { printYaml } from './exact-yaml.ts';

/** What a config file would say to have today's definitions. Definitions hold secrets as references only. */
export function exportConfig(state: DefinitionState): string {
  const sources = [...state.sources.values()].filter(({ owner }) => owner !== 'builtin').map(({ spec }) => spec);
  const jobs = [...state.jobs.values()].map((job) => placed(job, state.options.dataDir));
  const listeners = [...state.listeners.values()].filter((listener) => listener.state !== 'deleted').map(toConfig);
  const alarms = [...state.alarms.values()].map(({ spec }) => spec);
  return printYaml({ version: 1, sources, jobs, listeners, ...(alarms.length === 0 ? {} : { alarms }) });
}

/** The export may be saved anywhere, so its paths are absolute. */
function placed({ spec, baseDir }: StoredJob, dataDir: string): JobSpec {
  if (spec.kind === 'http') return spec;
  const cwd = spec.cwd === undefined ? baseDir : resolve(baseDir ?? dataDir, spec.cwd);
  const inFolder = cwd === null ? {} : { cwd };
  if (spec.kind === 'command') return { ...spec, ...inFolder };
  return { ...spec, ...inFolder, file: resolve(baseDir ?? scriptFolder(dataDir), spec.file) };
}

function toConfig(listener: StoredListener): Record<string, unknown> {
  const {
    slug,
    name,
    source,
    type,
    where,
    filter,
    job,
    mode,
    deadline,
    fallback,
    priority,
    approval,
    resolves,
    batch,
    state,
  } = listener;
  const isAlways = 'all' in where && where.all.length === 0;
  return {
    slug,
    ...(name === slug ? {} : { name }),
    ...(source === null ? {} : { source }),
    ...(type.length === 0 ? {} : { type }),
    ...(filter === undefined ? (isAlways ? {} : { where }) : { filter }),
    job,
    ...(mode === 'notify' ? {} : mode === 'shadow' ? { mode } : { mode, deadline, fallback }),
    ...(priority === listenerDefaults.priority ? {} : { priority }),
    ...(approval === listenerDefaults.approval ? {} : { approval }),
    ...(resolves === listenerDefaults.resolves ? {} : { resolves }),
    ...(batch === undefined ? {} : { batch }),
    ...(state === 'disabled' ? { state } : {}),
  };
}
