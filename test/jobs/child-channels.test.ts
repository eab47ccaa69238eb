import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRunFiles, runFilesFolder } from '../../electron/jobs/attempt/run-files.ts';
import {
  maxAnnotationLength,
  maxAnnotations,
  maxErrorLength,
  maxLineBytes,
  maxProgressLength,
  maxRaised,
  maxRunFiles,
  maxStepNameLength,
  maxSteps,
} from '../../electron/jobs/channel-limits.ts';
import { SecretMasks } from '../../electron/jobs/masks/secret-masks.ts';
import { LineSplitter } from '../../electron/jobs/output/line-splitter.ts';
import { TimeShare } from '../../electron/jobs/output/time-share.ts';
import { createLineReader } from '../../electron/jobs/process/line-reader.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { readAnnotations } from '../../electron/store/runs/run-history.ts';
import { nodeJob, type OpenRunner, openRunner, scriptJob } from './open-runner.ts';

const notes = (app: OpenRunner, id: string): string[] =>
  readAnnotations(app.store.db, app.row(id)).map(({ level, text }) => `${level}: ${text}`);

/**
 * The longest time (ms of this thread's processor, which does not depend on how busy the machine is) between two turns of
 * a timer: for so long nothing else would have been served.
 */
async function longestStall(work: () => Promise<void>): Promise<number> {
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let longest = 0;
  let last = cpuMs();
  const pulse = setInterval(() => {
    const now = cpuMs();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  await work();
  clearInterval(pulse);
  return longest;
}

/** Says on its channel what its event holds. */
const hostileWorker = resolve(import.meta.dirname, 'hostile-worker.ts');

const line = (message: unknown): string => `${JSON.stringify(message)}\n`;

describe('what a worker writes to its channel', () => {
  const open = async () => {
    const jobs = [scriptJob('writes', 'writes.mjs', { concurrency: 4, timeout: '1m' })];
    const app = openRunner(jobs, { scriptWorker: hostileWorker });
    app.script('writes.mjs', '');
    await app.runner.start();
    return {
      app,
      run: async (bytes: Buffer | string, more: { repeat?: number; log?: string } = {}) =>
        app.ended(await app.post('writes', { base64: Buffer.from(bytes).toString('base64'), ...more })),
    };
  };

  it('never ends or stalls the app, and the run says what was wrong: garbage, half frames, wrong types, floods', async () => {
    const { app, run } = await open();
    const quiet = async (): Promise<void> => {
      for (let round = 0; round < 3; round++) expect(await run('')).toMatchObject({ state: 'completed' });
    };
    const control = Math.max(await longestStall(quiet), 20);
    const garbage = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 4000 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(`${text}\n`)),
      fc
        .record({
          t: fc.constantFrom('output', 'annotation', 'progress', 'request', 'plan', 'part', 'ready', 'reply', 'run'),
          n: fc.anything({ maxDepth: 1 }).map((value) => fc.stringify(value)),
          stream: fc.constantFrom('stdout', 'stderr', 'system', 7),
          text: fc.oneof(fc.string(), fc.constant('x'.repeat(100_000)), fc.constant(null)),
          level: fc.constantFrom('notice', 'fatal'),
          kind: fc.constantFrom('raise', 'ask', 'eval'),
          names: fc.oneof(fc.array(fc.string()), fc.constant(Array(5000).fill(0))),
          message: fc.oneof(fc.string(), fc.constant(5)),
          percent: fc.oneof(fc.double(), fc.constant('1')),
          input: fc.jsonValue(),
        })
        .map((message) => Buffer.from(line(message))),
    );
    const stall = await longestStall(async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 5 }), fc.boolean(), async (pieces, isCut) => {
          const bytes = Buffer.concat(pieces);
          const row = await run(isCut ? bytes.subarray(0, -1) : bytes);
          if (row.state === 'failed') {
            expect(row).toMatchObject({
              reason: 'limit',
              error: expect.stringMatching(/ended: it wrote .* descriptor 3/),
            });
            expect(notes(app, row.id)).toContainEqual(expect.stringMatching(/^error: The script was ended: it wrote/));
          }
        }),
        { numRuns: 15, endOnFailure: true },
      );
    });
    expect(stall / control, `${stall} ms against ${control} ms`).toBeLessThan(10);
    expect(await run(''), 'and the next run is well').toMatchObject({ state: 'completed' });
  });

  it.each([
    ['700 MB without a line end', Buffer.alloc(70_000, 'x'), 10_000],
    ['a line of 3 MB that begins as a message', '{"t":"progress","percent":1,"message":""}   '.padEnd(30_000), 100],
    ['a list of a million wrong names', line({ t: 'plan', names: Array(900_000).fill(1) }), 1],
    ['zeros', Buffer.alloc(30_000), 100],
  ])('ends a script that writes %s', async (_, bytes, repeat) => {
    const { app, run } = await open();
    await run('');
    const control = Math.max(await longestStall(async () => void (await run(''))), 20);
    const before = process.memoryUsage().rss;
    let row = app.row(await app.post('writes', { base64: '' }));
    const stall = await longestStall(async () => {
      row = await run(bytes, { repeat });
    });
    expect(row).toMatchObject({ state: 'failed', reason: 'limit', error: expect.stringMatching(/descriptor 3/) });
    expect(stall / control, `${stall} ms against ${control} ms`).toBeLessThan(10);
    expect((process.memoryUsage().rss - before) / 1024 ** 2, 'MiB').toBeLessThan(150);
  });

  it.each([
    ['progress', line({ t: 'progress', percent: 1, message: 'x' })],
    ['annotations', line({ t: 'annotation', level: 'notice', text: 'again' })],
    ['requests', line({ t: 'request', n: 1, kind: 'raise', input: { type: '!!' } })],
    ['questions', line({ t: 'request', n: 1, kind: 'ask', input: {} })],
    ['plans', line({ t: 'plan', names: Array.from({ length: 100 }, (_, index) => `part ${index}`) })],
    ['parts', line({ t: 'part', name: 'one', state: 'completed', percent: null })],
    ['output', line({ t: 'output', stream: 'stdout', text: '\n'.repeat(20_000) })],
  ])('lets the app do its work during a flood of %s', async (_, message) => {
    const { app, run } = await open();
    await run('');
    const control = Math.max(await longestStall(async () => void (await run(''))), 20);
    const bytes = Buffer.from(message.repeat(Math.ceil(50_000 / message.length)));
    let row = app.row(await app.post('writes', { base64: '' }));
    const stall = await longestStall(async () => {
      row = await run(bytes, { repeat: 10 });
    });
    expect(row).toMatchObject({ state: 'completed' });
    expect(stall / control, `${stall} ms against ${control} ms`).toBeLessThan(10);
  });

  it('waits for a script that asks and does not read', async () => {
    // The worker reads its replies only when the script lets it: this one never does while it writes.
    const { app, run } = await open();
    const bytes = Buffer.from(
      line({ t: 'request', n: 1, kind: 'raise', input: { type: 'x'.repeat(5000) } }).repeat(40),
    );
    const before = process.memoryUsage().rss;
    const row = await run(bytes, { repeat: 100 });
    expect(row.state).toBe('completed');
    expect((process.memoryUsage().rss - before) / 1024 ** 2, 'MiB').toBeLessThan(150);
    expect(notes(app, row.id).length).toBeGreaterThan(0);
  });
});

