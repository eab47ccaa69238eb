import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statement } from '../../electron/store/database/statements.ts';
import { eventually } from '../support/eventually.ts';
import { defined, type OpenRunner, openRunner, scriptJob, shellJob } from './open-runner.ts';

const said = (app: OpenRunner, id: string): string[] =>
  (
    statement(
      app.store.db,
      'SELECT t.type FROM events e JOIN event_types t ON t.id = e.type_id WHERE caused_by_run = ? ORDER BY e.seq',
    ).all(id) as { type: string }[]
  ).map((row) => row.type);

const by = { by: 'ada', note: null };

/** A job that keeps others waiting, where one runs at a time. */
function untilReleased(app: OpenRunner) {
  const go = join(app.store.dir, `release-${randomUUID()}`);
  return {
    blocker: shellJob('block', `while [ ! -e '${go}' ]; do sleep 0.02; done`),
    release: () => writeFileSync(go, ''),
  };
}

describe('a job that needs approval', () => {
  it('starts only once an operator has approved the run, and says so', async () => {
    const app = openRunner([shellJob('deploy', 'echo done', { approval: 'required' }), shellJob('watch', 'true')], {
      chain: ['job:created', 'job:pending', 'job:approved'].map((type, n) => ({ slug: `w${n}`, type, job: 'watch' })),
    });
    await app.runner.start();
    const id = await app.post('deploy');
    expect(app.row(id)).toMatchObject({ state: 'pending', inbox: 1, attempt: 0, decided_by: null });
    expect(app.changes.find((run) => run.id === id)).toMatchObject({
      state: 'pending',
      needsAttention: 'approval',
      needsAcknowledgement: false,
    });
    expect(app.runner.counts()).toEqual({ waiting: expect.any(Number), running: expect.any(Number) });
    const [approved] = await app.runner.approve({ ids: [id], by: 'ada', note: 'go' });
    expect(approved).toMatchObject({ state: 'queued', decidedBy: 'ada', note: 'go', needsAttention: null });
    expect(await app.ended(id)).toMatchObject({ state: 'completed', decided_by: 'ada', inbox: 0 });
    expect(said(app, id)).toEqual(['job:created', 'job:pending', 'job:approved', 'job:completed']);
    // A second operator who was slower sees who it was.
    expect(await app.runner.approve({ ids: [id], by: 'bob', note: null })).toMatchObject([{ decidedBy: 'ada' }]);
  });

  it('never starts a run that was rejected', async () => {
    const app = openRunner([shellJob('deploy', 'touch ran', { approval: 'required' })]);
    await app.runner.start();
    const [first, second] = await app.postMany('deploy', [1, 2]);
    if (first === undefined || second === undefined) throw new Error('no runs');
    await app.runner.reject({ ids: [first], by: 'ada', note: 'not today' });
    expect(app.row(first)).toMatchObject({
      state: 'canceled',
      reason: 'rejected',
      decided_by: 'ada',
      note: 'not today',
      attempt: 0,
      inbox: 0,
    });
    expect(said(app, first)).toEqual(['job:canceled']);
    await expect(app.runner.approve({ ids: [second, first], ...by })).rejects.toMatchObject({ code: 'wrong_state' });
    expect(app.row(second).state, 'all or nothing').toBe('pending');
    await app.runner.cancel(second);
    expect(app.row(second)).toMatchObject({ state: 'canceled', reason: 'canceled', inbox: 0 });
  });

  it('asks for the listener’s sake as well, and again for a retry', async () => {
    const app = openRunner([shellJob('quick', 'true')], { approvalFor: ['quick'] });
    await app.runner.start();
    const id = await app.post('quick');
    expect(app.row(id).state).toBe('pending');
    await app.runner.approve({ ids: [id], ...by });
    await app.ended(id);
    expect(await app.runner.retry(id)).toMatchObject({ state: 'pending', needsAttention: 'approval' });
  });

  it('gives up after its time', async () => {
    const app = openRunner([shellJob('deploy', 'true', { approval: 'required', approvalTimeout: '50ms' })]);
    await app.runner.start();
    const id = await app.post('deploy');
    expect(await app.ended(id)).toMatchObject({ state: 'canceled', reason: 'expired', inbox: 1, attempt: 0 });
    expect(said(app, id)).toEqual(['job:canceled']);
    await expect(app.runner.approve({ ids: [id], ...by })).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('still waits after the app was started again', async () => {
    const app = openRunner([shellJob('deploy', 'true', { approval: 'required' })]);
    await app.runner.start();
    const id = await app.post('deploy');
    await app.stop();
    const again = openRunner([shellJob('deploy', 'true', { approval: 'required' })], { store: app.store });
    await again.runner.start();
    expect(again.row(id).state).toBe('pending');
    await again.runner.approve({ ids: [id], ...by });
    expect(await again.ended(id)).toMatchObject({ state: 'completed' });
  });

  it('shows what would run, and how it differs from what was approved last', async () => {
    const env = { MODE: 'dry' };
    const app = openRunner([shellJob('deploy', 'true', { approval: 'required', env })], { secrets: { key: 'hush' } });
    await app.runner.start();
    const first = await app.post('deploy', { to: 'test' });
    expect(await app.runner.approval(first)).toMatchObject({
      kind: 'command',
      argv: ['/bin/sh', '-c', 'true'],
      file: null,
      cwd: join(app.store.dir, 'work', 'deploy'),
      envNames: ['MODE'],
      secretNames: [],
      event: { type: 'deploy', payload: { to: 'test' } },
      previous: null,
    });
    await app.runner.approve({ ids: [first], ...by });
    await app.ended(first);
    app.catalog.replaceAll([
      shellJob('deploy', 'false', { approval: 'required', env: { MODE: 'hot' }, secrets: { KEY: { secret: 'key' } } }),
    ]);
    const second = await app.post('deploy', { to: 'live' });
    const { previous } = await app.runner.approval(second);
    expect(previous).toMatchObject({ runId: first, approvedBy: 'ada', argv: ['/bin/sh', '-c', 'true'] });
    expect(previous?.differences).toEqual([
      { what: 'command', before: '["/bin/sh","-c","true"]', now: '["/bin/sh","-c","false"]' },
      { what: 'variable MODE', before: 'a value', now: 'another value' },
      { what: 'secret KEY', before: null, now: 'stored secret key' },
    ]);
    expect(JSON.stringify(await app.runner.approval(second))).not.toContain('hush');
  });

  it('runs what was approved, or asks again', async () => {
    const app = openRunner([scriptJob('deploy', 'deploy.mjs', { approval: 'required' })], { concurrency: 1 });
    const file = app.script('deploy.mjs', 'export default () => "good";');
    await app.runner.start();
    const id = await app.post('deploy');
    const { digest, fileSha256 } = await app.runner.approval(id);
    expect(fileSha256).toMatch(/^[0-9a-f]{64}$/);
    writeFileSync(file, 'export default () => "evil";');
    await expect(app.runner.approve({ ids: [id], ...by, digest })).rejects.toMatchObject({ code: 'stale_version' });

    // Approved as it is now, and changed before its turn comes.
    const { blocker, release } = untilReleased(app);
    app.catalog.replaceAll([scriptJob('deploy', 'deploy.mjs', { approval: 'required' }), blocker]);
    const block = await app.runner.testRun({ slug: 'block' });
    await app.until(block.runId, 'running');
    await app.runner.approve({ ids: [id], ...by });
    writeFileSync(file, 'export default () => "worse";');
    release();
    await eventually(() =>
      expect(app.row(id).note).toMatch(/^Changed since it was approved: content of .*deploy\.mjs/),
    );
    expect(app.row(id)).toMatchObject({ state: 'pending', inbox: 1, attempt: 0, decided_by: null, outcome: null });
    await app.runner.approve({ ids: [id], ...by, digest: (await app.runner.approval(id)).digest });
    expect(await app.ended(id)).toMatchObject({ state: 'completed', outcome: '"worse"', attempt: 1 });
  });
});

describe('an approval of a script', () => {
  const setUp = async () => {
    const app = openRunner([scriptJob('deploy', 'deploy.mjs', { approval: 'required' })], { concurrency: 1 });
    app.script(
      'deploy.mjs',
      "import { what } from './lib/what.mjs'; import dep from 'dep'; export default () => what + dep;",
    );
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(app.store.dir, 'jobs', name)), { recursive: true });
      writeFileSync(join(app.store.dir, 'jobs', name), text);
    };
    write('lib/what.mjs', "export const what = 'good';");
    write('node_modules/dep/package.json', '{"name":"dep","version":"1.0.0","type":"module"}');
    write('node_modules/dep/index.js', "export default ' 1';");
    await app.runner.start();
    return { app, write };
  };

  it('shows every file and package it would load, and what changed since the last one', async () => {
    const { app, write } = await setUp();
    const first = await app.post('deploy');
    const approval = await app.runner.approval(first);
    expect(approval.files.map(({ path, change }) => [path.slice(app.store.dir.length), change])).toEqual([
      ['/jobs/deploy.mjs', null],
      ['/jobs/lib/what.mjs', null],
    ]);
    expect(approval.packages).toMatchObject([{ name: 'dep', version: '1.0.0', change: null }]);
    expect(approval.open).toEqual([]);
    await app.runner.approve({ ids: [first], ...by, digest: approval.digest });
    expect(await app.ended(first)).toMatchObject({ state: 'completed', outcome: '"good 1"' });

    write('lib/what.mjs', "export const what = 'new'; import(process.env.PLUGIN);");
    write('node_modules/dep/index.js', "export default ' evil';");
    const second = await app.post('deploy');
    const now = await app.runner.approval(second);
    expect([...now.files, ...now.packages].map(({ change }) => change)).toEqual(['same', 'changed', 'changed']);
    expect(now.previous?.differences).toEqual([
      { what: expect.stringMatching(/^content of .*what\.mjs$/), before: expect.any(String), now: expect.any(String) },
      {
        what: 'package dep',
        before: expect.stringMatching(/^1\.0\.0, files [0-9a-f]{16}$/),
        now: expect.stringMatching(/^1\.0\.0, files [0-9a-f]{16}$/),
      },
      {
        what: 'what is known only at run time',
        before: null,
        now: expect.stringMatching(/what\.mjs line 1: an import\(\) of what is only known when it runs\.$/),
      },
    ]);
    await app.runner.reject({ ids: [second], ...by });
  });

  it('is void when what the script imports has changed, before or after the decision', async () => {
    const { app, write } = await setUp();
    const id = await app.post('deploy');
    const { digest } = await app.runner.approval(id);
    write('lib/what.mjs', "export const what = 'evil';");
    await expect(app.runner.approve({ ids: [id], ...by, digest })).rejects.toMatchObject({ code: 'stale_version' });
    for (const [name, text, note] of [
      ['lib/what.mjs', "export const what = 'worse';", /^Changed since it was approved: content of .*what\.mjs\.$/],
      ['node_modules/dep/extra.js', '', /^Changed since it was approved: package dep\.$/],
    ] as const) {
      const { blocker, release } = untilReleased(app);
      app.catalog.replaceAll([scriptJob('deploy', 'deploy.mjs', { approval: 'required' }), blocker]);
      const block = await app.runner.testRun({ slug: 'block' });
      await app.until(block.runId, 'running');
      await app.runner.approve({ ids: [id], ...by });
      write(name, text);
      release();
      await eventually(() => expect(app.row(id).note).toMatch(note));
      expect(app.row(id)).toMatchObject({ state: 'pending', attempt: 0, outcome: null });
    }
    await app.runner.approve({ ids: [id], ...by });
    expect(await app.ended(id)).toMatchObject({ state: 'completed', outcome: '"worse 1"' });
  });

  it.each([
    ['an import()', "await import('./late.mjs')", 'late.mjs', 'export default 1;'],
    ['a require()', "require('./late.cjs')", 'late.cjs', 'module.exports = 1;'],
    ['a require() of JSON', "require('./late.json')", 'late.json', '{"a":1}'],
    ['an import of JSON', "await import('./late.json', { with: { type: 'json' } })", 'late.json', '{"a":1}'],
    ['a file of a package', "await import('late')", 'node_modules/late/index.js', 'export default 1;'],
    ['TypeScript that is more than types', "await import('./late.ts')", 'late.ts', 'export const a: number = 1;', 'ts'],
  ])('holds until %s in the middle of the run', async (_, load, name, text, kind = 'mjs') => {
    const file = `deploy.${kind}`;
    const app = openRunner([scriptJob('deploy', file, { approval: 'required' })]);
    const folder = join(app.store.dir, 'jobs');
    const write = (path: string, content: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    };
    write('node_modules/late/package.json', '{"name":"late","version":"1.0.0","type":"module","exports":"./index.js"}');
    write(name, text);
    write(
      file,
      `import { existsSync } from 'node:fs'; import { createRequire } from 'node:module';
       const require = createRequire(import.meta.url);
       ${kind === 'ts' ? 'enum Level { low }' : ''}
       export default async (event${kind === 'ts' ? ': unknown, run: { log(text: string): void }' : ', run'}) => {
         console.log('started');
         while (!existsSync(${JSON.stringify(join(folder, 'go'))})) await new Promise((done) => setTimeout(done, 10));
         ${load};
         return 'loaded';
       };`,
    );
    await app.runner.start();
    const start = async (): Promise<string> => {
      const id = await app.post('deploy');
      await app.runner.approve({ ids: [id], ...by });
      return id;
    };
    const running = async (id: string): Promise<void> => {
      await eventually(async () => {
        await app.runner.flushOutput(id);
        expect(app.text(id)).toContain('stdout: started');
      });
    };
    const changed = await start();
    await running(changed);
    write(name, text.replace('1', '2'));
    write('go', '');
    const row = await app.ended(changed);
    expect(row).toMatchObject({ state: 'failed', outcome: null });
    expect(row.error).toMatch(/has changed since this run was approved; it was not loaded/);
    expect(await app.ended(await start())).toMatchObject({ state: 'completed', outcome: '"loaded"' });
  });

  it('is never used for a process that has loaded what was approved before', async () => {
    const { app, write } = await setUp();
    for (const what of ['one', 'two', 'three']) {
      write('lib/what.mjs', `export const what = '${what}';`);
      const id = await app.post('deploy');
      await app.runner.approve({ ids: [id], ...by, digest: (await app.runner.approval(id)).digest });
      expect(await app.ended(id)).toMatchObject({ outcome: `"${what} 1"` });
    }
  });

  it('covers what the script of a command imports, and the package.json that npm runs', async () => {
    const app = openRunner([
      defined({
        slug: 'node',
        kind: 'command',
        command: ['node', '--import=./hook.mjs', 'run.ts'],
        approval: 'required',
      }),
      defined({ slug: 'npm', kind: 'command', command: ['npm', 'run', 'x'], approval: 'required' }),
    ]);
    const folder = (slug: string): string => join(app.store.dir, 'work', slug);
    for (const slug of ['node', 'npm']) mkdirSync(folder(slug), { recursive: true });
    writeFileSync(join(folder('node'), 'hook.mjs'), '');
    writeFileSync(join(folder('node'), 'run.ts'), "import './helper.ts';");
    writeFileSync(join(folder('node'), 'helper.ts'), '');
    writeFileSync(join(folder('npm'), 'package.json'), '{"scripts":{"x":"true"}}');
    await app.runner.start();
    const names = async (slug: string): Promise<string[]> => {
      const id = await app.post(slug);
      const { files } = await app.runner.approval(id);
      await app.runner.reject({ ids: [id], ...by });
      return files.map(({ path }) => path.slice(folder(slug).length + 1));
    };
    expect(await names('node')).toEqual(['hook.mjs', 'run.ts', 'helper.ts']);
    expect(await names('npm')).toEqual(['package.json']);
  });

  it('can be canceled while its files are read', async () => {
    const { app, write } = await setUp();
    for (let n = 0; n < 300; n += 1) write(`node_modules/dep/lib/${n}.js`, 'x'.repeat(1000));
    const id = await app.post('deploy');
    await app.runner.approve({ ids: [id], ...by });
    await app.until(id, 'running', 'completed');
    await app.runner.cancel(id).catch(() => undefined);
    const row = await app.ended(id);
    expect(['canceled', 'completed']).toContain(row.state);
    if (row.state === 'canceled') expect(row.outcome).toBeNull();
  });
});

