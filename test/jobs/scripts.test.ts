import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installJobApi } from '../../electron/jobs/script/job-api.ts';
import { readAnnotations } from '../../electron/store/runs/run-history.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { eventually } from '../support/eventually.ts';
import { isAlive, marked, openRunner, scriptJob, workerFiles } from './open-runner.ts';

const outcome = (row: { outcome: string | null }): unknown => JSON.parse(row.outcome ?? 'null');

describe('a script job', () => {
  it('gets the event and the run, imports the job API, and returns its outcome', async () => {
    const app = openRunner([scriptJob('hello', 'hello.ts')]);
    app.script(
      'hello.ts',
      `import { defineJob } from 'signalbox';
       interface Payload { name: string }
       export default defineJob<Payload>(async (event, run) => {
         run.log('hello %s', event.payload.name);
         console.log('from console'); console.error('from error');
         run.warning('be careful');
         run.progress(150, 'nearly');
         run.progress(50, 'half');
         return { name: event.payload.name, id: run.id, attempt: run.attempt, same: run.event === event, aborted: run.signal.aborted,
           env: process.env.SIGNALBOX_RUN_ID, source: process.env.SIGNALBOX_SOURCE };
       });`,
    );
    await app.runner.start();
    const id = await app.post('hello', { name: 'Ada' });
    const row = await app.ended(id);
    expect(row).toMatchObject({ state: 'completed', reason: 'exit', error: null, exit_code: null });
    expect(outcome(row)).toEqual({ name: 'Ada', id, attempt: 1, same: true, aborted: false, env: id, source: 'crm' });
    expect(app.text(id)).toEqual([
      'stdout: hello Ada',
      'stdout: from console',
      'stderr: from error',
      'stdout: warning: be careful',
    ]);
    expect(readAnnotations(app.store.db, row)).toMatchObject([{ level: 'warning', text: 'be careful' }]);
    expect(app.progress).toEqual([{ id, progress: { percent: 50, message: 'half' } }]);
  });

  it.each(['hello.ts', 'triage.ts'])('runs as the example %s does', async (file) => {
    const app = openRunner([scriptJob('example', resolve(import.meta.dirname, '../../resources/examples/jobs', file))]);
    await app.runner.start();
    const id = await app.post('example', {
      name: 'Ada',
      operation: 'import',
      attempt: 1,
      reason: 'timeout',
      exitCode: null,
      info: 'too slow',
    });
    expect(await app.ended(id)).toMatchObject({ state: 'completed', error: null });
    expect(app.text(id).length).toBeGreaterThan(0);
  });

  it('gets numbers that a double does not hold as bigint or text, and may print and return them', async () => {
    const app = openRunner([scriptJob('digits', 'digits.mjs')]);
    app.script(
      'digits.mjs',
      `export default (event) => {
        const { payload } = event;
        const types = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, typeof value]));
        return { types, sum: payload.whole + 1n, price: payload.price * 2, printed: JSON.stringify(event).length > 0, payload };
      };`,
    );
    await app.runner.start();
    const payload =
      '{"whole":-9007199254740993,"price":12.50,"long":0.1000000000000000055511151231257827,"huge":1e400}';
    const row = await app.ended(await app.post('digits', parseExact(payload)));
    expect(row).toMatchObject({ state: 'completed', error: null });
    // A script that returns what it got: whole numbers stay numbers, text stays text.
    expect(row.outcome).toBe(
      '{"types":{"whole":"bigint","price":"number","long":"string","huge":"string"},"sum":-9007199254740992,' +
        '"price":25,"printed":true,"payload":{"whole":-9007199254740993,"price":12.5,' +
        '"long":"0.1000000000000000055511151231257827","huge":"1e400"}}',
    );
  });

  it('keeps its process warm, one run at a time', async () => {
    const app = openRunner([scriptJob('count', 'count.mjs', { concurrency: 2 })]);
    app.script(
      'count.mjs',
      `let runs = 0, now = 0;
      export default async () => { now += 1; const busy = now; await new Promise((done) => setTimeout(done, 5)); now -= 1; return { pid: process.pid, run: ++runs, busy }; };`,
    );
    await app.runner.start();
    const ids = await app.postMany(
      'count',
      Array.from({ length: 12 }, () => ({})),
    );
    const seen: { pid: number; run: number; busy: number }[] = [];
    for (const id of ids) seen.push(outcome(await app.ended(id)) as { pid: number; run: number; busy: number });
    expect(new Set(seen.map((one) => one.pid)).size).toBeLessThanOrEqual(2);
    expect(Math.max(...seen.map((one) => one.run))).toBeGreaterThan(2);
    expect(seen.every((one) => one.busy === 1)).toBe(true);
  });

  it('has a process that is up before its first run, and another in its place when a run has spoiled it', async () => {
    const jobs = ['warm', 'spoils', 'asks'].map((slug) =>
      scriptJob(slug, `${slug}.mjs`, slug === 'asks' ? { approval: 'required' } : {}),
    );
    const app = openRunner(jobs);
    app.script('warm.mjs', 'export default () => process.pid;');
    app.script('spoils.mjs', 'export default () => { globalThis.left = true; return process.pid; };');
    app.script('asks.mjs', 'export default () => process.pid;');
    await app.runner.start();
    const workersOf = (slug: string): number[] => marked(join(app.store.dir, 'jobs', `${slug}.mjs`));
    expect(jobs.flatMap(({ spec }) => workersOf(spec.slug))).toEqual([]);
    app.runner.warmUp(app.listeners.unattendedJobs());
    await eventually(() => expect([workersOf('warm').length, workersOf('spoils').length]).toEqual([1, 1]));

    const warm = workersOf('warm');
    for (let n = 0; n < 2; n += 1) expect([outcome(await app.ended(await app.post('warm')))]).toEqual(warm);

    const [spoiled] = workersOf('spoils');
    expect(outcome(await app.ended(await app.post('spoils')))).toBe(spoiled);
    await eventually(() => expect(workersOf('spoils')).toEqual([expect.toSatisfy((pid) => pid !== spoiled)]));
    expect(workersOf('asks')).toEqual([]);
  });

  it('has a separate process for each run when it is isolated', async () => {
    const app = openRunner([scriptJob('alone', 'alone.mjs', { isolate: true })]);
    app.script('alone.mjs', 'let runs = 0; export default () => ({ pid: process.pid, run: ++runs });');
    await app.runner.start();
    const ids = await app.postMany('alone', [{}, {}, {}]);
    const seen: { pid: number; run: number }[] = [];
    for (const id of ids) seen.push(outcome(await app.ended(id)) as { pid: number; run: number });
    expect(new Set(seen.map((one) => one.pid)).size).toBe(3);
    expect(seen.map((one) => one.run)).toEqual([1, 1, 1]);
    await eventually(() => expect(seen.filter((one) => isAlive(one.pid))).toEqual([]));
  });

  it('is loaded anew when its file has changed', async () => {
    const app = openRunner([scriptJob('edit', 'edit.mjs')]);
    const file = app.script('edit.mjs', 'export default () => 1;');
    await app.runner.start();
    expect(outcome(await app.ended(await app.post('edit')))).toBe(1);
    writeFileSync(file, 'export default () => "changed";');
    expect(outcome(await app.ended(await app.post('edit')))).toBe('changed');
  });

  it.each([
    [
      'throws',
      'export default () => { throw new Error("no such customer"); };',
      { reason: 'error', error: 'no such customer' },
      /stderr: +at .*bad\.mjs/,
    ],
    [
      'rejects with no error',
      'export default async () => { throw { code: 7 }; };',
      { reason: 'error', error: '{ code: 7 }' },
      /thrown: \{ code: 7 \}/,
    ],
    [
      'returns what is no JSON',
      'export default () => { const loop = {}; loop.loop = loop; return loop; };',
      { reason: 'outcome', error: expect.stringMatching(/is not JSON: .*circular/) },
      /^$/,
    ],
    [
      'returns too much',
      'export default () => "x".repeat(300000);',
      { reason: 'outcome', error: expect.stringMatching(/larger than/) },
      /^$/,
    ],
    [
      'says that it failed',
      'export default () => ({ status: "failed", message: "no stock" });',
      { reason: 'outcome', error: 'no stock' },
      /^$/,
    ],
    [
      'exports nothing',
      'export const job = 1;',
      { reason: 'error', error: expect.stringMatching(/no function as its default export/) },
      /default export/,
    ],
    ['does not parse', 'export default (', { reason: 'error' }, /SyntaxError/],
    [
      'exits',
      'export default () => { console.log("bye"); process.exit(4); };',
      { reason: 'exit', exit_code: 4, error: expect.stringMatching(/ended before the script returned/) },
      /stdout: bye/,
    ],
    [
      'crashes',
      'export default () => { console.log("bye"); process.abort(); };',
      { reason: 'signal', signal: 'SIGABRT' },
      /.*/,
    ],
    [
      'leaves a rejection unhandled',
      'export default () => { Promise.reject(new Error("lost")); return new Promise(() => {}); };',
      { reason: 'exit', exit_code: 1 },
      /Error: lost/,
    ],
  ])('fails when it %s', async (_, code, expected, output) => {
    const app = openRunner([scriptJob('bad', 'bad.mjs')]);
    app.script('bad.mjs', code);
    await app.runner.start();
    const id = await app.post('bad');
    expect(await app.ended(id)).toMatchObject({ state: 'failed', inbox: 1, ...expected });
    expect(app.text(id).join('\n')).toMatch(output);
  });

  it('fails alone when its process crashes', async () => {
    const app = openRunner([scriptJob('mixed', 'mixed.mjs', { concurrency: 3 })]);
    app.script(
      'mixed.mjs',
      `export default async (event) => {
      if (event.payload.crash) process.kill(process.pid, 'SIGKILL');
      await new Promise((done) => setTimeout(done, 100)); return 'fine'; };`,
    );
    await app.runner.start();
    const [a, crash, b, after] = await app.postMany('mixed', [{}, { crash: true }, {}, {}]);
    expect(await app.ended(crash ?? '')).toMatchObject({ state: 'failed', reason: 'signal', signal: 'SIGKILL' });
    for (const id of [a, b, after])
      expect(await app.ended(id ?? '')).toMatchObject({ state: 'completed', outcome: '"fine"' });
  });

  it('is aborted at its time limit, and may clean up', async () => {
    const app = openRunner([scriptJob('slow', 'slow.mjs', { timeout: '3s' })]);
    app.script(
      'slow.mjs',
      `export default (event, run) => new Promise((done) => run.signal.addEventListener('abort', () => { console.log('cleaning', run.signal.reason.message); done('late'); }));`,
    );
    await app.runner.start();
    const id = await app.post('slow');
    expect(await app.ended(id)).toMatchObject({ state: 'failed', reason: 'timeout', error: 'took longer than 3s' });
    expect(app.text(id).join('\n')).toMatch(/stdout: cleaning Time limit/);
  });

  it('is killed when it does not heed the abort, blocked or not, and the next run has a new process', async () => {
    const app = openRunner([scriptJob('stuck', 'stuck.mjs', { timeout: '3s' })], { killGraceMs: 100 });
    app.script(
      'stuck.mjs',
      `export default (event) => { console.log('pid', process.pid); while (event.payload.stuck); return 'fine'; };`,
    );
    await app.runner.start();
    const [stuck = '', next = ''] = await app.postMany('stuck', [{ stuck: true }, {}]);
    expect(await app.ended(stuck)).toMatchObject({ state: 'failed', reason: 'timeout' });
    expect(await app.ended(next)).toMatchObject({ state: 'completed', outcome: '"fine"' });
  });

  it('leaves no process that it started', async () => {
    const app = openRunner([scriptJob('forks', 'forks.mjs')]);
    app.script(
      'forks.mjs',
      `import { spawn, execSync } from 'node:child_process'; import { writeFileSync } from 'node:fs';
      export default () => {
        process.on('exit', (code) => writeFileSync(${JSON.stringify(join(app.store.dir, 'exited'))}, String(code)));
        const plain = spawn('sleep', ['300']); const away = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
        const inner = Number(execSync('setsid sleep 300 >/dev/null 2>&1 & echo $!').toString());
        return [plain.pid, away.pid, inner, process.pid];
      };`,
    );
    await app.runner.start();
    const row = await app.ended(await app.post('forks'));
    const [plain = 0, away = 0, inner = 0, worker = 0] = outcome(row) as number[];
    expect([plain, away, inner].filter(isAlive)).toEqual([]);
    // What the run left makes its process end too, but without being killed with them.
    await eventually(() => expect(isAlive(worker)).toBe(false));
    expect(readFileSync(join(app.store.dir, 'exited'), 'utf8')).toBe('0');
  });

  it('has what its children write taken as its own output', async () => {
    const app = openRunner([scriptJob('inherits', 'inherits.mjs')]);
    app.script(
      'inherits.mjs',
      `import { spawnSync } from 'node:child_process';
      export default () => { spawnSync('sh', ['-c', 'echo from the child'], { stdio: 'inherit' }); return new Promise((done) => setTimeout(done, 50)); };`,
    );
    await app.runner.start();
    const id = await app.post('inherits');
    await app.ended(id);
    expect(app.text(id)).toEqual(['stdout: from the child']);
  });

  it('says what to do when its file is not there', async () => {
    const app = openRunner([scriptJob('gone', 'gone.ts')]);
    await app.runner.start();
    const row = await app.ended(await app.post('gone'));
    expect(row).toMatchObject({ state: 'failed', reason: 'spawn' });
    expect(row.error).toMatch(/gone\.ts does not exist; put it there or change "file" of the job gone/);
  });

  it('runs TypeScript that is more than types', async () => {
    const app = openRunner([scriptJob('enums', 'enums.ts')]);
    app.script(
      'enums.ts',
      `import { defineJob } from 'signalbox'; enum Level { low, high } export default defineJob(() => Level[Level.high]);`,
    );
    await app.runner.start();
    expect(await app.ended(await app.post('enums'))).toMatchObject({ state: 'completed', outcome: '"high"' });
  });

  it('finds the job API beside scripts of the data directory', () => {
    const app = openRunner([]);
    installJobApi(app.store.dir, workerFiles.scriptWorker, null);
    expect(existsSync(join(app.store.dir, 'jobs/node_modules/signalbox/index.d.ts'))).toBe(true);
  });
});
