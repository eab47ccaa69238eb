import type { SecretRef } from '../../../../shared/contract/common.ts';
import type { CallInput } from '../../../../shared/contract/index.ts';
import type { Job } from '../../../../shared/contract/jobs.ts';
import { type ArgRow, argRow } from '../../../model/definitions/argv.ts';
import { createDefinitionEditors } from '../../../model/definitions/definition-editor.ts';
import { parseSize, printSize } from '../../../model/definitions/sizes.ts';
import { slugOf } from '../../../model/definitions/slug.ts';
import { emptyHttp, type HttpDraft, httpDraftOf, httpDraftProblems, httpFieldsOf } from './http-draft.ts';

/** Rows have ids, so that a row keeps its focus while its name is typed. */
export interface EnvRow {
  id: string;
  name: string;
  value: string;
}

export interface SecretRow {
  id: string;
  name: string;
  ref: SecretRef | null;
}

/** A job as it is being typed; empty text means: the default. */
export interface JobDraft {
  kind: Job['kind'];
  /** Of a job that sends requests. */
  http: HttpDraft;
  slug: string;
  hasOwnSlug: boolean;
  name: string;
  command: readonly ArgRow[];
  file: string;
  isolate: boolean;
  /** Processes that a run leaves behind go on. */
  mayLeave: boolean;
  /** A command's standard input stays open for answers. */
  asks: boolean;
  /** What the form has no fields for, kept as it is. */
  unshown: Pick<Extract<Job, { kind: 'command' }>, 'pass' | 'outcome'>;
  cwd: string;
  env: readonly EnvRow[];
  /** Names of the app's variables it gets. */
  inheritEnv: readonly string[];
  secrets: readonly SecretRow[];
  concurrency: string;
  queue: string;
  timeout: string;
  attempts: string;
  backoff: string;
  outputSize: string;
  onInterrupted: 'retry' | 'fail' | '';
  acknowledge: 'required' | 'none' | '';
  approval: boolean;
  fourEyes: boolean;
  approvalTimeout: string;
  expireAfter: string;
  isBackground: boolean;
}

let lastId = 0;
const nextId = (): string => {
  lastId += 1;
  return `row-${lastId}`;
};

export const envRow = (name = '', value = ''): EnvRow => ({ id: nextId(), name, value });
export const secretRow = (name = '', ref: SecretRef | null = null): SecretRow => ({ id: nextId(), name, ref });

export const emptyJob = (): JobDraft => ({
  kind: 'command',
  http: emptyHttp,
  slug: '',
  hasOwnSlug: false,
  name: '',
  command: [argRow()],
  file: '',
  isolate: false,
  mayLeave: false,
  asks: false,
  unshown: {},
  cwd: '',
  env: [],
  inheritEnv: [],
  secrets: [],
  concurrency: '',
  queue: '',
  timeout: '',
  attempts: '',
  backoff: '',
  outputSize: '',
  onInterrupted: '',
  acknowledge: '',
  approval: false,
  fourEyes: false,
  approvalTimeout: '',
  expireAfter: '',
  isBackground: false,
});

const shown = (value: number | undefined): string => (value === undefined ? '' : String(value));

const unshownOf = ({ pass, outcome }: JobDraft['unshown']): JobDraft['unshown'] => ({
  ...(pass === undefined ? {} : { pass }),
  ...(outcome === undefined ? {} : { outcome }),
});

export const jobDraftOf = (job: Job): JobDraft => ({
  ...commonDraftOf(job),
  ...(job.kind === 'http' ? { http: httpDraftOf(job, nextId) } : processDraftOf(job)),
});

const processDraftOf = (job: Exclude<Job, { kind: 'http' }>) => ({
  mayLeave: job.mayLeave === true,
  cwd: job.cwd ?? '',
  env: Object.entries(job.env ?? {}).map(([name, value]) => envRow(name, value)),
  inheritEnv: job.inheritEnv ?? [],
  outputSize: job.outputBytes === undefined ? '' : printSize(job.outputBytes),
});

const commonDraftOf = (job: Job): JobDraft => ({
  ...emptyJob(),
  kind: job.kind,
  slug: job.slug,
  hasOwnSlug: true,
  name: job.name,
  command: job.kind === 'command' ? job.command.map(argRow) : [argRow()],
  file: job.kind === 'script' ? job.file : '',
  isolate: job.kind === 'script' && job.isolate === true,
  asks: job.kind === 'command' && job.asks === true,
  unshown: job.kind === 'command' ? unshownOf(job) : {},
  secrets: Object.entries(job.secrets ?? {}).map(([name, ref]) => secretRow(name, ref)),
  concurrency: shown(job.concurrency),
  queue: shown(job.queue),
  timeout: job.timeout ?? '',
  attempts: shown(job.attempts),
  backoff: job.backoff ?? '',
  onInterrupted: job.onInterrupted ?? '',
  acknowledge: job.acknowledge ?? '',
  approval: job.approval === 'required',
  fourEyes: job.fourEyes === true,
  approvalTimeout: job.approvalTimeout ?? '',
  expireAfter: job.expireAfter ?? '',
  isBackground: job.mode === 'background',
});

