import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretMasks } from '../../electron/jobs/masks/secret-masks.ts';
import { LineSplitter } from '../../electron/jobs/output/line-splitter.ts';

const hexPairs = (text: string): string[] => Buffer.from(text).toString('hex').match(/../g) ?? [];
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const unitEscapes = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
const inHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');
const percentAll = (text: string): string =>
  hexPairs(text)
    .map((pair) => `%${pair}`)
    .join('');

const encoders: Record<string, (text: string) => string> = {
  'hex with spaces': (text) => hexPairs(text).join(' '),
  'upper-case hex with colons': (text) => hexPairs(text).join(':').toUpperCase(),
  'hex with hyphens': (text) => hexPairs(text).join('-'),
  'hex of two bytes each': (text) =>
    Buffer.from(text)
      .toString('hex')
      .match(/.{1,4}/g)
      ?.join(' ') ?? '',
  'hex as numbers': (text) => hexPairs(text).join(', 0x'),
  'every byte escaped as in an address': percentAll,
  'upper-case, every byte escaped': (text) => percentAll(text).toUpperCase(),
  'an address within an address': (text) => encodeURIComponent(encodeURIComponent(text)),
  'every byte escaped, within an address': (text) => encodeURIComponent(percentAll(text)),
  'a form within an address': (text) =>
    encodeURIComponent(new URLSearchParams([['', Buffer.from(text).toString()]]).toString().slice(1)),
  'JSON in JSON': (text) => inJson(inJson(text)),
  'JSON in JSON in JSON': (text) => inJson(inJson(inJson(text))),
  'every unit escaped': unitEscapes,
  'every unit escaped, in JSON': (text) => inJson(unitEscapes(text)),
  HTML: inHtml,
  'HTML in HTML': (text) => inHtml(inHtml(text)),
  'numeric entities': (text) => [...text].map((char) => `&#${char.codePointAt(0)};`).join(''),
  'numeric entities in hex': (text) => [...text].map((char) => `&#x${char.codePointAt(0)?.toString(16)};`).join(''),
  'JSON in HTML': (text) => inHtml(inJson(text)),
  'JSON in an address': (text) => encodeURIComponent(inJson(text)),
  'HTML in JSON in an address': (text) => encodeURIComponent(inJson(inHtml(text))),
};

/** Without what an encoding would turn into something else: its own escapes, and halves of surrogate pairs. */
const plainSecret = fc
  .string({ unit: fc.constantFrom(...'abcXYZ012 /+"\'<>&=:ä日😀'), minLength: 6, maxLength: 40 })
  .map((text) => text.trim())
  .filter((text) => text.length >= 6);
/** Any text, marks and backslashes among it. */
const anySecret = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 40 })
  .map((text) => text.trim())
  .filter((text) => text.length >= 6 && !/[*\r\n]/.test(text) && !/\p{Surrogate}/u.test(text));

/** Cut into lines as the app cuts output that comes in these pieces. */
function throughSplitter(text: string, cuts: readonly number[], secrets: readonly string[]): string[] {
  const splitter = new LineSplitter(new SecretMasks(secrets));
  const lines: string[] = [];
  const emit = (line: string): void => {
    lines.push(line);
  };
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % text.length).sort((a, b) => a - b), text.length]) {
    splitter.push(text.slice(from, to), emit);
    from = to;
  }
  splitter.end(emit);
  return lines;
}

