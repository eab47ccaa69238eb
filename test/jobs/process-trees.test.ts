import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { instanceName } from '../../electron/jobs/process/child-environment.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { eventually } from '../support/eventually.ts';
import { tempStore } from '../support/temp-store.ts';
import { isAlive, marked, nodeJob, openRunner, scriptJob, shellJob } from './open-runner.ts';

/** Prints the pids of a plain child, one in a session of its own, and one with a clean environment. */
const family = `
  sleep 301 & echo $!
  setsid sleep 302 & echo $!
  setsid env -i /bin/sleep 303 & echo $!`;

const pids = (lines: string[]): number[] =>
  lines.filter((line) => /^stdout: \d+$/.test(line)).map((line) => Number(line.replace('stdout: ', '')));

describe('the processes of a command', () => {
  it('are all gone when it has ended by itself', async () => {
    const app = openRunner([shellJob('forks', `sleep 301 & echo $!; setsid sleep 302 & echo $!; sleep 0.1`)]);
    await app.runner.start();
    const id = await app.post('forks');
    expect(await app.ended(id)).toMatchObject({ state: 'completed', exit_code: 0 });
    const children = pids(app.text(id));
    expect(children).toHaveLength(2);
    await eventually(() => expect(children.filter(isAlive)).toEqual([]));
  });

  it.each(['timeout', 'cancel'])('are all gone at a %s, before the run is said to have ended', async (how) => {
    const app = openRunner([shellJob('forks', `${family}; wait`, { timeout: how === 'timeout' ? '6s' : '1m' })]);
    await app.runner.start();
    const id = await app.post('forks');
    await eventually(async () => {
      await app.runner.flushOutput(id);
      expect(pids(app.text(id))).toHaveLength(3);
    });
    if (how === 'cancel') expect((await app.runner.cancel(id)).state).toBe('running');
    const row = await app.ended(id);
    expect(row).toMatchObject(
      how === 'cancel'
        ? { state: 'canceled', reason: 'canceled', inbox: 0 }
        : { state: 'failed', reason: 'timeout', inbox: 1 },
    );
    const [plain = 0, away = 0] = pids(app.text(id));
    expect([plain, away].filter(isAlive)).toEqual([]);
    // The one without a marker was found through its parent only while that lived; it must not stay behind the test.
    for (const pid of pids(app.text(id)).filter(isAlive)) process.kill(pid, 'SIGKILL');
  });

  it('may end by themselves when asked, and are killed when they ignore it', async () => {
    const app = openRunner(
      [
        shellJob('polite', 'trap "echo cleaning; exit 0" TERM; echo ready; while :; do sleep 0.05; done', {
          timeout: '4s',
        }),
        shellJob('deaf', 'trap "" TERM; echo ready; while :; do sleep 0.05; done', { timeout: '4s' }),
      ],
      { killGraceMs: 200 },
    );
    await app.runner.start();
    const [polite, deaf] = [await app.post('polite'), await app.post('deaf')];
    expect(await app.ended(polite)).toMatchObject({ state: 'failed', reason: 'timeout', exit_code: 0 });
    expect(app.text(polite)).toContain('stdout: cleaning');
    expect(await app.ended(deaf)).toMatchObject({ state: 'failed', reason: 'timeout', signal: 'SIGKILL' });
    expect(app.text(deaf).join('\n')).toMatch(/Still running after 0.2 s: killed/);
  });

  it('do not keep the run open when one that went away holds its output', async () => {
    const app = openRunner([shellJob('holder', 'setsid sleep 304 & echo $!')]);
    await app.runner.start();
    const id = await app.post('holder');
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    expect(pids(app.text(id)).filter(isAlive)).toEqual([]);
  });
});

