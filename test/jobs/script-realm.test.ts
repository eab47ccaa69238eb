import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TimeShare } from '../../electron/jobs/output/time-share.ts';
import type { WorkerDone } from '../../electron/jobs/script/channel/script-protocol.ts';
import { jobApiFolder } from '../../electron/jobs/script/job-api.ts';
import { ScriptWorker } from '../../electron/jobs/script/script-worker-process.ts';
import { openRunner, scriptJob, workerFiles } from './open-runner.ts';

const log = pino({ level: 'silent' });

/** The app's side of a worker of its own. */
function openWorker(code: string, preload: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-worker-'));
  const file = join(folder, 'job.mjs');
  writeFileSync(file, code);
  const spec = {
    job: 'job',
    file,
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder },
    fingerprint: '',
    preload,
    isSingleUse: false,
    isSpare: true,
    mayLeave: false,
    approved: null,
  };
  const workerFile = workerFiles.scriptWorker;
  const worker = new ScriptWorker(spec, {
    workerFile,
    apiDir: jobApiFolder(workerFile),
    user: null,
    share: new TimeShare(),
    log,
  });
  onTestFinished(async () => {
    await worker.end();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    async run(payload: unknown) {
      const done = await new Promise<WorkerDone>((resolve, reject) => {
        const event = JSON.stringify({ id: 'evt_1', type: 'x', source: 'crm', payload });
        worker.run(
          { id: 'run_1', attempt: 1, mark: 'run_1.1', filesDir: join(folder, 'files'), event },
          {
            onMessage: (message) => message.t === 'done' && resolve(message),
            onRawOutput: () => true,
            onForeign: () => reject(new Error('something else wrote to the channel')),
            onGone: (gone) => reject(new Error(`the worker is gone: ${JSON.stringify(gone)}`)),
          },
        );
      });
      return { outcome: done.outcome, error: done.error, settled: await worker.settled() };
    },
  };
}