describe('runs that wait for approval', () => {
  it('are no more than the queue of their job takes; one more is refused for all to see', async () => {
    const app = openRunner([
      shellJob('deploy', 'true', { approval: 'required', queue: 2 }),
      shellJob('other', 'true', { approval: 'required', queue: 2 }),
    ]);
    await app.runner.start();
    const [first = '', second = '', third = '', fourth = ''] = await app.postMany('deploy', [1, 2, 3, 4]);
    expect([first, second].map((id) => app.row(id).state)).toEqual(['pending', 'pending']);
    for (const id of [third, fourth]) {
      expect(app.row(id)).toMatchObject({
        state: 'failed',
        reason: 'queue',
        error: 'the queue of job deploy is full (2 runs wait for approval)',
        inbox: 1,
        expires_at: null,
      });
      expect(said(app, id)).toEqual(['job:failed']);
    }
    expect(app.row(await app.post('other')).state, 'each job by itself').toBe('pending');
    await app.runner.approve({ ids: [first], ...by });
    expect(app.row(await app.post('deploy')).state, 'one was decided on').toBe('pending');
    expect(app.row(await app.post('deploy')).state).toBe('failed');
    await app.runner.reject({ ids: [second], ...by });
    expect(app.row(await app.post('deploy')).state).toBe('pending');
    await app.ended(first);
  });
});