describe('a secret is masked', () => {
  it.each(Object.entries(encoders))('as %s', (_, encode) => {
    fc.assert(
      fc.property(plainSecret, (secret) => {
        expect(new SecretMasks([secret]).apply(`key=(${encode(secret)})`)).toBe('key=(***)');
      }),
    );
  });

  it('within JSON, HTML or an address of anything it is a part of', () => {
    const surely = [inJson, (text: string) => inJson(inJson(text)), encodeURIComponent, inHtml];
    fc.assert(
      fc.property(anySecret, fc.constantFrom(...surely), (secret, encode) => {
        expect(new SecretMasks([secret]).apply(`(${encode(`(${secret})`)})`)).toBe(`(${encode('(***)')})`);
      }),
      { numRuns: 400 },
    );
  });

  it('as the bytes that Node prints of a buffer, also where it cuts them', () => {
    const masks = new SecretMasks(['sk_live_0123456789']);
    expect(masks.apply(inspect(Buffer.from('sk_live_0123456789')))).toBe('<Buffer ***>');
    expect(masks.apply(inspect(Buffer.from('key=sk_live_0123456789;')))).toBe('<Buffer 6b 65 79 3d *** 3b>');
    const cut = inspect(Buffer.from(`${'.'.repeat(40)}sk_live_0123456789`));
    expect(masks.apply(cut)).toBe(`<Buffer ${'2e '.repeat(40)}*** ... 8 more bytes>`);
    const one = inspect(Buffer.from(`${'.'.repeat(33)}sk_live_0123456789`));
    expect(masks.apply(one)).toBe(`<Buffer ${'2e '.repeat(33)}*** ... 1 more byte>`);
    // Five bytes before the cut are too few to tell.
    const tail = inspect(Buffer.from(`${'.'.repeat(45)}sk_live_0123456789`));
    expect(masks.apply(tail)).toBe(tail);
    const long = inspect(Buffer.from('k'.repeat(60)));
    expect(new SecretMasks(['k'.repeat(60)]).apply(long)).toBe('<Buffer *** ... 10 more bytes>');
    expect(masks.apply('73 6b 5f 6c 69 76 65')).toBe('73 6b 5f 6c 69 76 65');
  });

  it('and ordinary escapes, times and dumps stay as they are', () => {
    const masks = new SecretMasks(['sk_live_0123456789', 'p&ss "word"']);
    for (const text of [
      String.raw`{"path":"C:\\new\\x","said":"\"hi\"","u":"\u00e4 \ud83d"} 100% of &copy; &#; %zz \u{110000} \u{} \ `,
      '2026-11-27 20:55:43.123 00:11:22:33:44:55 1.2.3.4 de:ad:be:ef:00:11:22 0x12, 0xzz',
      '00000000  4c 6f 72 65 6d 20 69 70  73 75 6d 20 64 6f 6c 6f  |Lorem ipsum dolo|',
    ]) {
      expect(masks.apply(text)).toBe(text);
    }
  });
});

describe('in output', () => {
  it('a line of any length is masked as a whole, however it comes', () => {
    const encode = fc.constantFrom(...Object.values(encoders));
    const filler = fc.constantFrom('.', 'qr ', '\\', '%', '&x', '00 ', 'é');
    const part = fc.tuple(encode, filler, fc.nat(12_000));
    const cuts = fc.array(fc.nat(), { maxLength: 10 });
    fc.assert(
      fc.property(plainSecret, fc.array(part, { minLength: 1, maxLength: 5 }), cuts, (secret, parts, places) => {
        const text = parts.map(([write, fill, count]) => `${fill.repeat(count)} (${write(secret)}) `).join('');
        const whole = new SecretMasks([secret]).apply(text);
        expect(throughSplitter(text, places, [secret]).join('')).toBe(whole);
        expect(whole.split('(***)')).toHaveLength(parts.length + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('of two secrets the longer is masked when the shorter, its start, is there first', () => {
    const secrets = ['abcdefgh', 'abcdefgh-and-the-rest'];
    const text = `${'.'.repeat(16_384)}${'abcdefgh-and-the-rest'.repeat(2000)}!`;
    const expected = new SecretMasks(secrets).apply(text);
    for (let length = 1; length < 40; length += 1) {
      const cuts = Array.from({ length: 60 }, (_, n) => 16_384 + n * length);
      expect(throughSplitter(text, cuts, secrets).join('')).toBe(expected);
    }
  });

  it('matches that overlap without an end are held by a bounded part', () => {
    const splitter = new LineSplitter(new SecretMasks(['aaaa']));
    const lines: string[] = [];
    for (let count = 0; count < 100; count += 1) splitter.push('a'.repeat(16_384), (line) => lines.push(line));
    splitter.end((line) => lines.push(line));
    expect(lines).toEqual(['***']);
  });
});
