import { basename, dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type AlarmSpec, alarmSpecSchema } from '../../../shared/contract/alarms.ts';
import { clusterConfigSchema } from '../../../shared/contract/cluster.ts';
import { type SecretRef, secretRefSchema } from '../../../shared/contract/common.ts';
import type { ErrorDetail } from '../../../shared/contract/errors.ts';
import { describeIssue, issueDetails } from '../../../shared/contract/explain-issues.ts';
import { type JobSpec, jobSpecSchema } from '../../../shared/contract/jobs.ts';
import { listenerSpecSchema } from '../../../shared/contract/listeners.ts';
import { type SettingsPatch, settingsPatchSchema } from '../../../shared/contract/settings.ts';
import { type SourceSpec, sourceSpecSchema } from '../../../shared/contract/sources.ts';
import { errorText } from '../../../shared/error-text.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { keepExactNumbers } from '../../definitions/config/exact-yaml.ts';
import type { ConfigDefinitions } from '../../definitions/definition-types.ts';
import { withPlacedSignSecrets } from '../../destinations/sign/sign-secrets.ts';
import type { Preset } from '../../sources/source-types.ts';
import { lineOf, printPath } from './config-position.ts';

const alternatives = new Intl.ListFormat('en', { type: 'disjunction' });

/** Twenty thousand would say no more, in a log line and an alert of megabytes. */
const maxProblems = 20;
const maxProblemChars = 400;

/**
 * What is wrong with a config file: one line a problem, `signalbox.yaml:12: jobs[0].timeout must be …`; the first 20,
 * and a line that counts the rest.
 */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export interface ParsedConfig {
  definitions: ConfigDefinitions;
  /** For what only shows when the definitions are applied. */
  toError(details: readonly ErrorDetail[]): ConfigError;
}

/** What is to be known of a preset here: which of its settings are secrets. */
export type ConfigPresets = ReadonlyMap<string, { info: Pick<Preset['info'], 'fields'> }>;

// A section with everything commented out is null in YAML.
const section = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const configSchema = z.strictObject({
  version: z.literal(1),
  // Read at the start alone, by cluster-config.ts.
  cluster: clusterConfigSchema.nullish(),
  settings: settingsPatchSchema.nullish(),
  sources: section(sourceSpecSchema),
  jobs: section(jobSpecSchema),
  listeners: section(listenerSpecSchema.extend({ state: z.enum(['active', 'disabled']).optional() })),
  alarms: section(alarmSpecSchema),
});