describe('what a script says through its API', () => {
  const script = async (code: string) => {
    const app = openRunner([scriptJob('says', 'says.mjs', { timeout: '1m' })]);
    app.script('says.mjs', `export default async (event, run) => { ${code} };`);
    await app.runner.start();
    return { app, row: await app.ended(await app.post('says')) };
  };

  it('has no line that freezes the app: 60 MB without a line end', async () => {
    const app = openRunner([scriptJob('long', 'long.mjs', { timeout: '2m' })]);
    app.script(
      'long.mjs',
      `export default (event) => { console.log('x'.repeat(event.payload.length)); return 'done'; }`,
    );
    await app.runner.start();
    const run = async (length: number) => app.ended(await app.post('long', { length }));
    await run(1);
    const control = Math.max(await longestStall(async () => void (await run(1))), 20);
    let row = app.row(await app.post('long', { length: 1 }));
    const stall = await longestStall(async () => {
      row = await run(60_000_000);
    });
    expect(row).toMatchObject({ state: 'completed', outcome: '"done"' });
    expect(stall / control, `${stall} ms against ${control} ms`).toBeLessThan(10);
    expect(app.text(row.id).at(-1)).toMatch(/The middle of stdout was left out: the job wrote 57.2 MiB/);
    const texts = app.output(row.id).items.map(({ text }) => Buffer.byteLength(text));
    expect(Math.max(...texts)).toBeLessThanOrEqual(maxLineBytes);
  });

  it('cuts a progress message of 30 MB, and says so', async () => {
    const { app, row } = await script(`run.progress(10, 'x'.repeat(30_000_000)); return 1;`);
    expect(row).toMatchObject({ state: 'completed' });
    expect(JSON.parse(row.progress ?? '').message).toHaveLength(maxProgressLength);
    expect(notes(app, row.id)).toEqual([`warning: A progress message was cut to ${maxProgressLength} characters.`]);
  });

  it('refuses an event of 100 MB, and says so to the script and in the run', async () => {
    const { app, row } = await script(
      `try { await run.raise('big', { text: 'x'.repeat(100_000_000) }); } catch (error) { return [error.code, error.message]; }`,
    );
    expect(JSON.parse(row.outcome ?? '')).toEqual([
      'too_large',
      'The event cannot be raised: it has 95.4 MiB as JSON; the limit is 1 MiB.',
    ]);
    expect(notes(app, row.id)).toEqual([
      'warning: The event cannot be raised: it has 95.4 MiB as JSON; the limit is 1 MiB.',
    ]);
    expect(
      statement(
        app.store.db,
        `SELECT count(*) AS n FROM events e JOIN event_types t ON t.id = e.type_id
      WHERE t.type LIKE 'CUSTOM%'`,
      ).get(),
    ).toEqual({ n: 0 });
  });

  it('keeps an event of nearly 1 MiB as it is', async () => {
    const { row } = await script(`return (await run.raise('large', { text: 'x'.repeat(1_000_000) })).type;`);
    expect(row).toMatchObject({ state: 'completed', outcome: '"CUSTOM_LARGE"' });
  });

  it('refuses JSON that is too deep, a question that is too large, and more events than a run may raise', async () => {
    const { row } = await script(`
      const said = []; const attempt = (promise) => promise.catch((error) => said.push(error.message));
      let deep = 1; for (let level = 0; level < 2000; level++) deep = [deep];
      await attempt(run.raise('deep', { deep }));
      await attempt(run.ask({ message: 'Which?', fields: [{ name: 'a', options: Array(200).fill('x'.repeat(1000)) }] }));
      for (let n = 0; n < ${maxRaised + 5}; n++) await attempt(run.raise('again'));
      return said;`);
    expect(JSON.parse(row.outcome ?? '[]').slice(0, 4)).toEqual([
      'The event cannot be raised: it must be JSON, nested at most 64 levels deep.',
      expect.stringMatching(/^The question cannot be asked: it has 19\d KiB as JSON; the limit is 64 KiB\.$/),
      `A run may raise at most ${maxRaised} events.`,
      `A run may raise at most ${maxRaised} events.`,
    ]);
  });

  it('cuts annotations, names of parts and the message of an error, and counts them', async () => {
    const { app, row } = await script(`
      run.warning('w'.repeat(50_000_000));
      for (let n = 0; n < ${maxAnnotations + 20}; n++) run.notice('note ' + n);
      run.plan(Array.from({ length: ${maxSteps + 50} }, (_, n) => n + 'p'.repeat(1000)));
      throw new Error('e'.repeat(20_000_000));`);
    expect(row.error).toHaveLength(maxErrorLength);
    const steps = JSON.parse(row.steps ?? '[]');
    expect(steps).toHaveLength(maxSteps);
    expect(steps[0].name).toHaveLength(maxStepNameLength);
    const said = notes(app, row.id);
    expect(said.filter((text) => text.startsWith('notice: note'))).toHaveLength(maxAnnotations - 1);
    expect(said[0]).toMatch(/An annotation was cut to 4096/);
    expect(said[1]).toHaveLength('warning: '.length + maxAnnotationLength);
    expect(said.join('\n')).toMatch(/more than 100 annotations/);
    expect(said.join('\n')).toMatch(/at most 100 parts/);
    expect(said.join('\n')).toMatch(/Names of parts are cut to 120/);
  });
});

