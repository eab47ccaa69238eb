import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import {
  type Example,
  type ExamplePart,
  type ExampleSpec,
  exampleManifestSchema,
} from '../../../shared/contract/examples.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import { newWebhookSecret } from '../../destinations/sign/standard-webhooks.ts';

export interface ExampleHandlerDeps {
  definitions: Pick<Definitions, 'sources' | 'jobs' | 'listeners' | 'secrets'>;
  /** Absolute. */
  dataDir: string;
  /** Has `examples.json` and `jobs/`. */
  examplesDir: string;
}

export type ExampleHandlers = Pick<Handlers, Extract<keyof Handlers, `examples.${string}`>>;

/** Beside the operators' own scripts: from there on it is theirs to change. */
const copiesDir = (dataDir: string): string => join(dataDir, 'jobs', 'examples');

/** Every `{folder}` in the texts of a spec. On Windows a path has backslashes, so the text is never JSON here. */
function fillIn(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{folder}', folder);
  if (Array.isArray(value)) return value.map((one) => fillIn(one, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillIn(one, folder)]));
}

export function readExamples(examplesDir: string, dataDir: string): ExampleSpec[] {
  const text = readFileSync(join(examplesDir, 'examples.json'), 'utf8');
  return exampleManifestSchema.parse(fillIn(JSON.parse(text), copiesDir(dataDir))).examples;
}

function copyFiles({ files }: ExampleSpec, { examplesDir, dataDir }: ExampleHandlerDeps): void {
  for (const file of files) {
    const target = join(copiesDir(dataDir), file);
    // What an operator has changed stays changed.
    if (existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    copyFileSync(join(examplesDir, 'jobs', file), target);
  }
}

export function createExampleHandlers(deps: ExampleHandlerDeps): ExampleHandlers {
  const { sources, jobs, listeners, secrets } = deps.definitions;
  const read = (): ExampleSpec[] => readExamples(deps.examplesDir, deps.dataDir);
  const hasSecret = (name: string): boolean => secrets.list().some((secret) => secret.name === name);
  const isTaken = (kind: ExamplePart['kind'], slug: string): boolean => {
    if (kind === 'job') return jobs.has(slug);
    if (kind === 'source') return sources.list().some(({ spec }) => spec.slug === slug);
    return listeners.list().some((listener) => listener.slug === slug);
  };

  function show(spec: ExampleSpec): Example {
    const part = (kind: ExamplePart['kind'], slug: string): ExamplePart => ({
      kind,
      slug,
      isThere: isTaken(kind, slug),
    });
    const all = [
      ...(spec.source === null ? [] : [part('source', spec.source.slug)]),
      ...spec.jobs.map(({ slug }) => part('job', slug)),
      ...spec.listeners.map(({ slug }) => part('listener', slug)),
    ];
    return {
      slug: spec.slug,
      title: spec.title,
      description: spec.description,
      needs: spec.needs.map((need) => ({ ...need, isMet: isMet(need) })),
      parts: all,
      isInstalled: all.every(({ isThere }) => isThere),
      sample: spec.sample,
    };
  }

  function isMet({ kind, name, job }: ExampleSpec['needs'][number]): boolean {
    if (kind === 'secret') return hasSecret(name);
    if (kind === 'file') return existsSync(name);
    if (job === undefined || !jobs.has(job)) return false;
    const { spec } = jobs.get(job);
    return spec.kind !== 'http' && (spec.env?.[name] ?? '').trim() !== '';
  }

  async function install(spec: ExampleSpec) {
    const before = show(spec);
    copyFiles(spec, deps);
    for (const name of spec.makesSecrets ?? []) {
      if (!hasSecret(name)) await secrets.set(name, newWebhookSecret());
    }
    if (spec.source !== null && !isTaken('source', spec.source.slug)) await sources.create(spec.source);
    for (const job of spec.jobs) if (!jobs.has(job.slug)) await jobs.create(job);
    const isReady = spec.needs.every(isMet);
    const disabled: string[] = [];
    for (const listener of spec.listeners) {
      if (isTaken('listener', listener.slug)) continue;
      await listeners.create(listener, isReady ? 'active' : 'disabled');
      if (!isReady) disabled.push(listener.slug);
    }
    const example = show(spec);
    return { example, made: before.parts.filter(({ isThere }) => !isThere), disabled };
  }

  return {
    'examples.list': () => ({ items: read().map(show) }),
    'examples.install': ({ slug }) => {
      const spec = read().find((one) => one.slug === slug);
      if (spec === undefined) throw new AppError('not_found', `There is no example "${slug}".`);
      return install(spec);
    },
  };
}
