import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { SecretMasks } from '../../electron/jobs/masks/secret-masks.ts';
import { LineSplitter } from '../../electron/jobs/output/line-splitter.ts';
import { readCodePage } from '../../electron/jobs/output/oem-code-page.ts';
import { OutputDecoder } from '../../electron/jobs/output/output-decoder.ts';
import { looksUtf16, unfinishedBytes } from '../../electron/jobs/output/text-encoding.ts';
import { nodeJob, openRunner, scriptJob } from './open-runner.ts';

/** As `wsl.exe --list` prints it on a system in Chinese, and as on one in English. */
const listInChinese = '适用于 Linux 的 Windows 子系统分发:\r\nUbuntu (默认)\r\n没有\r\n';
const listInEnglish = '  NAME      STATE    VERSION\r\n* Ubuntu    Running  2\r\n';

const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => utf16le(text).swap16();

function decode(chunks: Iterable<Buffer>, codePage: number | null = null): string {
  const decoder = new OutputDecoder(codePage);
  let text = '';
  for (const chunk of chunks) text += decoder.write(chunk);
  return text + decoder.end();
}

function linesOf(chunks: Iterable<Buffer>): string[] {
  const decoder = new OutputDecoder();
  const splitter = new LineSplitter(new SecretMasks());
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  for (const chunk of chunks) splitter.push(decoder.write(chunk), keep);
  splitter.push(decoder.end(), keep);
  splitter.end(keep);
  return lines;
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((one) => one % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

const bytewise = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));
const places = fc.array(fc.nat(), { maxLength: 12 });

