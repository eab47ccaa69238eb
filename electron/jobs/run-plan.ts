import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { PlanDifference } from '../../shared/contract/approvals.ts';
import type { SecretRef } from '../../shared/contract/common.ts';
import type { CatalogJob } from './job-catalog.ts';
import { scriptPath, workFolder } from './start-attempt.ts';

/** What a run would execute, as far as an operator can approve it. Kept with the decision. */
export const runPlanSchema = z.object({
  kind: z.enum(['command', 'script']),
  /** Empty for a script. */
  argv: z.array(z.string()),
  /** Null for a command. */
  file: z.string().nullable(),
  cwd: z.string(),
  /** Name → digest of the value: a change shows, the value does not. */
  env: z.record(z.string(), z.string()),
  /** Name → where the value is kept. */
  secrets: z.record(z.string(), z.string()),
  /** Files that the definition names, with their SHA-256: the script, or arguments of the command. */
  files: z.array(z.object({ path: z.string(), sha256: z.string() })),
});
export type RunPlan = z.infer<typeof runPlanSchema>;

export const parseRunPlan = (text: string): RunPlan => runPlanSchema.parse(JSON.parse(text));

/** A larger file is named by its size and date: hashing it would hold up everything else. */
const maxHashedBytes = 32 * 1024 * 1024;

const digest = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');

function hashFile(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) return null;
  if (stats.size > maxHashedBytes) return digest(`${stats.size} ${stats.mtimeMs}`);
  return digest(readFileSync(path));
}

/** Arguments that are files where the command runs, such as the script an interpreter is given. */
function namedFiles(argv: readonly string[], cwd: string): RunPlan['files'] {
  const files: RunPlan['files'] = [];
  argv.forEach((argument, index) => {
    // A bare program name is looked for on PATH, not in the folder.
    if (argument === '' || argument.includes('\0') || (index === 0 && !/[\\/]/.test(argument))) return;
    const path = resolve(cwd, argument);
    const sha256 = hashFile(path);
    if (sha256 !== null) files.push({ path, sha256 });
  });
  return files;
}

const printRef = (ref: SecretRef): string => {
  if ('env' in ref) return `environment ${ref.env}`;
  return 'file' in ref ? `file ${ref.file}` : `stored secret ${ref.secret}`;
};

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/** Throws when a file cannot be read. */
export function planOf(job: CatalogJob, dataDir: string): RunPlan {
  const { spec } = job;
  const cwd = workFolder(job, dataDir);
  const shared = {
    cwd,
    env: mapValues(spec.env ?? {}, digest),
    secrets: mapValues(spec.secrets ?? {}, printRef),
  };
  if (spec.kind === 'command') {
    return { kind: 'command', argv: spec.command, file: null, ...shared, files: namedFiles(spec.command, cwd) };
  }
  const file = scriptPath(job, dataDir, spec.file);
  const sha256 = hashFile(file);
  return { kind: 'script', argv: [], file, ...shared, files: sha256 === null ? [] : [{ path: file, sha256 }] };
}

export const fileSha256 = ({ file, files }: RunPlan): string | null =>
  files.find(({ path }) => path === file)?.sha256 ?? null;

/** The same plan has the same digest. */
export const planDigest = (plan: RunPlan): string => digest(JSON.stringify(plan));

/** What a person would want to know before approving again; in the order of what matters most. */
export function planDifferences(before: RunPlan, now: RunPlan): PlanDifference[] {
  const differences: PlanDifference[] = [];
  const compare = (what: string, was: string | null, is: string | null): void => {
    if (was !== is) differences.push({ what, before: was, now: is });
  };
  compare('kind', before.kind, now.kind);
  compare('command', printArgv(before), printArgv(now));
  compare('script', before.file, now.file);
  compare('folder', before.cwd, now.cwd);
  const filesBefore = new Map(before.files.map(({ path, sha256 }) => [path, sha256]));
  const filesNow = new Map(now.files.map(({ path, sha256 }) => [path, sha256]));
  for (const path of new Set([...filesBefore.keys(), ...filesNow.keys()])) {
    compare(`content of ${path}`, filesBefore.get(path) ?? null, filesNow.get(path) ?? null);
  }
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
  for (const name of new Set([...Object.keys(before.secrets), ...Object.keys(now.secrets)])) {
    compare(`secret ${name}`, before.secrets[name] ?? null, now.secrets[name] ?? null);
  }
  return differences;
}

const printArgv = ({ kind, argv }: RunPlan): string | null => (kind === 'command' ? JSON.stringify(argv) : null);
