import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { jobDeletedEvent } from '../../electron/runs/run-event.ts';
import { readRunning } from '../../electron/runs/running-run.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { findRunBySeq } from '../../electron/store/runs/find-run.ts';
import { type AttemptEnd, pickQueuedRun } from '../../electron/store/runs/run-claims.ts';
import { removeRunsOf } from '../../electron/store/runs/run-retention.ts';
import { type RunRow, toRun } from '../../electron/store/runs/run-rows.ts';
import type { Transaction } from '../../electron/store/write/writer.ts';
import { jobEventContextSchema, jobEventPayloadSchema, jobEventTypes } from '../../shared/contract/job-events.ts';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import type { Run } from '../../shared/contract/runs.ts';
import { delivery, draft, listener, tempIntake, tempStore } from '../support/temp-store.ts';

const diagram = readFileSync(join(import.meta.dirname, '../../electron/runs/lifecycle.md'), 'utf8');
const arrows = [...diagram.matchAll(/^ +(\S+ --> \S+: \w+)$/gm)].map(([, arrow]) => arrow);
const from = (arrow: string): string => arrow.split(' --> ')[0] ?? '';

const defined = (slug: string, change: Partial<JobSpec> = {}) => ({
  spec: { slug, kind: 'command', command: ['true'], attempts: 3, ...change } as JobSpec,
  baseDir: null,
  version: 1,
});
const hourMs = 3_600_000;

/** A store whose events of type `work` and `guarded` plan runs, with a listener that could take every `job:*`. */
function open() {
  const store = tempStore();
  const app = tempIntake(store);
  const { lifecycle, clock, jobs, bus } = app;
  jobs.replaceAll([
    defined('work', { expireAfter: '1h', acknowledge: 'required' }),
    defined('guarded', { approval: 'required', approvalTimeout: '1h' }),
  ]);
  app.listeners.replaceAll([
    ...['work', 'guarded'].map((slug) => listener({ slug, source: 'crm', type: [slug], job: slug })),
    // Its job does not exist, so that nothing follows from what runs say.
    listener({ slug: 'watch', source: 'signalbox', type: ['job:*'], job: 'none' }),
  ]);
  const pushed: Run[] = [];
  bus.on('runs.changed', (runs) => pushed.push(...runs));
  let announced = 0;
  for (const name of [
    'runs.changed',
    'run.queued',
    'run.ended',
    'attempt.ended',
    'run.waits',
    'events.stored',
  ] as const)
    bus.on(name, () => {
      announced += 1;
    });

  const rows = (): RunRow[] => {
    const seqs = statement(store.db, 'SELECT seq FROM runs ORDER BY seq').all() as { seq: number }[];
    return seqs.map(({ seq }) => row(seq));
  };
  const row = (seq: number): RunRow => {
    const found = findRunBySeq(store.db, seq);
    if (found === null) throw new Error(`no run ${seq}`);
    return found;
  };
  const write = <T>(work: (tx: Transaction) => T): Promise<T> => store.writer.write(work);

  async function plan(type: 'work' | 'guarded'): Promise<number> {
    await app.intake.accept(delivery([draft({ type })]));
    return rows().at(-1)?.seq ?? 0;
  }

  /** One step of a run's life; the result is falsy where nothing was written. */
  const steps = {
    approve: (tx: Transaction, run: RunRow) => lifecycle.approve(tx, run, decision(clock.nowMs), clock.nowMs + hourMs),
    reject: (tx: Transaction, run: RunRow) => lifecycle.reject(tx, run, decision(clock.nowMs)),
    expire: (tx: Transaction) => lifecycle.expire(tx, 100),
    cancel: (tx: Transaction, run: RunRow) => lifecycle.cancel(tx, run),
    claim: (tx: Transaction, run: RunRow) => lifecycle.claim(tx, pickQueuedRun(tx.db, run.seq) ?? run, clock.nowMs),
    progress: (tx: Transaction, run: RunRow) =>
      lifecycle.progress(tx, {
        ...readRunning(run),
        progress: { percent: run.progress === null ? 40 : 60, message: 'Halfway' },
      }),
    ask: (tx: Transaction, run: RunRow) => lifecycle.ask(tx, readRunning(run), question(run), clock.nowMs),
    answer: (tx: Transaction, run: RunRow) =>
      lifecycle.answer(tx, readRunning(run), question(run).id, {
        result: 'answered',
        answer: '{}',
        by: 'ada',
        atMs: clock.nowMs,
      }),
    complete: (tx: Transaction, run: RunRow) => lifecycle.finish(tx, ended(run, 'completed', clock.nowMs), true),
    fail: (tx: Transaction, run: RunRow) => lifecycle.finish(tx, ended(run, 'failed', clock.nowMs)),
    stop: (tx: Transaction, run: RunRow) => lifecycle.finish(tx, ended(run, 'canceled', clock.nowMs)),
    scheduleRetry: (tx: Transaction, run: RunRow) =>
      lifecycle.scheduleRetry(tx, ended(run, 'failed', clock.nowMs), clock.nowMs + hourMs),
    requeue: (tx: Transaction, run: RunRow) => lifecycle.requeue(tx, ended(run, 'failed', clock.nowMs)),
    returnToPending: (tx: Transaction, run: RunRow) =>
      lifecycle.returnToPending(tx, ended(run, 'canceled', clock.nowMs), {
        note: 'Changed since it was approved',
        expiresAtMs: clock.nowMs + hourMs,
      }),
    queueDue: (tx: Transaction) => lifecycle.queueDue(tx, 100),
    queueNow: (tx: Transaction, run: RunRow) => lifecycle.queueNow(tx, run),
    acknowledge: (tx: Transaction, run: RunRow) =>
      lifecycle.acknowledge(tx, run, { atMs: clock.nowMs, by: 'ada', note: 'seen' }),
    unacknowledge: (tx: Transaction, run: RunRow) => lifecycle.unacknowledge(tx, run),
    retry: (tx: Transaction, run: RunRow) => lifecycle.retry(tx, run, jobOf(run.job)),
  };
  const jobOf = (slug: string) => {
    const job = jobs.get(slug);
    if (job === null) throw new Error(`no job ${slug}`);
    return job;
  };

  return {
    ...app,
    store,
    pushed,
    rows,
    row,
    write,
    plan,
    steps,
    jobOf,
    announced: () => announced,
    async take(seq: number, ...names: (keyof typeof steps)[]): Promise<void> {
      for (const name of names) await write((tx) => steps[name](tx, row(seq)));
    },
    /** What runs and jobs have said, oldest first. */
    said: () =>
      statement(
        store.db,
        `SELECT t.type, e.context, e.payload FROM events e JOIN event_types t ON t.id = e.type_id
         WHERE t.source = 'signalbox' ORDER BY e.seq`,
      ).all() as { type: string; context: string; payload: string }[],
  };
}

