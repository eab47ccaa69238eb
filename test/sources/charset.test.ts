import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../electron/sources/charset/charset.ts';
import { encodingOf } from '../../electron/sources/charset/charset-labels.ts';

const codes = (bytes: Buffer | Uint8Array, label: string | null) => {
  const { text, encoding, notes } = decodeText(Buffer.from(bytes), label, 'The body');
  return { text, encoding, notes: notes.map(({ code }) => code) };
};
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();
const mark = (first: number, second: number, rest: Buffer) => Buffer.concat([Buffer.from([first, second]), rest]);

describe('text', () => {
  test.each<[string, Buffer, string | null, string, string, string[]]>([
    ['in UTF-8', Buffer.from('Grüße 😀'), null, 'Grüße 😀', 'utf-8', []],
    ['in UTF-8 with a byte order mark', Buffer.from('\ufeffä'), 'utf-8', 'ä', 'utf-8', []],
    [
      'in windows-1252 by name',
      Buffer.from([0x80, 0x20, 0x93, 0xe4, 0x94]),
      'windows-1252',
      '€ “ä”',
      'windows-1252',
      [],
    ],
    [
      'in ISO-8859-1 by name, which browsers read as windows-1252',
      latin1('Grüße'),
      'iso-8859-1',
      'Grüße',
      'windows-1252',
      [],
    ],
    ['in ISO-8859-15 by its right name', Buffer.from([0xa4]), 'iso-8859-15', '€', 'iso-8859-15', []],
    ['in Shift_JIS by name', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), 'shift_jis', '日本', 'shift_jis', []],
    ['in KOI8-R by name', Buffer.from([0xe4, 0xc1]), 'koi8-r', 'Да', 'koi8-r', []],
    ['in UTF-16LE by name', Buffer.from('ä😀', 'utf16le'), 'utf-16le', 'ä😀', 'utf-16le', []],
    [
      'in UTF-16 by name, little-endian without a mark',
      Buffer.from('{"a"', 'utf16le'),
      'utf-16',
      '{"a"',
      'utf-16le',
      [],
    ],
    ['in UTF-16 by name, big-endian without a mark', bigEndian('{"a"'), 'utf-16', '{"a"', 'utf-16be', []],
    ['in UTF-16BE by name', bigEndian('日本'), 'utf-16be', '日本', 'utf-16be', []],
    ['in UTF-16 by its mark', mark(0xff, 0xfe, Buffer.from('ä', 'utf16le')), null, 'ä', 'utf-16le', []],
    ['in UTF-16BE by its mark', mark(0xfe, 0xff, bigEndian('ä')), null, 'ä', 'utf-16be', []],
    [
      'in UTF-16 by its mark, whatever it is said to be',
      mark(0xfe, 0xff, bigEndian('ä')),
      'utf-8',
      'ä',
      'utf-16be',
      [],
    ],
    [
      'in UTF-16 by its zeros',
      Buffer.from('{"a":1}', 'utf16le').subarray(0, 14),
      null,
      '{"a":1}',
      'utf-16le',
      ['charset_guessed'],
    ],
    ['in windows-1252 that nobody names', latin1('Grüße'), null, 'Grüße', 'windows-1252', ['charset_guessed']],
    ['in windows-1252 said to be UTF-8', latin1('Grüße'), 'utf-8', 'Grüße', 'windows-1252', ['charset_mismatch']],
    ['in UTF-8 said to be UTF-16', Buffer.from('Grüße!'), 'utf-16', 'Grüße!', 'utf-8', ['charset_mismatch']],
    [
      'in windows-1252 with two bytes that may be UTF-8',
      latin1('\x93\xd6\x94'),
      null,
      '“Ö”',
      'windows-1252',
      ['charset_guessed'],
    ],
    [
      'in windows-1252, one letter, said to be UTF-8',
      latin1('"André"'),
      'utf-8',
      '"André"',
      'windows-1252',
      ['charset_mismatch'],
    ],
    [
      'in UTF-8 of two characters, one cut',
      Buffer.from([0xc3, 0xbc, 0x20, 0xf0, 0x9f]),
      null,
      'ü \ufffd',
      'utf-8',
      ['characters_replaced'],
    ],
    ['in a charset that does not exist', Buffer.from('ä'), 'klingon', 'ä', 'utf-8', ['charset_unknown']],
    ['in ASCII under a charset that does not exist', Buffer.from('a'), 'klingon', 'a', 'utf-8', []],
    [
      'in windows-1252 under a charset that does not exist',
      latin1('ä'),
      'klingon',
      'ä',
      'windows-1252',
      ['charset_unknown'],
    ],
    [
      'in UTF-8 with a broken character',
      Buffer.from([...Buffer.from('Grüße'), 0xc3]),
      null,
      'Grüße\ufffd',
      'utf-8',
      ['characters_replaced'],
    ],
    [
      'in Shift_JIS with a broken character',
      Buffer.from([0x93, 0xfa, 0x96]),
      'shift_jis',
      '日\ufffd',
      'shift_jis',
      ['characters_replaced'],
    ],
    [
      'in one byte a character that may be UTF-8 as well',
      latin1('Ã¤'),
      'iso-8859-1',
      'Ã¤',
      'windows-1252',
      ['charset_doubtful'],
    ],
  ])('%s is read', (_name, bytes, label, text, encoding, notes) => {
    expect(codes(bytes, label)).toEqual({ text, encoding, notes });
  });

  test('is never changed in silence', () => {
    const labels = fc.constantFrom(
      null,
      'utf-8',
      'windows-1252',
      'iso-8859-2',
      'utf-16',
      'utf-16be',
      'shift_jis',
      'big5',
      'x',
      '',
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), labels, (bytes, label) => {
        const read = codes(bytes, label);
        const hasOwn = Buffer.from(bytes).includes(Buffer.from('\ufffd')) || Buffer.from(bytes).includes(0xff);
        if (read.text.includes('\ufffd') && !hasOwn) expect(read.notes).toContain('characters_replaced');
      }),
    );
  });

  test('comes back as it was from each charset that holds it', () => {
    const char = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code < 0x7f || code > 0x9f);
    fc.assert(
      fc.property(fc.array(char, { minLength: 1 }), (chars) => {
        const text = String.fromCharCode(...chars);
        expect(codes(latin1(text), 'windows-1252').text).toBe(text);
        expect(codes(Buffer.from(text), null).text).toBe(text);
        expect(codes(Buffer.from(text, 'utf16le'), 'utf-16le').text).toBe(text);
        expect(codes(bigEndian(text), 'utf-16be').text).toBe(text);
      }),
    );
  });
});

test('labels are those of the WHATWG, and code pages', () => {
  expect(['latin1', 'cp1252', 'ISO-8859-1', 'us-ascii'].map(encodingOf)).toEqual(Array(4).fill('windows-1252'));
  expect(['utf8', 'sjis', 'gb2312', 'ks_c_5601-1987'].map(encodingOf)).toEqual(['utf-8', 'shift_jis', 'gbk', 'euc-kr']);
  expect(['cp850', 'IBM437', 'UTF-32', 'utf-32be', 'CESU-8'].map(encodingOf)).toEqual([
    'cp850',
    'ibm437',
    'utf-32le',
    'utf-32be',
    'utf-8',
  ]);
  expect(['klingon', 'base64', 'hex', 'binary', 'gzip', 'json', 'constructor'].map(encodingOf)).toEqual(
    Array(7).fill(null),
  );
});