describe('what a command says on its output', () => {
  it('never ends or stalls the app: garbage, half commands, zeros, floods', async () => {
    const app = openRunner([
      nodeJob(
        'prints',
        `process.stdin.setEncoding('utf8'); let text = '';
        process.stdin.on('data', (some) => { text += some; }); process.stdin.on('end', () => { const { base64, repeat } = JSON.parse(text).payload;
        const bytes = Buffer.from(base64, 'base64'); const { writeSync } = require('node:fs'); const pause = new Int32Array(new SharedArrayBuffer(4));
        const write = (fd) => { for (let at = 0; at < bytes.length;) { try { at += writeSync(fd, bytes, at) } catch (error) { if (error.code !== 'EAGAIN') throw error; Atomics.wait(pause, 0, 0, 1) } } };
        for (let round = 0; round < repeat; round++) { write(1); write(2) } })`,
        { timeout: '1m', concurrency: 4 },
      ),
    ]);
    await app.runner.start();
    const run = async (bytes: Buffer, repeat = 1) =>
      app.ended(await app.post('prints', { base64: bytes.toString('base64'), repeat }));
    await run(Buffer.from('x\n'));
    const control = Math.max(await longestStall(async () => void (await run(Buffer.from('x\n')))), 20);
    const command = fc
      .tuple(
        fc.constantFrom('progress', 'notice', 'error', 'add-mask', 'plan', 'part', 'raise', 'ask', 'nothing'),
        fc.string(),
        fc.oneof(fc.string(), fc.json(), fc.constant('y'.repeat(200_000))),
      )
      .map(([name, properties, text]) => Buffer.from(`::${name} ${properties}::${text}\n`));
    const bytes = fc.array(
      fc.oneof(
        command,
        fc.uint8Array({ maxLength: 2000 }).map((some) => Buffer.from(some)),
      ),
      {
        maxLength: 6,
      },
    );
    const stall = await longestStall(async () => {
      await fc.assert(
        fc.asyncProperty(bytes, fc.constantFrom(1, 1, 30), async (pieces, repeat) => {
          expect(await run(Buffer.concat(pieces), repeat)).toMatchObject({ state: 'completed', exit_code: 0 });
        }),
        { numRuns: 12, endOnFailure: true },
      );
    });
    expect(stall / control, `${stall} ms against ${control} ms`).toBeLessThan(10);
  });

  it('drops the rest of a command over the limit of a line, a mask above all, and says so', async () => {
    const app = openRunner([
      nodeJob(
        'cut',
        `console.log('::add-mask::' + 'k'.repeat(20_000) + 'TAIL');
        console.log('::raise type=big::' + JSON.stringify('r'.repeat(20_000)) + 'TAIL'); console.log('after')`,
      ),
    ]);
    await app.runner.start();
    const id = await app.post('cut');
    await app.ended(id);
    expect(app.text(id).join('\n')).not.toMatch(/kkkk|rrrr|TAIL/);
    expect(app.text(id)).toContain('stdout: after');
    expect(notes(app, id)).toEqual([
      'warning: A ::add-mask line is longer than 16 KiB; the rest of it was ignored.',
      'warning: A ::raise line is longer than 16 KiB; the rest of it was ignored.',
    ]);
  });

  it('may ask without end and never read: its answers are not kept for ever', async () => {
    const app = openRunner([
      nodeJob(
        'asks',
        `const { writeSync } = require('node:fs');
        for (let n = 0; n < 20_000; n++) try { writeSync(1, '::ask {}\\n') } catch { n-- }`,
        { asks: true } as never,
      ),
    ]);
    await app.runner.start();
    const id = await app.post('asks');
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    expect(notes(app, id).join('\n')).toMatch(/at most 1000 questions/);
  });
});

