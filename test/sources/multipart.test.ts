import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multipartFiles, readMultipart } from '../../electron/sources/body/multipart-form.ts';
import { cpuMs } from '../support/cpu-time.ts';

const type = 'multipart/form-data; boundary=XX';
const read = (body: string | Buffer, contentType = type) => {
  const form = readMultipart(Buffer.from(body), contentType);
  return form === null ? null : { fields: form.fields, notes: form.notes.map(({ code }) => code) };
};
/** Parts with the line ends given, each with its headers beside `name`. */
const form = (parts: [name: string, value: string, ...headers: string[]][], end = '\r\n') =>
  `${parts.map(([name, value, ...headers]) => [`--XX`, `Content-Disposition: form-data; name="${name}"`, ...headers, '', value].join(end)).join(end)}${end}--XX--${end}`;

describe('a multipart form', () => {
  test.each<[string, string | Buffer, object, string[]]>([
    [
      'as it should be',
      form([
        ['a', '1'],
        ['b', 'x\r\ny'],
      ]),
      { a: '1', b: 'x\r\ny' },
      [],
    ],
    [
      'with bare line feeds',
      form(
        [
          ['a', '1'],
          ['b', 'x\ny'],
        ],
        '\n',
      ),
      { a: '1', b: 'x\ny' },
      ['multipart_line_ends'],
    ],
    [
      'without its closing boundary',
      form([['a', '1']]).replace('--XX--\r\n', ''),
      { a: '1' },
      ['multipart_not_closed'],
    ],
    [
      'cut in its closing boundary',
      form([['a', '1']]).replace('--XX--\r\n', '--X'),
      { a: '1' },
      ['multipart_not_closed'],
    ],
    ['cut in the middle of a field', form([['a', '12345']]).slice(0, -12), { a: '123' }, ['multipart_not_closed']],
    ['with words before it', `hello\r\n${form([['a', '1']])}`, { a: '1' }, ['multipart_preamble']],
    ['with an empty line before it', `\r\n${form([['a', '1']])}`, { a: '1' }, []],
    ['with words after it', `${form([['a', '1']])}bye`, { a: '1' }, ['multipart_epilogue']],
    ['with white space after its boundaries', form([['a', '1']]).replaceAll('--XX\r\n', '--XX \t\r\n'), { a: '1' }, []],
    ['with a line that only starts like its boundary', form([['a', '--XXY\r\n--X']]), { a: '--XXY\r\n--X' }, []],
    ['with a part without a name', form([['a', '1']]).replace('; name="a"', ''), {}, ['multipart_part_skipped']],
    ['with headers over two lines', form([['a', '1']]).replace('; name', ';\r\n name'), { a: '1' }, []],
    ['with a name without quotes', form([['a', '1']]).replace('"a"', 'a'), { a: '1' }, []],
    ['with nothing in it', '--XX--\r\n', {}, []],
    ['with JSON', form([['a', '{"b":[1]}', 'Content-Type: application/json']]), { a: { b: [1] } }, []],
    [
      'with a list as JSON',
      form([
        ['a', '[1]', 'Content-Type: application/json'],
        ['a', '2'],
      ]),
      { a: [[1], '2'] },
      [],
    ],
    ['with JSON that is none', form([['a', '{', 'Content-Type: application/json']]), { a: '{' }, ['field_not_json']],
    [
      'with half a character in JSON',
      form([['a', '"\\ud800"', 'Content-Type: text/json']]),
      { a: '\ufffd' },
      ['surrogate_repaired'],
    ],
    ['with a field in base64', form([['a', 'w6Q=', 'Content-Transfer-Encoding: base64']]), { a: 'ä' }, []],
    [
      'with a field in quoted-printable',
      form([['a', 'x=C3=A4=\r\ny', 'Content-Transfer-Encoding: quoted-printable']]),
      { a: 'xäy' },
      [],
    ],
  ])('%s is read', (_name, body, fields, notes) => {
    expect(read(body)).toEqual({ fields, notes });
  });

  const bytes = (text: string) => Buffer.from(text, 'latin1');
  test.each<[string, Buffer, string, object, string[]]>([
    [
      'by the charset of the field',
      bytes(
        form([
          ['a', 'ä', 'Content-Type: text/plain; charset=iso-8859-1'],
          ['b', '1'],
        ]),
      ),
      type,
      { a: 'ä', b: '1' },
      [],
    ],
    [
      'by UTF-16 in one field',
      Buffer.concat([
        Buffer.from(
          '--XX\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-16le\r\n\r\n',
        ),
        Buffer.from('äß', 'utf16le'),
        Buffer.from('\r\n--XX--'),
      ]),
      type,
      { a: 'äß' },
      [],
    ],
    [
      'by _charset_',
      bytes(
        form([
          ['_charset_', 'windows-1252'],
          ['ä', 'ü'],
        ]),
      ),
      type,
      { _charset_: 'windows-1252', ä: 'ü' },
      [],
    ],
    ['by the header', bytes(form([['a', 'ä']])), `${type}; charset=latin1`, { a: 'ä' }, []],
    ['by nothing, as windows-1252', bytes(form([['a', 'ä']])), type, { a: 'ä' }, ['charset_guessed']],
  ])('is decoded %s', (_name, body, contentType, fields, notes) => {
    expect(read(body, contentType)).toEqual({ fields, notes });
  });

  test('with another boundary than its header names is read by that of its first line', () => {
    const body = form([['a', '1']]);
    expect(read(body, 'multipart/form-data')).toEqual({ fields: { a: '1' }, notes: ['multipart_boundary'] });
    expect(read(body, 'multipart/form-data; boundary=YY')).toEqual({
      fields: { a: '1' },
      notes: ['multipart_boundary'],
    });
    expect(read('no boundary at all', 'multipart/form-data; boundary=YY')).toBeNull();
  });

  test('keeps its files, with their names and bytes as they were', () => {
    const content = Buffer.from([0, 0xff, 0x0d, 0x0a, 0x2d, 0x2d, 0x58, 0x0a]);
    const body = Buffer.concat([
      Buffer.from(
        '--XX\r\nContent-Disposition: form-data; name="thumb"; filename="a\\"b/../%22c.jpg"\r\nContent-Type: image/jpeg\r\n\r\n',
      ),
      content,
      Buffer.from(
        '\r\n--XX\r\nContent-Disposition: form-data; name="note"; filename*=UTF-8\'\'na%C3%AFve.json\r\nContent-Type: application/json\r\n\r\n{}',
      ),
      Buffer.from(
        '\r\n--XX\r\nContent-Disposition: form-data; name="raw"\r\nContent-Type: application/octet-stream\r\n\r\n\u0001',
      ),
      Buffer.from([0xff]),
      Buffer.from('\r\n--XX--\r\n'),
    ]);
    expect(read(body)?.fields).toEqual({
      thumb: { filename: 'a"b/../"c.jpg', contentType: 'image/jpeg', sizeBytes: 8 },
      note: { filename: 'naïve.json', contentType: 'application/json', sizeBytes: 2 },
      raw: { filename: '', contentType: 'application/octet-stream', sizeBytes: 2 },
    });
    const files = multipartFiles(body, type);
    expect(files.map(({ field }) => field)).toEqual(['thumb', 'note', 'raw']);
    expect(files[0]?.bytes).toEqual(content);
    expect(multipartFiles(body, 'text/plain')).toEqual([]);
  });

  test('of a browser, where a Blob of JSON has the name "blob", has that as JSON', async () => {
    const sent = new FormData();
    sent.append('event', new Blob(['{"a":1}'], { type: 'application/json' }));
    sent.append('file', new File(['{"a":1}'], 'a.json', { type: 'application/json' }));
    const response = new Response(sent);
    const body = Buffer.from(await response.arrayBuffer());
    expect(read(body, response.headers.get('content-type') ?? '')?.fields).toEqual({
      event: { a: 1 },
      file: { filename: 'a.json', contentType: 'application/json', sizeBytes: 7 },
    });
  });

  test('of the platform comes back as it was, and as the platform itself reads it', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/\p{Surrogate}/u.test(text) && !/[\r\n"\\%]/.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'grapheme' })), { selector: ([each]) => each }),
        async (pairs) => {
          const sent = new FormData();
          for (const [key, value] of pairs) sent.append(key, value);
          const response = new Response(sent);
          const contentType = response.headers.get('content-type') ?? '';
          const bytesSent = Buffer.from(await response.arrayBuffer());
          const again = await new Response(new Uint8Array(bytesSent), {
            headers: { 'content-type': contentType },
          }).formData();
          expect(read(bytesSent, contentType)).toEqual({ fields: Object.fromEntries(again.entries()), notes: [] });
        },
      ),
    );
  });

  test('of any bytes is read or is none, and takes no long time', () => {
    const pieces = fc.constantFrom(
      '--XX',
      '--',
      '\r\n',
      '\n',
      ' ',
      'Content-Disposition: form-data; name="a"',
      ';',
      '"',
      '\\"',
      '\0',
      'ÿ',
      'x',
      ':',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expect(() => read(Buffer.from(parts.join(''), 'latin1'))).not.toThrow();
      }),
    );
    for (const hostile of ['--XX ', '--XX', '\n--XX', '\n--XX\n', ' ;name="\\"', '\r\n-']) {
      const usedMs = cpuMs(() => {
        read(hostile.repeat(1_000_000 / hostile.length));
        read(`--XX\r\nContent-Disposition: form-data; name="${hostile.repeat(200_000 / hostile.length)}`);
      });
      expect(usedMs).toBeLessThan(5_000);
    }
    for (const blank of [' ', '\t', '= ', '=']) {
      const head = 'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: quoted-printable';
      const text = `--XX\r\n${head}\r\n\r\n${blank.repeat(400_000 / blank.length)}x\r\n--XX--`;
      expect(cpuMs(() => read(text))).toBeLessThan(5_000);
    }
  });
});
