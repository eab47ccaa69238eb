import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SecretMasks } from '../../electron/jobs/masks/secret-masks.ts';
import { sayLeft } from '../../electron/jobs/process/left-processes.ts';
import { readGroup } from '../../electron/jobs/process/process-tree.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { readAnnotations } from '../../electron/store/runs/run-history.ts';
import { eventually } from '../support/eventually.ts';
import { isAlive, type OpenRunner, openRunner, scriptJob, shellJob } from './open-runner.ts';

const notes = (app: OpenRunner, id: string): string[] =>
  readAnnotations(app.store.db, app.row(id)).map(({ level, text }) => `${level}: ${text}`);

const pidsOf = (app: OpenRunner, id: string): number[] =>
  app.text(id).flatMap((line) => (/^stdout: \d+$/.test(line) ? [Number(line.slice(8))] : []));

/** What is left alone by the app is ended by the test. */
const endAfterwards = (pids: number[]): void =>
  onTestFinished(() => {
    for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
  });

const daemons = `setsid nohup sleep 311 >/dev/null 2>&1 & echo $!; sleep 312 >/dev/null 2>&1 & echo $!`;

describe('processes that a run leaves behind', () => {
  it('are ended, and a command says which: in its group and out of it, also when it wrote nothing else', async () => {
    const app = openRunner([
      shellJob('leaves', `sleep 313 >/dev/null 2>&1 & setsid sleep 314 >/dev/null 2>&1 & sleep 0.2`),
    ]);
    await app.runner.start();
    const id = await app.post('leaves');
    expect(await app.ended(id)).toMatchObject({ state: 'completed', exit_code: 0 });
    const text = await eventually(() => {
      const said = notes(app, id);
      expect(said).toHaveLength(1);
      return said[0] ?? '';
    });
    expect(text).toMatch(
      /^warning: Ended 2 processes that the job left running: .*To leave them running, set mayLeave/,
    );
    expect(text).toMatch(/sleep \(\d+\): sleep 313/);
    expect(text).toMatch(/sleep \(\d+\): sleep 314/);
    expect(app.text(id).join('\n')).toMatch(/system: Ended 2 processes/);
    // Those who watch are told, so that an open page shows it.
    await eventually(() =>
      expect(app.changes.filter((run) => run.id === id && run.state === 'completed').length).toBeGreaterThan(1),
    );
  });

  it('of a script are told as well, with secrets masked and long command lines cut', async () => {
    const app = openRunner([scriptJob('leaves', 'leaves.mjs', { secrets: { TOKEN: { secret: 'token' } } })], {
      secrets: { token: 'correct-horse-battery' },
    });
    app.script(
      'leaves.mjs',
      `import { spawn } from 'node:child_process';
       export default () => { spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', process.env.TOKEN, 'x'.repeat(5000)],
         { detached: true, stdio: 'ignore' }); return new Promise((done) => setTimeout(done, 300)); };`,
    );
    await app.runner.start();
    const id = await app.post('leaves');
    await app.ended(id);
    const [said = ''] = notes(app, id);
    expect(said).toMatch(/^warning: Ended a process that the job left running: /);
    expect(said).toContain('***');
    expect(said).not.toContain('correct-horse');
    expect(said.length).toBeLessThan(500);
  });

  it('are not spoken of where there are none, nor where an operator ended the run', async () => {
    const app = openRunner([shellJob('plain', 'echo fine'), shellJob('stopped', `${daemons}; wait`)]);
    await app.runner.start();
    const plain = await app.post('plain');
    await app.ended(plain);
    const stopped = await app.post('stopped');
    await eventually(async () => {
      await app.runner.flushOutput(stopped);
      expect(pidsOf(app, stopped)).toHaveLength(2);
    });
    await app.runner.cancel(stopped);
    expect(await app.ended(stopped)).toMatchObject({ state: 'canceled' });
    expect(pidsOf(app, stopped).filter(isAlive)).toEqual([]);
    await app.stop();
    expect([...notes(app, plain), ...notes(app, stopped)]).toEqual([]);
  });
});