describe('when the app is killed', () => {
  it('the guardian ends everything it had started', async () => {
    const store = tempStore();
    const host = spawn(process.execPath, [new URL('./host-app.ts', import.meta.url).pathname, store.dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    host.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    onTestFinished(() => void host.kill('SIGKILL'));
    await eventually(() => expect(said).toMatch(/both asked for/));
    await eventually(() => expect(marked(`SIGNALBOX_INSTANCE=${instanceName(store.dir)}`).length).toBe(5));
    host.kill('SIGKILL');
    await once(host, 'exit');
    await eventually(() => expect(marked(store.dir).concat(marked(instanceName(store.dir)))).toEqual([]));
  });
});

describe('at the next start', () => {
  /** As the last process left it: running in the database, and an orphan with the marker. */
  const leave = async (app: ReturnType<typeof openRunner>, job: string) => {
    const id = await app.post(job);
    statement(app.store.db, `UPDATE runs SET state = 'running', attempt = 1, started_at = 1 WHERE id = ?`).run(id);
    const orphan = spawn('sleep', ['305'], {
      detached: true,
      stdio: 'ignore',
      env: { SIGNALBOX_INSTANCE: instanceName(app.store.dir), PATH: process.env.PATH },
    });
    return { id, orphan: orphan.pid ?? 0 };
  };

  it('orphans are ended and interrupted runs run again without losing an attempt', async () => {
    const app = openRunner([shellJob('again', 'echo "attempt $SIGNALBOX_ATTEMPT"')]);
    const { id, orphan } = await leave(app, 'again');
    await app.runner.start();
    await eventually(() => expect(isAlive(orphan)).toBe(false));
    expect(await app.ended(id)).toMatchObject({ state: 'completed', attempt: 2, attempts: 2 });
    expect(statement(app.store.db, 'SELECT state, reason FROM run_attempts').all()).toEqual([
      { state: 'failed', reason: 'interrupted' },
    ]);
  });

  it('interrupted runs fail, and say so as an event, when the job asks for that', async () => {
    const app = openRunner([shellJob('once', 'true', { onInterrupted: 'fail' })]);
    const { id } = await leave(app, 'once');
    await app.runner.start();
    expect(app.row(id)).toMatchObject({ state: 'failed', reason: 'interrupted', inbox: 1 });
    expect(
      statement(
        app.store.db,
        'SELECT t.type FROM events e JOIN event_types t ON t.id = e.type_id WHERE caused_by_run = ?',
      ).all(id),
    ).toEqual([{ type: 'job:failed' }]);
  });

  it('a run that was interrupted five times before is not tried again', async () => {
    const app = openRunner([shellJob('deadly', 'true')]);
    const { id } = await leave(app, 'deadly');
    const { seq } = app.row(id);
    for (let attempt = 1; attempt <= 5; attempt++) {
      statement(
        app.store.db,
        `INSERT INTO run_attempts (run_seq, attempt, state, reason) VALUES (?, ?, 'failed', 'interrupted')`,
      ).run(seq, attempt - 10);
    }
    await app.runner.start();
    expect(app.row(id)).toMatchObject({ state: 'failed', reason: 'interrupted' });
  });

  it('100,000 queued runs delay nothing', async () => {
    const app = openRunner([nodeJob('many', ''), scriptJob('quick', 'quick.mjs')], { concurrency: 2 });
    app.script('quick.mjs', 'export default () => 1;');
    const id = await app.post('many');
    statement(
      app.store.db,
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
       INSERT INTO runs (id, event_seq, listener, job, state, attempts, queued_at, acknowledge)
       SELECT 'run_x' || i, (SELECT event_seq FROM runs WHERE id = ?), 'x' || i, 'many', 'queued', 1, 1, 'none' FROM n`,
    ).run(id);
    await app.runner.start();
    expect(app.catalog.waiting('many')).toBeGreaterThan(99_000);
    await app.ended(await app.post('quick'));
    // Behind the queue it would wait for 100,000 processes to start, minutes on any machine.
    expect(app.catalog.waiting('many')).toBeGreaterThan(95_000);
  });
});

describe('when the app stops', () => {
  it('runs that end in time end, others go back to the queue, and nothing is left', async () => {
    const place = mkdtempSync(join(tmpdir(), 'signalbox-stop-'));
    onTestFinished(() => rmSync(place, { recursive: true }));
    const letGo = join(place, 'let-go');
    const app = openRunner([
      shellJob('short', `until [ -e ${letGo} ]; do sleep 0.02; done`),
      shellJob('long', 'sleep 306'),
    ]);
    await app.runner.start();
    const [short, long] = [await app.post('short'), await app.post('long')];
    await app.until(short, 'running');
    await app.until(long, 'running');
    // Half of the grace is for those that end by themselves: enough for one that is let go now.
    const stopping = app.stop(20_000);
    writeFileSync(letGo, '');
    await stopping;
    expect(app.row(short).state).toBe('completed');
    expect(app.row(long)).toMatchObject({ state: 'queued', attempt: 1, attempts: 2 });
  });
});