it('a run that leaves tens of thousands of files does not stall the app, and 200 of them stay', async () => {
  const app = openRunner([
    nodeJob(
      'files',
      `const { writeFileSync, mkdirSync } = require('node:fs'); const dir = process.env.SIGNALBOX_FILES_DIR;
      const count = Number(JSON.parse(require('node:fs').readFileSync(process.env.SIGNALBOX_EVENT_PATH)).payload.count);
      mkdirSync(dir + '/folder'); for (let n = 0; n < count; n++) { writeFileSync(dir + '/' + n, ''); writeFileSync(dir + '/folder/' + n, ''); }`,
    ),
  ]);
  await app.runner.start();
  const run = async (count: number) => app.ended(await app.post('files', { count }));
  await run(1);
  const control = Math.max(await longestStall(async () => void (await run(1))), 20);
  let row = app.row(await app.post('files', { count: 1 }));
  const stall = await longestStall(async () => {
    row = await run(20_000);
  });
  // It may be ended before it is done.
  expect(['exit', 'limit']).toContain(row.reason);
  expect(stall / control, `${stall} ms against ${control} ms`).toBeLessThan(10);
  expect(listRunFiles(join(runFilesFolder(app.store.dir), row.id)).length).toBeLessThanOrEqual(maxRunFiles);
  expect(app.text(row.id).join('\n')).toMatch(/more than 5000 files/);
});

