import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxLineBytes } from '../../electron/jobs/channel-limits.ts';
import { SecretMasks } from '../../electron/jobs/masks/secret-masks.ts';
import { LineSplitter } from '../../electron/jobs/output/line-splitter.ts';
import { OutputDecoder } from '../../electron/jobs/output/output-decoder.ts';
import { RunOutput } from '../../electron/jobs/output/run-output.ts';
import { TimeShare } from '../../electron/jobs/output/time-share.ts';
import { parseWorkflowCommand } from '../../electron/jobs/output/workflow-commands.ts';
import type { OutputChunk } from '../../electron/store/runs/run-output.ts';
import { createWriter } from '../../electron/store/write/writer.ts';
import { eventually } from '../support/eventually.ts';
import { tempStore } from '../support/temp-store.ts';
import { throwingWriterDeps } from '../support/throwing-writer.ts';
import { nodeJob, openRunner, shellJob } from './open-runner.ts';

/** Cuts bytes at the given places, wherever those fall in a character or a line. */
function cut(bytes: Buffer, cuts: number[]): Buffer[] {
  const at = [...new Set(cuts.map((one) => one % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

function split(bytes: Buffer, cuts: number[], secrets: string[] = []): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(new SecretMasks(secrets));
  const decoder = new OutputDecoder();
  for (const chunk of cut(bytes, cuts)) splitter.push(decoder.write(chunk), (line) => lines.push(line));
  splitter.push(decoder.end(), (line) => lines.push(line));
  splitter.end((line) => lines.push(line));
  return lines;
}

const plainLine = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ''));
const cuts = fc.array(fc.nat(), { maxLength: 20 });

describe('the lines of an output', () => {
  it('are the same wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(plainLine), fc.constantFrom('\n', '\r\n'), cuts, (lines, end, places) => {
        const bytes = Buffer.from(lines.map((line) => line + end).join(''));
        expect(split(bytes, places)).toEqual(lines);
      }),
    );
  });

  it('are never longer than 16 KiB and lose nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', 'é', '日', '😀'),
        fc.integer({ min: 1, max: 40_000 }),
        cuts,
        (char, count, places) => {
          const lines = split(Buffer.from(`${char.repeat(count)}\nend`), places);
          expect(lines.every((line) => Buffer.byteLength(line) <= maxLineBytes)).toBe(true);
          expect(lines.join('')).toBe(`${char.repeat(count)}end`);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('never show a secret, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), cuts, (before, after, places) => {
        const secret = 'correct-horse-battery-staple';
        const bytes = Buffer.from(`${'x'.repeat(before)}${secret}${'y'.repeat(after)}\n`);
        const all = split(bytes, places, [secret]).join('');
        expect(all).toBe(`${'x'.repeat(before)}***${'y'.repeat(after)}`);
      }),
      { numRuns: 60 },
    );
  });

  it('show of a progress bar what stood there last', () => {
    expect(split(Buffer.from('10%\r20%\r30%\r\ndone\rnext'), [5, 9])).toEqual(['30%', 'next']);
  });
});