export const renameJob = (draft: JobDraft, name: string): JobDraft => ({
  ...draft,
  name,
  slug: draft.hasOwnSlug ? draft.slug : slugOf(name),
});

export const setJobSlug = (draft: JobDraft, slug: string): JobDraft => ({
  ...draft,
  slug: slug.toLowerCase(),
  hasOwnSlug: slug !== '',
});

/** Problems that cannot be said to the app, since what was typed is no value at all; keyed as the app's own. */
export function jobDraftProblems(draft: JobDraft): Record<string, string> {
  const problems: Record<string, string> = draft.kind === 'http' ? httpDraftProblems(draft.http) : {};
  for (const key of ['concurrency', 'queue', 'attempts'] as const) {
    if (draft[key].trim() !== '' && !/^\d+$/.test(draft[key].trim())) problems[key] = 'must be a whole number';
  }
  if (draft.outputSize.trim() !== '' && parseSize(draft.outputSize) === null)
    problems.outputBytes = 'must be a size such as 512 KB or 2 MB';
  const names = new Set<string>();
  for (const row of [...draft.env, ...draft.secrets]) {
    const name = row.name.trim();
    if (name !== '' && names.has(name)) problems[row.id] = `${name} is set twice`;
    names.add(name);
  }
  for (const row of draft.env) if (row.name.trim() === '' && row.value !== '') problems[row.id] = 'needs a name';
  for (const row of draft.secrets) {
    if (row.name.trim() === '' && row.ref !== null) problems[row.id] = 'needs a name';
    if (row.name.trim() !== '' && row.ref === null) problems[row.id] = 'needs a stored secret, variable or file';
  }
  return problems;
}

export type JobInput = CallInput<'jobs.create'>;

export function jobInputOf(draft: JobDraft): JobInput {
  const number = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));
  const concurrency = number(draft.concurrency);
  const queue = number(draft.queue);
  const attempts = number(draft.attempts);
  const outputBytes = parseSize(draft.outputSize);
  const env = draft.env.filter((row) => row.name.trim() !== '').map((row) => [row.name.trim(), row.value] as const);
  const secrets = draft.secrets.flatMap((row) =>
    row.name.trim() === '' || row.ref === null ? [] : [[row.name.trim(), row.ref] as const],
  );
  const ofProcess = {
    ...(draft.cwd.trim() === '' ? {} : { cwd: draft.cwd.trim() }),
    ...(env.length === 0 ? {} : { env: Object.fromEntries(env) }),
    ...(draft.inheritEnv.length === 0 ? {} : { inheritEnv: [...draft.inheritEnv] }),
    ...(outputBytes === null ? {} : { outputBytes }),
    ...(draft.mayLeave ? { mayLeave: true } : {}),
  };
  const common = {
    slug: draft.slug,
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    ...(secrets.length === 0 ? {} : { secrets: Object.fromEntries(secrets) }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(queue === undefined ? {} : { queue }),
    ...(draft.timeout.trim() === '' ? {} : { timeout: draft.timeout.trim() }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(draft.backoff.trim() === '' ? {} : { backoff: draft.backoff.trim() }),
    ...(draft.onInterrupted === '' ? {} : { onInterrupted: draft.onInterrupted }),
    ...(draft.acknowledge === '' ? {} : { acknowledge: draft.acknowledge }),
    ...(draft.approval ? { approval: 'required' as const } : {}),
    ...(draft.fourEyes ? { fourEyes: true } : {}),
    ...(draft.approvalTimeout.trim() === '' ? {} : { approvalTimeout: draft.approvalTimeout.trim() }),
    ...(draft.expireAfter.trim() === '' ? {} : { expireAfter: draft.expireAfter.trim() }),
    ...(draft.isBackground ? { mode: 'background' as const } : {}),
  };
  if (draft.kind === 'http') return { kind: 'http', ...httpFieldsOf(draft.http), ...common };
  if (draft.kind === 'script')
    return {
      kind: 'script',
      file: draft.file.trim(),
      ...(draft.isolate ? { isolate: true } : {}),
      ...common,
      ...ofProcess,
    };
  // Empty rows at the end are room to type, not arguments.
  const args = draft.command.map((row) => row.text);
  while (args.length > 0 && args.at(-1) === '') args.pop();
  return {
    kind: 'command',
    command: args,
    ...(draft.asks ? { asks: true } : {}),
    ...draft.unshown,
    ...common,
    ...ofProcess,
  };
}

export const jobEditors = createDefinitionEditors<JobDraft>({
  fingerprint: (draft) =>
    JSON.stringify([jobInputOf(draft), draft.http, draft.concurrency, draft.queue, draft.attempts, draft.outputSize]),
});