describe('the parts', () => {
  it('a line reader takes linear time and no more memory than its limit, however the bytes come', () => {
    const time = (pieces: number): number => {
      const lines: string[] = [];
      let tooLong = 0;
      const read = createLineReader((text) => lines.push(text), {
        maxBytes: 1_000_000,
        onTooLong: () => (tooLong += 1),
      });
      const from = performance.now();
      for (let n = 0; n < pieces; n++) read(Buffer.from('x'));
      read(Buffer.from('\n'));
      expect(lines[0]).toHaveLength(pieces);
      read(Buffer.alloc(1_000_001, 'y'));
      read(Buffer.from('more\n'));
      expect({ tooLong, lines: lines.length }).toEqual({ tooLong: 1, lines: 1 });
      return performance.now() - from;
    };
    time(10_000);
    expect(time(400_000) / Math.max(1, time(40_000))).toBeLessThan(60);
  });

  it('a line splitter takes linear time for one long line, with secrets too', () => {
    const time = (length: number): number => {
      const splitter = new LineSplitter(new SecretMasks(['a secret of some length', 'another']));
      const text = 'a long line without an end '.repeat(length / 27);
      let seen = 0;
      const from = performance.now();
      splitter.push(text, (piece) => {
        seen += piece.length;
      });
      splitter.end((piece) => {
        seen += piece.length;
      });
      expect(seen).toBe(text.length);
      return performance.now() - from;
    };
    time(1_000_000);
    const control = Math.max(1, Math.min(time(1_000_000), time(1_000_000)));
    expect(time(16_000_000) / control, 'sixteen times as long').toBeLessThan(80);
  });

  it('shares of the app’s thread: many that write get as much together as a few, and what was overdrawn is paid back', () => {
    const take = (count: number): number => {
      let nowMs = 0;
      const share = new TimeShare(() => nowMs);
      const shares = Array.from({ length: count }, () => share.open());
      let spentMs = 0;
      for (nowMs = 0; nowMs < 10_000; nowMs += 100) {
        for (const one of shares) {
          if (one.leftMs() <= 0) continue;
          one.spend(5);
          spentMs += 5;
        }
      }
      return spentMs / 10_000;
    };
    expect(take(1)).toBeLessThan(0.2);
    expect(take(4)).toBeLessThan(0.65);
    expect(take(100)).toBeLessThan(0.65);
  });
});
