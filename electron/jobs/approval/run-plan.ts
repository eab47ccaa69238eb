import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import type { PlanDifference } from '../../../shared/contract/approvals.ts';
import type { SecretRef } from '../../../shared/contract/common.ts';
import { httpDefaults } from '../../../shared/contract/http-jobs.ts';
import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';
import type { CatalogJob } from '../attempt/job-catalog.ts';
import { scriptPath, workFolder } from '../attempt/job-folders.ts';
import { printBytes } from '../channel-limits.ts';
import { hashFile, maxHashedBytes, sha256 } from './file-hashes.ts';
import { isModule, readImportGraph } from './import-graph.ts';

/** What a run would execute, as far as an operator can approve it. Kept with the decision. */
export const runPlanSchema = z.object({
  kind: z.enum(['command', 'script', 'http']),
  /** Empty for a script; of an `http` job its method, its address, and what else it was set to send. */
  argv: z.array(z.string()),
  /** What the command gets of its event, as JSON; absent: nothing. */
  pass: z.string().optional(),
  /** Null for a command. */
  file: z.string().nullable(),
  cwd: z.string(),
  /** Name → digest of the value: a change shows, the value does not. */
  env: z.record(z.string(), z.string()),
  /** Names of the app's own variables it gets. */
  inherits: z.array(z.string()).default([]),
  /** Name → where the value is kept. */
  secrets: z.record(z.string(), z.string()),
  /** Files with their SHA-256: the script or arguments of the command, and what those import. */
  files: z.array(z.object({ path: z.string(), sha256: z.string() })),
  /** Packages they import, with all that those depend on. */
  packages: z
    .array(z.object({ name: z.string(), version: z.string(), path: z.string(), sha256: z.string() }))
    .default([]),
  /** What else they may load, which only a run will show; sentences. */
  open: z.array(z.string()).default([]),
});
export type RunPlan = z.infer<typeof runPlanSchema>;

/** A plan and the files behind it: absolute path → SHA-256, those of packages as well. */
export interface PlannedFiles {
  plan: RunPlan;
  contents: ReadonlyMap<string, string>;
}