/** Reads a config file's text; throws ConfigError with every problem there is in it. */
export function parseConfig(text: string, file: string, presets: ConfigPresets): ParsedConfig {
  const name = basename(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', prettyErrors: false });
  if (document.errors.length > 0) {
    throw firstProblems(
      document.errors,
      ({ pos, message }) => `${name}:${lines.linePos(pos[0]).line}: ${oneLine(message)}`,
    );
  }
  const toError = (details: readonly ErrorDetail[]): ConfigError => {
    return firstProblems(details, ({ path, message }) => {
      const field = path.length === 0 ? 'the file' : printPath(path);
      const said = oneLine(message);
      return `${name}:${lineOf(document, path, lines)}: ${field}${/^[a-z]/.test(said) ? '' : ':'} ${said}`;
    });
  };
  keepExactNumbers(document);
  let raw: unknown;
  try {
    // A few aliases of aliases could otherwise unfold into gigabytes.
    raw = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ConfigError([`${name}:1: ${oneLine(errorText(error))}`]);
  }
  const inline = inlineSecrets(raw, presets);
  const parsed = configSchema.safeParse(raw, { error: describeConfigIssue });
  if (!parsed.success || inline.length > 0) {
    const known = new Set(inline.map(({ path }) => printPath(path)));
    const issues = parsed.success ? [] : issueDetails(parsed.error.issues);
    throw toError([...inline, ...issues.filter(({ path }) => !known.has(printPath(path)))]);
  }
  const baseDir = dirname(resolve(file));
  const { sources, jobs, listeners, alarms, settings } = parsed.data;
  return {
    definitions: {
      fileName: name,
      baseDir,
      sources: sources.map((source) => withPlacedSecrets(source, baseDir)),
      jobs: jobs.map((job) => withPlacedJobSecrets(job, baseDir)),
      listeners,
      alarms: alarms.map((alarm) => withPlacedUrls(alarm, baseDir)),
      settings: settings === null || settings === undefined ? null : withPlacedPassword(settings, baseDir),
    },
    toError,
  };
}

/** Only those that are shown are placed in the text, which takes a walk each. */
function firstProblems<T>(found: readonly T[], print: (one: T) => string): ConfigError {
  const problems = [...new Set(found.slice(0, maxProblems).map(print))];
  const more = found.length - maxProblems;
  return new ConfigError(more > 0 ? [...problems, `and ${more} more problems`] : problems);
}

function oneLine(message: string): string {
  const line = message.trim().replace(/\s+/g, ' ');
  return line.length > maxProblemChars ? `${line.slice(0, maxProblemChars)}…` : line;
}

function describeConfigIssue(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_union' && Array.isArray(issue.options))
    return `must be ${alternatives.format(issue.options.map(String))}`;
  return describeIssue(issue);
}

const notInline = 'must be {env: NAME}, {file: PATH} or {secret: NAME}; a secret is never written in the file itself';

const itemsOf = (value: unknown): [number, unknown][] => (Array.isArray(value) ? [...value.entries()] : []);

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;

/** Secrets written out where a reference belongs. Looked for before the schemas, which could only say "must be an object". */
function inlineSecrets(raw: unknown, presets: ConfigPresets): ErrorDetail[] {
  const details: ErrorDetail[] = [];
  for (const [index, source] of itemsOf(at(raw, 'sources'))) {
    const presetId = at(source, 'preset');
    const preset = typeof presetId === 'string' ? presets.get(presetId) : undefined;
    for (const { kind, path } of preset?.info.fields ?? []) {
      if (kind !== 'secret') continue;
      const keys = path.split('.');
      const value = keys.reduce(at, source);
      if (isPlain(value)) details.push({ path: ['sources', index, ...keys], message: notInline });
    }
    // A secret being rotated is a list.
    for (const [place, value] of itemsOf(at(at(source, 'verify'), 'secrets'))) {
      const path = ['sources', index, 'verify', 'secrets', place];
      if (isPlain(value)) details.push({ path, message: notInline });
    }
  }
  if (isPlain(at(at(at(raw, 'settings'), 'smtp'), 'password')))
    details.push({ path: ['settings', 'smtp', 'password'], message: notInline });
  for (const [index, job] of itemsOf(at(raw, 'jobs'))) {
    for (const [name, value] of entriesOf(at(job, 'secrets'))) {
      if (isPlain(value)) details.push({ path: ['jobs', index, 'secrets', name], message: notInline });
    }
    details.push(...inlineSignSecrets(at(job, 'sign'), ['jobs', index, 'sign']));
  }
  return details;
}

const signSecretKeys = ['secret', 'password', 'token', 'clientSecret', 'certificate', 'key'];

/** One scheme or a list of them. */
function inlineSignSecrets(sign: unknown, path: ErrorDetail['path']): ErrorDetail[] {
  if (Array.isArray(sign)) return sign.flatMap((one, index) => inlineSignSecrets(one, [...path, index]));
  const inKeys = signSecretKeys.flatMap((key) => (isPlain(at(sign, key)) ? [[...path, key]] : []));
  const inList = itemsOf(at(sign, 'secrets')).flatMap(([place, value]) =>
    isPlain(value) ? [[...path, 'secrets', place]] : [],
  );
  return [...inKeys, ...inList].map((found) => ({ path: found, message: notInline }));
}

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

const placed = (ref: SecretRef, baseDir: string): SecretRef =>
  'file' in ref ? { file: resolve(baseDir, ref.file) } : ref;

function withPlacedJobSecrets(job: JobSpec, baseDir: string): JobSpec {
  const secrets = Object.entries(job.secrets ?? {}).map(([name, ref]) => [name, placed(ref, baseDir)] as const);
  const named = job.secrets === undefined ? {} : { secrets: Object.fromEntries(secrets) };
  if (job.kind !== 'http') return { ...job, ...named };
  return withPlacedSignSecrets({ ...job, ...named }, (ref) => placed(ref, baseDir));
}

const withPlacedUrls = (alarm: AlarmSpec, baseDir: string): AlarmSpec =>
  alarm.notify === undefined
    ? alarm
    : {
        ...alarm,
        notify: alarm.notify.map((channel) =>
          channel.via === 'webhook' && typeof channel.url !== 'string'
            ? { ...channel, url: placed(channel.url, baseDir) }
            : channel,
        ),
      };

function withPlacedPassword(settings: SettingsPatch, baseDir: string): SettingsPatch {
  const { smtp } = settings;
  if (smtp?.password === undefined || smtp.password === null) return settings;
  return { ...settings, smtp: { ...smtp, password: placed(smtp.password, baseDir) } };
}

type Settings = NonNullable<SourceSpec['verify']>;

function withPlacedSecrets(source: SourceSpec, baseDir: string): SourceSpec {
  if (source.verify === undefined) return source;
  const place = (value: Settings[string]): Settings[string] => {
    if (Array.isArray(value)) return value.map(place);
    if (!isJsonRecord(value)) return value;
    const ref = secretRefSchema.safeParse(value);
    if (ref.success) return placed(ref.data, baseDir);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, place(inner)] as const));
  };
  const verify = Object.entries(source.verify).map(([key, value]) => [key, place(value)] as const);
  return { ...source, verify: Object.fromEntries(verify) };
}