type Step = keyof ReturnType<typeof open>['steps'];

const decision = (atMs: number) => ({ by: 'ada', atMs, note: 'fine', plan: 'null' });
const question = ({ seq }: RunRow) => ({
  id: `ask_${seq}`,
  type: 'question',
  message: 'Go on?',
  fields: [],
  askedAt: '2026-01-02T03:04:05Z',
  expiresAt: '2026-01-02T04:04:05Z',
});

function ended(row: RunRow, state: AttemptEnd['state'], finishedAtMs: number) {
  const outcome = state === 'completed' ? { rows: 3 } : null;
  return {
    run: readRunning(row),
    outcome,
    end: {
      state,
      reason: state === 'canceled' ? ('canceled' as const) : ('exit' as const),
      error: state === 'failed' ? 'exit code 3' : null,
      exitCode: state === 'failed' ? 3 : 0,
      signal: null,
      progress: row.progress,
      steps: row.steps,
      outcome: outcome === null ? null : JSON.stringify(outcome),
      finishedAtMs,
    },
  };
}

const standing = (row: RunRow): string => (row.acknowledged_at === null ? row.state : 'acknowledged');

/** How runs come to stand at each state of the diagram; some in more than one way. */
const ways: { at: string; job: 'work' | 'guarded'; by: Step[] }[] = [
  { at: 'pending', job: 'guarded', by: [] },
  { at: 'queued', job: 'work', by: [] },
  { at: 'queued', job: 'guarded', by: ['approve'] },
  { at: 'running', job: 'work', by: ['claim'] },
  { at: 'running', job: 'guarded', by: ['approve', 'claim'] },
  { at: 'running', job: 'work', by: ['claim', 'scheduleRetry', 'queueNow', 'claim'] },
  { at: 'interaction_required', job: 'work', by: ['claim', 'progress', 'ask'] },
  { at: 'scheduled', job: 'work', by: ['claim', 'progress', 'scheduleRetry'] },
  { at: 'completed', job: 'work', by: ['claim', 'progress', 'complete'] },
  { at: 'failed', job: 'work', by: ['claim', 'fail'] },
  { at: 'canceled', job: 'guarded', by: ['reject'] },
  { at: 'acknowledged', job: 'work', by: ['claim', 'complete', 'acknowledge'] },
  { at: 'acknowledged', job: 'guarded', by: ['approve', 'claim', 'fail', 'acknowledge'] },
  { at: 'acknowledged', job: 'work', by: ['cancel', 'acknowledge'] },
];