describe('workflow commands', () => {
  it.each([
    ['::progress percent=40::Loading rows', { kind: 'progress', percent: 40, message: 'Loading rows' }],
    ['::progress percent=1e9::x', { kind: 'progress', percent: null, message: 'x' }],
    ['::progress percent=140::', { kind: 'progress', percent: 100, message: '' }],
    ['::progress::thinking', { kind: 'progress', percent: null, message: 'thinking' }],
    ['::warning file=a.js,line=1::100%25 full%0Anow', { kind: 'annotation', level: 'warning', text: '100% full\nnow' }],
    ['::add-mask::a::b', { kind: 'add-mask', value: 'a::b' }],
    ['::group::Install', null],
    [' ::notice::indented', null],
    ['::notice', null],
  ])('%s', (line, expected) => {
    expect(parseWorkflowCommand(line)).toEqual(expected);
  });

  it('never throw, and percents stay between 0 and 100', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (properties, text) => {
        const command = parseWorkflowCommand(`::progress ${properties}::${text}`);
        if (command?.kind !== 'progress' || command.percent === null) return;
        expect(command.percent).toBeGreaterThanOrEqual(0);
        expect(command.percent).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('the output of a run', () => {
  const open = (limitBytes: number) =>
    new RunOutput({
      limitBytes,
      masks: new SecretMasks(),
      share: new TimeShare(),
      nowMs: () => 0,
      onProgress: () => undefined,
      onCommand: () => undefined,
    });

  it('keeps head and tail within its limit, and the order shows the hole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.array(fc.nat(2999), { maxLength: 5 }), (count, flushes) => {
        const output = open(8 * 1024);
        const kept = new Map<number, OutputChunk>();
        const flush = (): void => {
          const chunks = output.takeChunks();
          for (const chunk of chunks?.add ?? []) kept.set(chunk.n, chunk);
          for (const n of chunks?.drop ?? []) kept.delete(n);
        };
        for (let line = 0; line < count; line++) {
          output.write('stdout', Buffer.from(`line ${line}\n`));
          output.tick();
          if (flushes.includes(line)) flush();
        }
        output.end();
        flush();
        const written = [...kept.values()].filter(({ stream }) => stream === 'stdout');
        const texts = written.flatMap((chunk) => chunk.lines.map(([, , text]) => text));
        expect(texts[0]).toBe('line 0');
        expect(texts.at(-1)).toBe(`line ${count - 1}`);
        const bytes = written.reduce((sum, chunk) => sum + chunk.bytes, 0);
        expect(bytes).toBeLessThan(3 * 8 * 1024);
        if (count < 300) expect(texts).toHaveLength(count);
        const said = [...kept.values()].filter(({ stream }) => stream === 'system').flatMap((chunk) => chunk.lines);
        expect(said.length, 'says what was left out').toBe(texts.length === count ? 0 : 1);
      }),
      // The last flush, after the end, is what drops a chunk.
      { numRuns: 60, examples: [[540, [140, 400]]] },
    );
  });

  it('is read for ever from a program that never stops writing, in bounded memory', async () => {
    const app = openRunner([
      // So little that a machine of any speed writes more.
      shellJob('yes', 'yes', { outputBytes: 64 * 1024 }),
      shellJob('dense', 'cat /dev/zero', { outputBytes: 64 * 1024 }),
    ]);
    await app.runner.start();
    const before = process.memoryUsage().rss;
    const [yes, dense] = [await app.post('yes'), await app.post('dense')];
    let late = 0;
    let last = performance.now();
    const pulse = setInterval(() => {
      late = Math.max(late, performance.now() - last - 10);
      last = performance.now();
    }, 10);
    await eventually(async () => {
      await app.runner.flushOutput(yes);
      expect(app.output(yes).truncated).toBe(true);
    });
    for (const id of [yes, dense]) {
      await app.until(id, 'running');
      await app.runner.cancel(id);
      expect(await app.ended(id)).toMatchObject({ state: 'canceled' });
    }
    clearInterval(pulse);
    const { items, truncated } = app.output(yes);
    expect(truncated).toBe(true);
    expect(items[0]?.text).toBe('y');
    expect(items.reduce((sum, line) => sum + line.text.length, 0)).toBeLessThan(80 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    expect(late, 'the event loop stood still (ms)').toBeLessThan(2_000);
  });

  it('comes live and whole while the run is still going', async () => {
    const code = `process.stdout.write(Buffer.from('caf\\u00e9 \\ud83d\\ude00\\n').subarray(0, 4)); setTimeout(() => { process.stdout.write(Buffer.from('caf\\u00e9 \\ud83d\\ude00\\n').subarray(4)); setTimeout(() => {}, 60000) }, 50)`;
    const app = openRunner([nodeJob('live', code)]);
    await app.runner.start();
    const id = await app.post('live');
    await eventually(() => expect(app.lines.map((line) => line.text)).toEqual(['café 😀']));
    await app.runner.flushOutput(id);
    expect(app.row(id).state).toBe('running');
    expect(app.text(id)).toEqual(['stdout: café 😀']);
    await app.runner.cancel(id);
    await app.ended(id);
  });
});

it('output of a run that is ending is asked for: it is there when the end is on disk', async () => {
  const store = tempStore();
  const held: (() => void)[] = [];
  let isEnding = (): boolean => false;
  const writer = createWriter(store.db, {
    ...throwingWriterDeps,
    wal: {
      failure: () => null,
      sync: (done) => (isEnding() ? held.push(() => done(null)) : setImmediate(done, null)),
    },
  });
  const app = openRunner([shellJob('talk', 'echo word')], { store: { ...store, writer } });
  await app.runner.start();
  const id = await app.post('talk');
  isEnding = () => held.length === 0 && app.row(id).state === 'completed';
  await eventually(() => expect(held).toHaveLength(1));
  let isFlushed = false;
  const flushed = app.runner.flushOutput(id).then(() => {
    isFlushed = true;
  });
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(isFlushed).toBe(false);
  held[0]?.();
  await flushed;
  expect(app.text(id)).toEqual(['stdout: word']);
  expect(app.runner.counts()).toEqual({ waiting: 0, running: 0 });
});

it('what a run has said so far can be asked for while the disk takes nothing', async () => {
  const app = openRunner([shellJob('talk', 'while true; do echo word; sleep 0.01; done')]);
  await app.runner.start();
  const id = await app.post('talk');
  await eventually(() => expect(app.text(id)).toContain('stdout: word'));
  const before = app.lines.length;
  app.store.db.pragma('query_only = ON');
  try {
    const refused = app.store.writer.write(({ db }) => db.exec('DELETE FROM meta'));
    await expect(refused, 'the disk takes nothing').rejects.toThrow(/readonly/);
    await eventually(() => expect(app.lines.length).toBeGreaterThan(before + 20));
    for (let round = 0; round < 5; round++) await app.runner.flushOutput(id);
    expect(app.row(id).state).toBe('running');
  } finally {
    app.store.db.pragma('query_only = OFF');
  }
  await app.runner.cancel(id);
  expect(await app.ended(id)).toMatchObject({ state: 'canceled' });
});
