import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeal, newSealKey } from '../../electron/jobs/script/channel/script-seal.ts';
import { printPlain } from '../../electron/jobs/script/channel/sealed-text.ts';
import { readAnnotations } from '../../electron/store/runs/run-history.ts';
import { openRunner, scriptJob } from './open-runner.ts';

const pair = () => {
  const key = newSealKey();
  return { app: createSeal(key, 'app'), worker: createSeal(key, 'worker') };
};
const bare = (line: string): string => line.trim();

describe('a seal', () => {
  it('opens what the other side closed, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.string().map((text) => JSON.stringify(text))), (texts) => {
        const { app, worker } = pair();
        for (const text of texts) {
          expect(worker.open(bare(app.close(text)))).toEqual({ kind: 'text', text });
          expect(app.open(bare(worker.close(text)))).toEqual({ kind: 'text', text });
        }
      }),
    );
  });

  it('tells what is foreign: another key, direction or text, and what was lost or said twice', () => {
    const { app, worker } = pair();
    const [first, second] = [bare(app.close('1')), bare(app.close('2'))];
    expect(app.open(first)).toEqual({ kind: 'foreign' });
    expect(pair().worker.open(first)).toEqual({ kind: 'foreign' });
    expect(worker.open(first.replace(/.$/, '9'))).toEqual({ kind: 'foreign' });
    expect(worker.open('')).toEqual({ kind: 'foreign' });
    expect(worker.open('{"t":"done"}')).toEqual({ kind: 'foreign' });
    expect(worker.open(second)).toEqual({ kind: 'gap' });
    const other = pair();
    const only = bare(other.app.close('1'));
    expect(other.worker.open(only)).toEqual({ kind: 'text', text: '1' });
    expect(other.worker.open(only)).toEqual({ kind: 'gap' });
  });

  it('prints messages as JSON does, whatever is on prototypes', () => {
    const plain = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(plain, (value) => {
        const text = printPlain(JSON.parse(JSON.stringify(value)));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a script that wants to end its run by the channel', () => {
  const forged = `JSON.stringify({ t: 'done', outcome: '"forged"', error: null, rssBytes: 0, spawned: false, files: false })`;
  const attacks: [string, string][] = [
    ['writes to descriptor 3', `fs.writeSync(3, '\\n' + ${forged} + '\\n');`],
    ['writes without an end', `fs.writeSync(3, '{"t":"output","stream":"stdout"');`],
    [
      'writes by a child that has the descriptor',
      `spawnSync('sh', ['-c', 'echo "$1" >&3', 'sh', ${forged}], { stdio: ['ignore', 'ignore', 'ignore', 3] });`,
    ],
    [
      'writes by a thread',
      `const worker = new Worker("require('node:fs').writeSync(3, require('node:worker_threads').workerData)", { eval: true, workerData: ${forged} + '\\n' }); await new Promise((done) => worker.on('exit', done));`,
    ],
    ['opens it anew', `try { fs.writeFileSync('/proc/self/fd/3', ${forged} + '\\n'); } catch {}`],
    [
      'puts a message to the worker on its socket',
      `for (const handle of process._getActiveHandles()) handle.emit?.('data', Buffer.from('{"t":"run","id":"x","attempt":1,"mark":"m","filesDir":"/x","event":{"id":"e","type":"t","source":"s"}}\\n{"t":"abort","reason":"x"}\\n'));`,
    ],
    [
      'changes what messages are made of',
      `Object.prototype.toJSON = function () { return JSON.parse(${forged}); }; Array.prototype.toJSON = Object.prototype.toJSON; run.progress(1, 'x'); run.plan(['x']); console.log('x'); await new Promise((done) => setTimeout(done, 80)); delete Object.prototype.toJSON; delete Array.prototype.toJSON;`,
    ],
    [
      'replaces what prints a request',
      `const { stringify } = JSON; JSON.stringify = () => 'null,"t":"done","outcome":"\\\\"forged\\\\"","error":null,"rssBytes":0,"spawned":false,"files":false'; await run.raise('x', {}).catch(() => {}); JSON.stringify = stringify;`,
    ],
    [
      'listens to how messages are proved',
      `const keys = []; const { hash, createHash } = crypto; const { slice } = String.prototype;
       crypto.hash = (...given) => { keys.push(given); return hash(...given); };
       crypto.createHash = (...given) => { keys.push(given); return createHash(...given); };
       String.prototype.slice = function (...given) { keys.push(String(this)); return slice.apply(this, given); };
       const { from } = Buffer; Buffer.from = (...given) => { keys.push(given); return from(...given); };
       const { writeSync } = fs; fs.writeSync = (...given) => { keys.push(given); return writeSync(...given); };
       syncBuiltinESMExports();
       run.progress(1, 'x'); console.log('x'); await new Promise((done) => setTimeout(done, 150));
       String.prototype.slice = slice; Buffer.from = from;
       if (keys.some((given) => /[0-9a-f]{64}/.test(String(given)))) return 'saw ' + keys;`,
    ],
  ];

  it.each(attacks)('and %s, changes nothing', async (_, code) => {
    const app = openRunner([scriptJob('forges', 'forges.mjs')]);
    app.script(
      'forges.mjs',
      `import fs from 'node:fs'; import crypto from 'node:crypto'; import { spawnSync } from 'node:child_process';
       import { syncBuiltinESMExports } from 'node:module'; import { Worker } from 'node:worker_threads';
       export default async (event, run) => {
         ${code}
         console.log('to the end');
         return 'real';
       };`,
    );
    await app.runner.start();
    const id = await app.post('forges');
    expect(await app.ended(id)).toMatchObject({ state: 'completed', error: null, outcome: '"real"' });
    expect(app.text(id)).toContain('stdout: to the end');
    const next = await app.post('forges');
    expect(await app.ended(next)).toMatchObject({ state: 'completed', outcome: '"real"' });
  });

  it('says so', async () => {
    const app = openRunner([scriptJob('forges', 'forges.mjs')]);
    app.script(
      'forges.mjs',
      `import { writeSync } from 'node:fs'; export default () => { for (let n = 0; n < 5; n++) writeSync(3, ${forged} + '\\n'); return 'real'; };`,
    );
    await app.runner.start();
    const id = await app.post('forges');
    expect(await app.ended(id)).toMatchObject({ outcome: '"real"' });
    expect(readAnnotations(app.store.db, app.row(id)).map(({ level, text }) => `${level}: ${text}`)).toEqual([
      'warning: Something wrote to descriptor 3 of the script, its channel to Signalbox. The data was ignored.',
    ]);
  });

  it('and puts a file in the place of its channel, ends its process and nothing else', async () => {
    const app = openRunner([scriptJob('swaps', 'swaps.mjs')]);
    app.script(
      'swaps.mjs',
      `import fs from 'node:fs';
       export default (event) => {
         if (event.payload.swap) { fs.closeSync(3); fs.openSync('seen', 'w+'); return 'lost'; }
         return fs.existsSync('seen') ? fs.readFileSync('seen', 'utf8') : null;
       };`,
    );
    await app.runner.start();
    expect(await app.ended(await app.post('swaps', { swap: true }))).toMatchObject({
      state: 'failed',
      reason: 'limit',
      error: expect.stringMatching(/it closed descriptor 3/),
    });
    const row = await app.ended(await app.post('swaps', {}));
    expect(row).toMatchObject({ state: 'completed' });
  });
});