/** By their functions: three ends are one. */
const nameOf = (step: Step): string => (step === 'complete' || step === 'fail' || step === 'stop' ? 'finish' : step);

describe('the life of a run', () => {
  let app: ReturnType<typeof open>;
  beforeEach(() => {
    app = open();
  });

  it('is what its diagram draws: every arrow, and no other', async () => {
    const walked = new Set<string>();
    for (const way of ways) {
      for (const step of Object.keys(app.steps) as Step[]) {
        const seq = await app.plan(way.job);
        await app.take(seq, ...way.by);
        const before = app.row(seq);
        expect(standing(before), `${way.job}: ${way.by.join(', ')}`).toBe(way.at);
        const known = new Set(app.rows().map((row) => row.seq));
        const [announced, said] = [app.announced(), app.said().length];
        // What waits until a time has reached it, and nothing else in this store waits.
        app.clock.nowMs += 2 * hourMs;
        const result = await app.write((tx) => app.steps[step](tx, before));
        const after = app.row(seq);
        const where = `${way.at} by ${step}`;
        if (!result) {
          expect(after, where).toEqual(before);
          expect([app.announced(), app.said().length], where).toEqual([announced, said]);
          expect(app.rows(), where).toHaveLength(known.size);
        } else {
          // A retry changes the run before only where that stood in the inbox.
          if (step !== 'retry') expect(after, where).not.toEqual(before);
          walked.add(`${way.at} --> ${standing(after)}: ${nameOf(step)}`);
          if (step !== 'progress') {
            const pushed = app.pushed.findLast(({ id }) => id === after.id);
            expect(pushed, `pushed: ${where}`).toEqual(toRun(after));
          }
        }
        for (const row of app.rows()) {
          if (known.has(row.seq)) continue;
          walked.add(`[*] --> ${row.state}: ${step}`);
          expect(app.pushed.findLast(({ id }) => id === row.id)).toEqual(toRun(row));
        }
        // Out of the way of the next one.
        await app.write(({ db }) => removeRunsOf(db, JSON.stringify(app.rows().map((row) => row.event_seq))));
      }
    }
    for (const type of ['work', 'guarded'] as const) {
      walked.add(`[*] --> ${app.row(await app.plan(type)).state}: plan`);
      const event = { seq: 1, id: 'evt_1', source: 'crm', type: 'work', depth: 0 };
      const test = await app.write((tx) => app.lifecycle.test(tx, event, type, app.jobOf(type)));
      walked.add(`[*] --> ${test?.state}: test`);
    }
    app.jobs.replaceAll([defined('work', { queue: 1 })]);
    app.jobs.setWaiting('work', 1);
    const full = app.row(await app.plan('work'));
    walked.add(`[*] --> ${full.state}: plan`);
    expect(app.pushed.at(-1)).toEqual(toRun(full));

    expect(arrows.length).toBeGreaterThan(30);
    expect([...walked].sort()).toEqual([...new Set(arrows)].sort());
    expect(new Set(arrows.map((arrow) => from(arrow ?? '')))).toEqual(new Set(['[*]', ...ways.map(({ at }) => at)]));
  });

  it('is told in events of one shape', async () => {
    const lives: [job: 'work' | 'guarded', steps: Step[]][] = [
      ['work', ['claim', 'progress', 'ask', 'answer', 'complete', 'acknowledge']],
      ['work', ['claim', 'scheduleRetry', 'queueNow', 'claim', 'fail', 'retry']],
      ['work', ['cancel']],
      ['guarded', ['approve', 'claim', 'returnToPending', 'reject']],
    ];
    for (const [job, steps] of lives) await app.take(await app.plan(job), ...steps);
    app.jobs.setWaiting('work', 100_000);
    await app.plan('work');
    await app.write((tx) => app.ownEvents.record(tx, jobDeletedEvent('work')));
    const said = app.said();
    expect(new Set(said.map(({ type }) => type))).toEqual(new Set(jobEventTypes));
    for (const { type, context, payload } of said) {
      expect(jobEventPayloadSchema.safeParse(JSON.parse(payload)).error, type).toBeUndefined();
      expect(jobEventContextSchema.safeParse(JSON.parse(context)).error, type).toBeUndefined();
    }
    const full = said.findLast(({ type }) => type === 'job:failed');
    expect(JSON.parse(full?.payload ?? '')).toMatchObject({
      status: 'failed',
      attempt: 0,
      reason: 'queue',
      finishedAt: expect.any(String),
    });
  });
});