describe('an output in UTF-16', () => {
  it.each([
    ['UTF-16LE', utf16le(listInEnglish), listInEnglish],
    ['UTF-16LE in Chinese', utf16le(listInChinese), listInChinese],
    ['UTF-16LE with its mark', utf16le(`\ufeff${listInChinese}`), listInChinese],
    ['UTF-16BE with its mark', utf16be(`\ufeff${listInChinese}`), listInChinese],
    ['UTF-16BE', utf16be(listInEnglish), listInEnglish],
    ['UTF-16LE with surrogate pairs', utf16le('OK 😀😀\r\n'), 'OK 😀😀\r\n'],
    ['UTF-8 with its mark', Buffer.from('\ufeffcafé\n'), 'café\n'],
  ])('%s is read as it was written', (_, bytes, text) => {
    expect(decode([bytes])).toBe(text);
    expect(linesOf([bytes])).toEqual(text.split(/\r?\n/).slice(0, -1));
  });

  it.each([
    ['UTF-16LE', utf16le],
    ['UTF-16BE', utf16be],
  ])('behind a line in UTF-8 is read without its mark (%s)', (_, encode) => {
    const bytes = Buffer.concat([Buffer.from('checking\n'), encode(`\ufeff${listInEnglish}`)]);
    expect(linesOf([bytes])).toEqual(['checking', ...listInEnglish.split('\r\n').slice(0, -1)]);
  });

  it('is read the same wherever its bytes are cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(listInEnglish, 'a line\r\nand 😀 more\r\n'), places, (text, at) => {
        expect(decode(cut(utf16le(text), at))).toBe(text);
      }),
    );
    expect(decode(bytewise(utf16le(listInEnglish)))).toBe(listInEnglish);
    expect(decode(bytewise(utf16le(`\ufeff${listInChinese}`)))).toBe(listInChinese);
  });

  it('may begin and end in the middle, when a job runs several programs', () => {
    const bytes = Buffer.concat([
      Buffer.from('checking\n'),
      utf16le(listInEnglish),
      Buffer.from('done, all is well\nbye\n'),
    ]);
    const lines = ['checking', ...listInEnglish.split('\r\n').slice(0, -1), 'done, all is well', 'bye'];
    expect(linesOf([bytes])).toEqual(lines);
    expect(
      linesOf([Buffer.from('checking\n'), utf16le(listInEnglish), Buffer.from('done, all is well\nbye\n')]),
    ).toEqual(lines);
  });

  it('may be followed by UTF-8 that is no ASCII, wherever it is cut', () => {
    const then = ['é ü started ok', 'später', '完了しました', 'bye'];
    const bytes = Buffer.concat([utf16le(listInEnglish), Buffer.from(`${then.join('\n')}\n`)]);
    const lines = [...listInEnglish.split('\r\n').slice(0, -1), ...then];
    expect(linesOf([bytes])).toEqual(lines);
    expect(linesOf([utf16le(listInEnglish), Buffer.from('é ü st'), Buffer.from('arted ok\nspäter\n')])).toEqual(
      lines.slice(0, -2),
    );
    expect(linesOf(bytewise(bytes))).toEqual(lines);
    fc.assert(
      fc.property(places, (at) => {
        expect(linesOf(cut(bytes, at))).toEqual(lines);
      }),
    );
  });

  it('may come between lines in UTF-8, and again', () => {
    const there = 'Grüße, começo\n';
    const bytes = Buffer.concat(
      [there, listInEnglish, there, listInEnglish, there].map((text, index) =>
        index % 2 === 0 ? Buffer.from(text) : utf16le(text),
      ),
    );
    const lines = [there, listInEnglish, there, listInEnglish, there].flatMap((text) =>
      text.split(/\r?\n/).slice(0, -1),
    );
    expect(linesOf([bytes])).toEqual(lines);
  });

  it('is left behind when lines in UTF-8 come in the middle of one of its lines', () => {
    const cutOff = utf16le(listInEnglish).subarray(0, 50);
    const after = 'überall ist der Fehler, café\nund weiter\n';
    expect(linesOf([cutOff, Buffer.from(after)]).join('\n')).toContain('und weiter');
  });

  it('may change with every line, as often as a job likes', () => {
    const bytes = Buffer.concat(
      Array.from({ length: 20_000 }, (_, n) => (n % 2 === 0 ? Buffer.from('grüß dich\n') : utf16le('hi there\r\n'))),
    );
    expect(linesOf([bytes])).toHaveLength(20_000);
  });

  it('may end with a few bytes in UTF-8', () => {
    expect(linesOf([utf16le('hi there\n'), Buffer.from('é')])).toEqual(['hi there', 'é']);
  });

  it('goes on rightly after an odd number of bytes was left out', () => {
    const bytes = utf16le(listInEnglish.repeat(10));
    for (const dropped of [100, 101, 102, 103]) {
      const decoder = new OutputDecoder();
      decoder.write(bytes.subarray(0, 57));
      decoder.skip(dropped);
      const rest = decoder.write(bytes.subarray(57 + dropped));
      expect(rest.slice(2)).toBe(listInEnglish.repeat(10).slice(-rest.length + 2));
    }
  });
});