async function openServer(): Promise<string> {
  const server = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/` : '';
}

interface Seen {
  pid: number;
  found: unknown;
}

/** Runs a script three times: once with `leave`, and says what the runs after that find in `found`, and in which process. */
async function runs(leave: string, found = 'null', top = ''): Promise<Seen[]> {
  const app = openRunner([scriptJob('job', 'job.mjs')]);
  app.script(
    'job.mjs',
    `${top}
     let count = 0;
     export default async (event, run) => {
       count += 1;
       const found = ${found};
       if (event.payload.first) { ${leave} }
       return { pid: process.pid, found, count };
     };`,
  );
  await app.runner.start();
  const seen: Seen[] = [];
  for (const first of [true, false, false]) {
    const row = await app.ended(await app.post('job', { first }));
    expect(row, row.error ?? '').toMatchObject({ state: 'completed' });
    seen.push(JSON.parse(row.outcome ?? 'null'));
  }
  return seen;
}

describe('the run after one that', () => {
  it.each([
    ['pollutes a prototype', 'Object.prototype.isAdmin = true;', '({}).isAdmin ?? null'],
    [
      'is led to by what it was sent',
      `const merge = (to, from) => { for (const key of Object.keys(from)) { if (typeof from[key] === 'object') merge(to[key] ??= {}, from[key]); else to[key] = from[key]; } };
       merge({}, JSON.parse('{"__proto__": {"isAdmin": true}}'));`,
      '({}).isAdmin ?? null',
    ],
    [
      'hides what it adds',
      `Object.defineProperty(Array.prototype, 'evil', { value: 1, enumerable: false });`,
      '[].evil ?? null',
    ],
    ['adds a symbol to a prototype', `String.prototype[Symbol.for('evil')] = 1;`, `''[Symbol.for('evil')] ?? null`],
    ['replaces a method', 'Array.prototype.map = () => ["evil"];', '[1].map((one) => one)[0] === "evil"'],
    ['replaces a function of the language', 'JSON.parse = () => "evil"; Math.random = () => 4;', 'Math.random() === 4'],
    ['removes one', 'delete Array.prototype.flat;', 'typeof [].flat === "undefined"'],
    ['sets a global', 'globalThis.token = "secret";', 'globalThis.token ?? null'],
    ['replaces a global', 'globalThis.Date = class { static now() { return 0; } };', 'Date.now() === 0'],
    ['replaces fetch', 'globalThis.fetch = () => "evil";', 'String(fetch).includes("evil")'],
    ['replaces console', 'console.log = () => {};', 'String(console.log) === "() => {}"'],
    [
      'changes how errors print',
      'Error.prepareStackTrace = () => "evil";',
      'typeof Error.prepareStackTrace === "function"',
    ],
    [
      'replaces a function of a module',
      'fs.readFileSync = () => "evil";',
      'fs.readFileSync("/dev/null", "utf8") === "evil"',
      "import fs from 'node:fs';",
    ],
    [
      'replaces a method of a class of a module',
      'EventEmitter.prototype.emit = () => "evil";',
      'new EventEmitter().emit("x") === "evil"',
      "import { EventEmitter } from 'node:events';",
    ],
    [
      'replaces a function of a module that it loads late',
      `const https = (await import('node:https')).default; https.get = () => 'evil';`,
      `(await import('node:https')).default.get.length === 0 && String((await import('node:https')).default.get).includes('evil')`,
    ],
    [
      'replaces a loader',
      `Module._extensions['.js'] = () => {};`,
      `String(Module._extensions['.js']) === '() => {}'`,
      "import Module from 'node:module';",
    ],
    ['listens to the process', `process.on('beforeExit', () => {});`, `process.listenerCount('beforeExit')`],
    [
      'swallows what nobody caught',
      `process.on('uncaughtException', () => {});`,
      `process.listenerCount('uncaughtException')`,
    ],
    [
      'leaves a timer',
      `setInterval(() => { globalThis.ticks = (globalThis.ticks ?? 0) + 1; }, 1);`,
      'globalThis.ticks ?? null',
    ],
    ['leaves a timer that does not keep the process', `setInterval(() => {}, 1000).unref();`, 'null'],
    [
      'leaves a timer of the other kind',
      `timers.setTimeout(60_000).catch(() => {});`,
      'null',
      "import timers from 'node:timers/promises';",
    ],
    [
      'leaves a server',
      `await new Promise((done) => net.createServer().listen(0, '127.0.0.1', done));`,
      'null',
      "import net from 'node:net';",
    ],
    ['leaves a file being watched', `fs.watch('.', () => {});`, 'null', "import fs from 'node:fs';"],
    [
      'leaves a thread',
      `new Worker('setInterval(() => {}, 1000)', { eval: true });`,
      'null',
      "import { Worker } from 'node:worker_threads';",
    ],
  ])('%s has another process and finds nothing of it', async (_, leave, found, top = '') => {
    const [first, second, third] = await runs(leave, found, top);
    const clean = first?.found;
    expect(second).toMatchObject({ found: clean });
    expect(third).toMatchObject({ found: clean });
    expect(second?.pid).not.toBe(first?.pid);
  });

  it.each([
    [
      'sets variables',
      `process.env.EVIL = '1'; delete process.env.HOME; process.env.PATH = '/evil';`,
      '[process.env.EVIL ?? null, process.env.HOME, process.env.PATH]',
    ],
    ['goes to another folder', `process.chdir('/');`, 'process.cwd()'],
    ['sets an exit code', 'process.exitCode = 3;', 'process.exitCode ?? null'],
  ])('%s has its process, put back', async (_, leave, found) => {
    const worker = openWorker(
      `export default (event) => { const found = ${found}; if (event.payload.first) { ${leave} } return found; };`,
    );
    const first = await worker.run({ first: true });
    expect(first.settled).toMatchObject({ left: null, loaded: [] });
    const second = await worker.run({ first: false });
    expect(second).toEqual(first);
  });

  it('keeps what its modules hold, and what they did while they were loaded', async () => {
    const worker = openWorker(`
      const cache = new Map();
      String.prototype.polyfill = () => 'there';
      process.env.LOADED = 'yes';
      process.on('warning', () => {});
      setInterval(() => {}, 60_000).unref();
      export default () => { const found = [cache.get('a') ?? null, ''.polyfill(), process.env.LOADED]; cache.set('a', 1); return found; };`);
    const { outcome, settled } = await worker.run({});
    expect({ outcome, settled }).toMatchObject({
      outcome: '[null,"there","yes"]',
      settled: { left: null, loaded: [] },
    });
    expect((await worker.run({})).outcome).toBe('[1,"there","yes"]');
  });

  it.each([
    [
      'reads and writes files',
      `fs.writeFileSync('x', '1'); await fs.promises.readFile('x'); for await (const chunk of fs.createReadStream('x')) chunk.length;`,
      "import fs from 'node:fs';",
    ],
    [
      'compresses, hashes and makes keys',
      `zlib.gunzipSync(zlib.gzipSync('x')); await promisify(zlib.brotliCompress)('x'); crypto.createHash('sha256').update('x').digest(); crypto.generateKeyPairSync('ed25519'); await crypto.subtle.digest('SHA-256', new Uint8Array(1));`,
      "import zlib from 'node:zlib'; import crypto from 'node:crypto'; import { promisify } from 'node:util';",
    ],
    [
      'starts programs and threads that end',
      `execSync('true'); await promisify(execFile)('true'); const worker = new Worker('1', { eval: true }); await new Promise((done) => worker.on('exit', done));`,
      "import { execSync, execFile } from 'node:child_process'; import { Worker } from 'node:worker_threads'; import { promisify } from 'node:util';",
    ],
    [
      'waits and is aborted',
      `await wait(5); const stop = setInterval(() => {}, 1); clearInterval(stop); AbortSignal.timeout(60_000); const abort = new AbortController(); abort.signal.addEventListener('abort', () => {}); abort.abort(); await new Promise((done) => setImmediate(done));`,
      "import { setTimeout as wait } from 'node:timers/promises';",
    ],
    [
      'uses what the web has',
      `new Blob(['x']); new URL('http://x/?a=1').searchParams.get('a'); structuredClone({ a: 1 }); performance.now(); globalThis.navigator?.userAgent; new TextDecoder().decode(new TextEncoder().encode('x')); new Intl.NumberFormat('de').format(1); crypto.randomUUID(); queueMicrotask(() => {}); new MessageChannel().port1.close();`,
      '',
    ],
    [
      'throws, logs and formats',
      `try { null.x } catch (error) { error.stack; console.error(error); } console.table([1]); console.time('x'); console.timeEnd('x'); console.log(inspect({ a: new Map([[1, 2]]) })); process.stdout.write('x');`,
      "import { inspect } from 'node:util';",
    ],
    [
      'loads modules as it goes',
      `await import('node:querystring'); require('node:string_decoder'); require('node:readline'); await import('node:https'); await import('data:text/javascript,export default 1');`,
      "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    ],
    [
      'talks to the network and keeps its connections',
      `await (await fetch(event.payload.url)).json(); new FormData();
       await new Promise((done) => http.get(event.payload.url, (response) => { response.resume(); response.on('end', done); }));`,
      "import http from 'node:http';",
    ],
  ])('%s may have its process', async (_, code, top) => {
    const url = await openServer();
    const file = `${top}\nexport default async (event) => { ${code} };`;
    const first = openWorker(file);
    const { settled, error } = await first.run({ url });
    expect({ error, left: settled?.left }).toEqual({ error: null, left: null });
    // What a run loads late, the next process of its job loads at its start.
    const next = openWorker(file, settled?.loaded);
    for (let run = 0; run < 40; run += 1) {
      expect(await next.run({ url })).toMatchObject({ error: null, settled: { left: null, loaded: [] } });
    }
  });

  it('speaks after its end is not heard', async () => {
    const app = openRunner([scriptJob('late', 'late.mjs', { concurrency: 1 })]);
    app.script(
      'late.mjs',
      `let before = null;
       export default async (event, run) => {
         if (before !== null) {
           before.log('late'); before.notice('late'); before.progress(99, 'late'); before.plan(['late']); before.part('late').done();
           return await before.raise('late', {}).then(() => 'raised', (error) => error.code);
         }
         before = run;
         return 'first';
       };`,
    );
    await app.runner.start();
    expect(await app.ended(await app.post('late'))).toMatchObject({ outcome: '"first"' });
    const id = await app.post('late');
    expect(await app.ended(id)).toMatchObject({ outcome: '"wrong_state"', progress: null, steps: null });
    expect(app.text(id)).toEqual([]);
  });
});