/** Null for one that is damaged in the store. */
export function readRunPlan(text: string): RunPlan | null {
  try {
    return runPlanSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Programs that run what the package.json of their folder says. */
const packageRunners = new Set(['npm', 'npx', 'pnpm', 'yarn', 'bun', 'bunx']);

/** Arguments that may be files where the command runs, such as the script an interpreter is given. */
function namedPaths(argv: readonly string[], cwd: string): string[] {
  const paths: string[] = [];
  argv.forEach((argument, index) => {
    if (argument === '' || argument.includes('\0')) return;
    // A bare program name is looked for on PATH, not in the folder.
    if (index > 0 || /[\\/]/.test(argument)) paths.push(resolve(cwd, argument));
    const [, value] = /^--?[\w-]+=(.+)$/.exec(argument) ?? [];
    if (value !== undefined) paths.push(resolve(cwd, value));
  });
  const program = basename(argv[0] ?? '').replace(/\.(?:cmd|exe|ps1)$/i, '');
  return packageRunners.has(program) ? [...paths, resolve(cwd, 'package.json')] : paths;
}

const printRef = (ref: SecretRef): string => {
  if ('env' in ref) return `environment ${ref.env}`;
  return 'file' in ref ? `file ${ref.file}` : `stored secret ${ref.secret}`;
};

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/** Throws when a file cannot be read. */
export async function planOf(job: CatalogJob, dataDir: string): Promise<PlannedFiles> {
  const { spec } = job;
  if (spec.kind === 'http') return { plan: requestPlan(spec), contents: new Map() };
  const cwd = workFolder(job, dataDir);
  const file = spec.kind === 'script' ? scriptPath(job, dataDir, spec.file) : null;
  const argv = spec.kind === 'command' ? spec.command : [];
  const found = await readFiles(file === null ? namedPaths(argv, cwd) : [file]);
  const plan: RunPlan = {
    kind: spec.kind,
    argv,
    ...(spec.kind === 'command' && spec.pass !== undefined ? { pass: JSON.stringify(spec.pass) } : {}),
    file,
    cwd,
    env: mapValues(spec.env ?? {}, sha256),
    inherits: [...(spec.inheritEnv ?? [])].sort(),
    secrets: mapValues(spec.secrets ?? {}, printRef),
    files: found.files,
    packages: found.packages,
    open: found.open,
  };
  return { plan, contents: found.contents };
}

/** Nothing of a request lies in a file. */
function requestPlan({
  kind,
  method = httpDefaults.method,
  url,
  headers,
  body = httpDefaults.body,
  sign,
  ca,
  allowPrivate,
  redirects,
  secrets,
}: HttpJobSpec): RunPlan {
  return {
    kind,
    argv: [method, url, JSON.stringify({ headers, body, sign, ca, allowPrivate, redirects })],
    file: null,
    cwd: '',
    env: {},
    inherits: [],
    secrets: mapValues(secrets ?? {}, printRef),
    files: [],
    packages: [],
    open: [],
  };
}

async function readFiles(paths: readonly string[]) {
  const named: RunPlan['files'] = [];
  const open: string[] = [];
  const contents = new Map<string, string>();
  const modules: string[] = [];
  for (const path of new Set(paths)) {
    const hashed = await hashFile(path);
    if (hashed === null) continue;
    named.push({ path, sha256: hashed.sha256 });
    contents.set(path, hashed.sha256);
    if (hashed.isByDate)
      open.push(`${path} is larger than ${printBytes(maxHashedBytes)}: only its size and date are compared.`);
    else if (isModule(path)) modules.push(path);
  }
  const graph = await readImportGraph(modules);
  for (const [path, hash] of graph.contents) contents.set(path, hash);
  // Those that were named come first, under the path they were named by.
  const known = new Set(await Promise.all(named.map(({ path }) => realpath(path))));
  const imported = graph.files.filter(({ path }) => !known.has(path));
  return { files: [...named, ...imported], packages: graph.packages, open: [...open, ...graph.open], contents };
}

export const fileSha256 = ({ file, files }: RunPlan): string | null =>
  files.find(({ path }) => path === file)?.sha256 ?? null;

/** The same plan has the same digest. */
export const planDigest = (plan: RunPlan): string => sha256(JSON.stringify(plan));

/** What a person would want to know before approving again; in the order of what matters most. */
export function planDifferences(before: RunPlan, now: RunPlan): PlanDifference[] {
  const differences: PlanDifference[] = [];
  const compare = (what: string, was: string | null, is: string | null): void => {
    if (was !== is) differences.push({ what, before: was, now: is });
  };
  compare('kind', before.kind, now.kind);
  compare(now.kind === 'http' ? 'request' : 'command', printArgv(before), printArgv(now));
  compare('values passed from the event', before.pass ?? null, now.pass ?? null);
  compare('script', before.file, now.file);
  compare('working directory', before.cwd, now.cwd);
  const filesBefore = new Map(before.files.map(({ path, sha256 }) => [path, sha256]));
  const filesNow = new Map(now.files.map(({ path, sha256 }) => [path, sha256]));
  for (const path of new Set([...filesBefore.keys(), ...filesNow.keys()])) {
    compare(`content of ${path}`, filesBefore.get(path) ?? null, filesNow.get(path) ?? null);
  }
  differences.push(...packageDifferences(before.packages, now.packages));
  compare('what is known only at run time', printLines(before.open), printLines(now.open));
  for (const name of new Set([...Object.keys(before.env), ...Object.keys(now.env)])) {
    const was = before.env[name] ?? null;
    const is = now.env[name] ?? null;
    if (was === is) continue;
    differences.push({
      what: `variable ${name}`,
      before: was === null ? null : 'a value',
      now: is === null ? null : was === null ? 'a value' : 'another value',
    });
  }
  for (const name of new Set([...before.inherits, ...now.inherits])) {
    const inheritedBy = ({ inherits }: RunPlan): string | null => (inherits.includes(name) ? 'inherited' : null);
    compare(`variable ${name}`, inheritedBy(before), inheritedBy(now));
  }
  for (const name of new Set([...Object.keys(before.secrets), ...Object.keys(now.secrets)])) {
    compare(`secret ${name}`, before.secrets[name] ?? null, now.secrets[name] ?? null);
  }
  return differences;
}

function packageDifferences(before: RunPlan['packages'], now: RunPlan['packages']): PlanDifference[] {
  const byPath = (packages: RunPlan['packages']) => new Map(packages.map((one) => [one.path, one]));
  const [were, are] = [byPath(before), byPath(now)];
  const count = (name: string): number =>
    new Set([...before, ...now].filter((one) => one.name === name).map(({ path }) => path)).size;
  return [...new Set([...were.keys(), ...are.keys()])].flatMap((path) => {
    const [was, is] = [were.get(path), are.get(path)];
    if (was?.sha256 === is?.sha256) return [];
    // Another content under the same version is what an operator must see most of all.
    const isSameVersion = was?.version === is?.version;
    const print = (one: typeof was): string | null =>
      one === undefined ? null : `${one.version}${isSameVersion ? `, files ${one.sha256.slice(0, 16)}` : ''}`;
    const name = (is ?? was)?.name ?? path;
    const what = count(name) > 1 ? `package ${name} in ${path}` : `package ${name}`;
    return [{ what, before: print(was), now: print(is) }];
  });
}

const printLines = (lines: readonly string[]): string | null => (lines.length === 0 ? null : lines.join('\n'));

const printArgv = ({ kind, argv }: RunPlan): string | null => (kind === 'script' ? null : JSON.stringify(argv));