describe('runs whose time passes while the app is not there', () => {
  it('are given up when it starts again, and those that became due go on', async () => {
    const jobs = [
      shellJob('deploy', 'true', { approval: 'required', approvalTimeout: '200ms' }),
      shellJob('late', 'true', { expireAfter: '200ms' }),
      shellJob('patient', 'true', { expireAfter: '1h' }),
      shellJob('flaky', 'test "$SIGNALBOX_ATTEMPT" = 2', { attempts: 2, backoff: '2s' }),
    ];
    const before = openRunner(jobs, { concurrency: 1 });
    await before.runner.start();
    const flaky = await before.post('flaky');
    await before.until(flaky, 'scheduled');
    await before.stop();
    // Nobody claims them any more, nor looks at the time.
    const [deploy, late, patient] = [
      await before.post('deploy'),
      await before.post('late'),
      await before.post('patient'),
    ];
    expect([deploy, late, patient].map((id) => before.row(id).state)).toEqual(['pending', 'queued', 'queued']);
    const passed = Math.max(
      ...[deploy, late].map((id) => before.row(id).expires_at ?? 0),
      before.row(flaky).due_at ?? 0,
    );
    await eventually(() => expect(Date.now()).toBeGreaterThan(passed));

    const after = openRunner(jobs, { concurrency: 1, store: before.store });
    await after.runner.start();
    expect(after.row(deploy)).toMatchObject({
      state: 'canceled',
      reason: 'expired',
      error: 'Not approved in time',
      inbox: 1,
      attempt: 0,
    });
    expect(after.row(late)).toMatchObject({
      state: 'canceled',
      reason: 'expired',
      error: 'Waited in the queue for too long',
      inbox: 1,
      attempt: 0,
    });
    for (const id of [deploy, late]) expect(said(after, id)).toEqual(['job:canceled']);
    await expect(after.runner.approve({ ids: [deploy], ...by })).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await after.ended(patient)).toMatchObject({ state: 'completed' });
    expect(await after.ended(flaky)).toMatchObject({ state: 'completed', attempt: 2 });
    await eventually(() => expect(after.runner.counts()).toEqual({ waiting: 0, running: 0 }));
    // Who wants it after all makes a new run, which needs an approval of its own.
    const retry = await after.runner.retry(deploy);
    expect(retry).toMatchObject({ state: 'pending', retryOf: deploy });
    await after.runner.cancel(retry.id);
  });
});

describe('a run that waits in the queue', () => {
  it('is given up when its job says for how long', async () => {
    const app = openRunner([shellJob('first', 'sleep 3'), shellJob('second', 'true', { expireAfter: '100ms' })], {
      concurrency: 1,
    });
    await app.runner.start();
    const first = await app.post('first');
    await app.until(first, 'running');
    const second = await app.post('second');
    expect(await app.ended(second)).toMatchObject({ state: 'canceled', reason: 'expired', inbox: 1, attempt: 0 });
    expect(await app.ended(first)).toMatchObject({ state: 'completed' });
    await eventually(() => expect(app.runner.counts()).toEqual({ waiting: 0, running: 0 }));
  });
});
