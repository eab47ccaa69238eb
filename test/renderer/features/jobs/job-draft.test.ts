import { describe, expect, it } from 'vitest';
import {
  emptyJob,
  envRow,
  jobDraftOf,
  jobDraftProblems,
  jobInputOf,
  secretRow,
} from '../../../../renderer/features/jobs/model/job-draft.ts';
import { argRow } from '../../../../renderer/model/definitions/argv.ts';
import { parseSize, printSize } from '../../../../renderer/model/definitions/sizes.ts';
import { type Job, jobSpecSchema } from '../../../../shared/contract/jobs.ts';

const job: Job = {
  kind: 'command',
  slug: 'import',
  name: 'Import',
  command: ['node', 'a b.mjs', ''],
  env: { A: '1' },
  secrets: { TOKEN: { env: 'X' } },
  timeout: '5m',
  attempts: 3,
  outputBytes: 1536,
  onInterrupted: 'fail',
  acknowledge: 'required',
  approval: 'required',
  approvalTimeout: '1h',
  expireAfter: '10m',
  mode: 'background',
  owner: 'user',
  version: 4,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  problem: null,
  counts: { waiting: 0, running: 0, failed: 0 },
  lastRunAt: null,
};

describe('a job being written', () => {
  it('saves what it was opened with, but for empty arguments at the end', () => {
    const input = jobInputOf(jobDraftOf(job));
    const { owner, version, createdAt, updatedAt, problem, counts, lastRunAt, ...spec } = job;
    expect(input).toEqual({ ...spec, command: ['node', 'a b.mjs'] });
    expect(jobSpecSchema.safeParse(input).success).toBe(true);
  });

  it('leaves out what is empty, so that the defaults hold', () => {
    const draft = { ...emptyJob(), slug: 'x', command: [argRow('ls'), argRow('')] };
    expect(jobInputOf(draft)).toEqual({ kind: 'command', slug: 'x', command: ['ls'] });
    expect(jobInputOf({ ...draft, mayLeave: true })).toMatchObject({ mayLeave: true });
    expect(jobInputOf({ ...draft, kind: 'script', file: ' a.ts ', isolate: true })).toEqual({
      kind: 'script',
      slug: 'x',
      file: 'a.ts',
      isolate: true,
    });
  });

  it('keeps an empty argument in the middle', () => {
    const draft = { ...emptyJob(), slug: 'x', command: ['a', '', 'b'].map(argRow) };
    expect(jobInputOf(draft)).toMatchObject({ command: ['a', '', 'b'] });
  });

  it('finds what cannot be sent at all', () => {
    const twice = envRow('A', '2');
    const nameless = secretRow('', { env: 'X' });
    const placeless = secretRow('B', null);
    const problems = jobDraftProblems({
      ...emptyJob(),
      env: [envRow('A', '1'), twice],
      secrets: [nameless, placeless],
      attempts: 'many',
      outputSize: 'large',
    });
    expect(Object.keys(problems).sort()).toEqual(
      ['attempts', 'outputBytes', twice.id, nameless.id, placeless.id].sort(),
    );
    expect(jobDraftProblems(jobDraftOf(job))).toEqual({});
  });

  it('reads and writes sizes without loss', () => {
    expect(parseSize('512 KB')).toBe(524288);
    expect(parseSize('1.5m')).toBe(1572864);
    expect(parseSize('12 parsecs')).toBeNull();
    expect(parseSize('')).toBeNull();
    for (const bytes of [0, 1, 1023, 1024, 1500, 1536, 1024 ** 2, 5 * 1024 ** 3, 123_456_789])
      expect(parseSize(printSize(bytes))).toBe(bytes);
  });
});