describe('other bytes', () => {
  it('of UTF-8 are never taken for UTF-16', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), places, (text, at) => {
        fc.pre(!text.includes('\0') && !text.startsWith('\ufeff'));
        expect(decode(cut(Buffer.from(text), at))).toBe(text);
      }),
    );
  });

  it.each([
    ['file names separated by NUL', Buffer.from('./a\0./bb\0./ccc\0./dddd\0./e\0')],
    ['zeros', Buffer.alloc(600)],
    ['a program', Buffer.from('7f454c46020101000000000000000000030', 'hex')],
    ['nothing', Buffer.alloc(0)],
    ['a number and a zero', Buffer.from('1\0')],
  ])('are not UTF-16: %s', (_, bytes) => {
    expect(looksUtf16(bytes)).toBeNull();
  });

  it('are shown as U+FFFD where they are no UTF-8, and no line is lost', () => {
    expect(linesOf([Buffer.from([0x61, 0xff, 0x62, 10, 0xe2, 0x82, 10, 0xf0, 10, 0x63, 10])])).toEqual([
      'a�b',
      '�',
      '�',
      'c',
    ]);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }), { maxLength: 30 }), places, (rows, at) => {
        // Each line begins with a letter, so that no zeros or marks stand at its start.
        const clean = rows.map((row) =>
          Buffer.from(row.map((byte) => (byte === 10 || byte === 13 || byte === 0 ? 1 : byte))),
        );
        const bytes = Buffer.concat(clean.flatMap((row) => [Buffer.from('x'), row, Buffer.from('\n')]));
        expect(linesOf(cut(bytes, at))).toEqual(clean.map((row) => `x${row.toString('utf8')}`));
      }),
    );
  });

  it('are never lost with a CR before a zero', () => {
    expect(linesOf([Buffer.from('first\r\0\n'), Buffer.from('second\r\0\r\0\nthird')])).toEqual([
      'first',
      'second',
      'third',
    ]);
    expect(linesOf([Buffer.from('10%\r20%\r\0done\n')])).toEqual(['\0done']);
  });

  it('cost the same whatever they are: binary output is read in linear time', () => {
    const time = (bytes: Buffer): number => {
      const from = performance.now();
      for (let at = 0; at < bytes.length; at += 65_536) linesOf([bytes.subarray(at, at + 65_536)]);
      return performance.now() - from;
    };
    const plain = Buffer.from(`${'x'.repeat(15)}\n`.repeat(131_072));
    const control = Math.max(5, time(plain));
    expect(time(randomBytes(plain.length)) / control).toBeLessThan(40);
    expect(time(Buffer.from('\n\0\0'.repeat(700_000))) / control).toBeLessThan(80);
  });
});

describe('the code page of a Windows console', () => {
  it.each([
    [
      '\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage\r\n    OEMCP    REG_SZ    850\r\n',
      850,
    ],
    ['    OEMCP    REG_SZ    932\r\n', 932],
    ['    OEMCP    REG_SZ    65001\r\n', null],
    ['    OEMCP    REG_SZ    99999\r\n', null],
    ['ERROR: The system was unable to find the specified registry key', null],
    ['', null],
  ])('is read from %j', (printed, codePage) => {
    expect(readCodePage(printed)).toBe(codePage);
  });

  it.each([
    [850, 'Größe: 12 ½ öäü\r\n'],
    [437, 'naïve ░▒▓\r\n'],
    [866, 'Привет, мир\r\n'],
    [932, '日本語のテキスト\r\n'],
  ])('%i is used for what is no UTF-8, wherever the bytes are cut', (codePage, text) => {
    const bytes = iconv.encode(text, `cp${codePage}`);
    fc.assert(
      fc.property(places, (at) => {
        expect(decode(cut(bytes, at), codePage)).toBe(text);
      }),
      { numRuns: 30 },
    );
    expect(decode([Buffer.from('Grüße\n')], codePage), 'what is UTF-8 stays that').toBe('Grüße\n');
    expect(decode(bytewise(Buffer.from('Grüße\n')), codePage)).toBe('Grüße\n');
  });

  it('knows where a character of UTF-8 is cut', () => {
    const bytes = Buffer.from('aé日😀');
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((end) => unfinishedBytes(bytes.subarray(0, end)))).toEqual([
      0, 1, 0, 1, 2, 0, 1, 2, 3, 0,
    ]);
  });
});

it('a job that prints UTF-16 shows its text, a command as well as what a script passes on', async () => {
  const print = `process.stdout.write(Buffer.from(${JSON.stringify(listInChinese)}, 'utf16le'))`;
  const app = openRunner([nodeJob('wsl', print), scriptJob('passes', 'passes.mjs')]);
  app.script(
    'passes.mjs',
    `import { spawn } from 'node:child_process'; import { once } from 'node:events';
     export default async () => { const child = spawn(process.execPath, ['-e', ${JSON.stringify(print)}]);
       child.stdout.pipe(process.stdout, { end: false }); await once(child, 'close'); }`,
  );
  await app.runner.start();
  const expected = listInChinese
    .split('\r\n')
    .slice(0, -1)
    .map((line) => `stdout: ${line}`);
  for (const job of ['wsl', 'passes']) {
    const id = await app.post(job);
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    expect(app.text(id)).toEqual(expected);
  }
});