describe('a job with mayLeave', () => {
  it('leaves its processes at its end, at the app’s end and at the next start, and says so', async () => {
    const app = openRunner([shellJob('daemon', daemons, { mayLeave: true })]);
    await app.runner.start();
    const id = await app.post('daemon');
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    const pids = pidsOf(app, id);
    expect(pids).toHaveLength(2);
    endAfterwards(pids);
    await eventually(() => expect(notes(app, id)).toHaveLength(1));
    expect(notes(app, id)[0]).toMatch(
      /^notice: The job left 2 processes running, as its mayLeave allows: .*sleep 31[12]/,
    );
    await app.stop();
    expect(pids.filter(isAlive), 'at the end of the app').toEqual(pids);
    const next = openRunner([shellJob('daemon', daemons, { mayLeave: true })], { store: app.store });
    await next.runner.start();
    expect(pids.filter(isAlive), 'at the next start').toEqual(pids);
    await next.stop();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
  });

  it('leaves those of a script, also when its worker ends', async () => {
    const app = openRunner([scriptJob('daemon', 'daemon.mjs', { mayLeave: true, isolate: true })]);
    app.script(
      'daemon.mjs',
      `import { spawn } from 'node:child_process';
       export default () => [spawn('sleep', ['315'], { stdio: 'ignore' }), spawn('sleep', ['316'], { detached: true, stdio: 'ignore' })].map(({ pid }) => pid);`,
    );
    await app.runner.start();
    const id = await app.post('daemon');
    const row = await app.ended(id);
    const pids: number[] = JSON.parse(row.outcome ?? '[]');
    endAfterwards(pids);
    expect(notes(app, id)[0]).toMatch(/^notice: The job left 2 processes running/);
    await app.stop();
    expect(pids.filter(isAlive)).toEqual(pids);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
  });

  it('is ended with all it has started when it is canceled or takes too long', async () => {
    const app = openRunner([shellJob('daemon', `${daemons}; wait`, { mayLeave: true })]);
    await app.runner.start();
    const id = await app.post('daemon');
    await eventually(async () => {
      await app.runner.flushOutput(id);
      expect(pidsOf(app, id)).toHaveLength(2);
    });
    endAfterwards(pidsOf(app, id));
    await app.runner.cancel(id);
    expect(await app.ended(id)).toMatchObject({ state: 'canceled' });
    expect(pidsOf(app, id).filter(isAlive)).toEqual([]);
  });

  it('that was cut short by the app’s end is ended at the next start with all it has started', async () => {
    const app = openRunner([shellJob('daemon', 'true', { mayLeave: true })]);
    const id = await app.post('daemon');
    statement(app.store.db, `UPDATE runs SET state = 'running', attempt = 1, started_at = 1 WHERE id = ?`).run(id);
    const orphan = spawn('sleep', ['317'], {
      detached: true,
      stdio: 'ignore',
      env: { SIGNALBOX_RUN_MARK: `${id}.1.stays`, PATH: process.env.PATH },
    });
    endAfterwards([orphan.pid ?? 0]);
    await app.runner.start();
    await eventually(() => expect(isAlive(orphan.pid ?? 0)).toBe(false));
    await app.ended(id);
  });
});

describe('what is said of them', () => {
  it('names ten and counts the others', () => {
    const processes = Array.from({ length: 10 }, (_, pid) => ({ pid, name: 'sh', command: '' }));
    expect(sayLeft({ wereEnded: true, count: 5000, processes }, new SecretMasks())).toMatch(
      /^Ended 5000 processes that the job left running: sh \(0\); .*sh \(9\); 4990 more\. To leave/,
    );
  });

  it('is read from ps where there is no /proc', () => {
    const printed =
      '    1     1 /sbin/launchd\n  501   499 /bin/sleep 300\n  502   499 node server.js --port 1\n  503   503 zsh\n';
    expect(readGroup(printed, 499)).toEqual([
      { pid: 501, name: 'sleep', command: '/bin/sleep 300' },
      { pid: 502, name: 'node', command: 'node server.js --port 1' },
    ]);
  });
});
