import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvError, csvRows, printCsvRow } from '../../resources/examples/jobs/lib/csv-rows.ts';

interface Read {
  line: number;
  cells: string[];
}

async function read(text: string | readonly string[], separator?: string): Promise<Read[] | string> {
  const rows: Read[] = [];
  try {
    for await (const row of csvRows(typeof text === 'string' ? [text] : text, { separator })) rows.push(row);
  } catch (error) {
    if (error instanceof CsvError) return error.message;
    throw error;
  }
  return rows;
}

/** Null where the library refuses the text. */
function oracle(text: string, delimiter = ','): string[][] | null {
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
    });
  } catch {
    return null;
  }
}

const cellsOf = (rows: Read[] | string): string[][] | null =>
  typeof rows === 'string' ? null : rows.map(({ cells }) => cells);

/** Cut at these places, each anew from what is left. */
function cut(text: string, sizes: readonly number[]): string[] {
  const chunks: string[] = [];
  let rest = text;
  for (const size of sizes) {
    chunks.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return [...chunks, rest];
}

const separator = fc.constantFrom(',', ';', '\t', '|');
const piece = fc.constantFrom(
  'a',
  'b c',
  ',',
  ';',
  '\t',
  '|',
  '"',
  '""',
  '\n',
  '\r\n',
  '\r',
  '😀',
  '\uFEFF',
  ' ',
  "'",
  '=',
);
const cell = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
const file = fc.record({
  separator,
  // Rows of different lengths, too.
  rows: fc.array(
    fc.record({
      cells: fc.array(fc.record({ text: cell, isQuoted: fc.boolean() }), { minLength: 1, maxLength: 4 }),
      end: fc.constantFrom('\n', '\r\n'),
      blanksBefore: fc.constantFrom(0, 0, 0, 1, 2),
    }),
    { maxLength: 5 },
  ),
  hasMark: fc.boolean(),
  endsInLine: fc.boolean(),
  cuts: fc.array(fc.nat({ max: 7 }), { maxLength: 12 }),
});

/** The text of a file, and the rows that it was made of. */
function write({ separator, rows, hasMark, endsInLine }: typeof file extends fc.Arbitrary<infer File> ? File : never) {
  let text = hasMark ? '\uFEFF' : '';
  const expected: Read[] = [];
  const lineNow = () => text.split('\n').length;
  for (const [at, { cells, end, blanksBefore }] of rows.entries()) {
    text += end.repeat(blanksBefore);
    expected.push({ line: lineNow(), cells: cells.map((one) => one.text) });
    const written = cells.map(({ text: inner, isQuoted }) => {
      const mustQuote =
        /["\r\n\uFEFF]/.test(inner) || inner.includes(separator) || (inner === '' && cells.length === 1);
      return isQuoted || mustQuote ? `"${inner.replaceAll('"', '""')}"` : inner;
    });
    text += written.join(separator) + (at < rows.length - 1 || endsInLine ? end : '');
  }
  return { text, expected };
}

describe('the CSV reader', () => {
  it('reads what was written, however it is quoted, ended and cut, as the library does', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (one) => {
        const { text, expected } = write(one);
        expect(await read(cut(text, one.cuts), one.separator)).toEqual(expected);
        expect(oracle(text, one.separator)).toEqual(expected.map(({ cells }) => cells));
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads any text as the library does, or both refuse it', async () => {
    let refused = 0;
    const total = 20_000;
    const part = fc.constantFrom('a', 'b', ',', ',', '"', '"', '""', '\n', '\n', '\r\n', ' ', '\uFEFF', '","', '"\n"');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 10 }), async (parts) => {
        const text = parts.join('');
        const expected = oracle(text);
        refused += expected === null ? 1 : 0;
        expect(cellsOf(await read([...text]))).toEqual(expected);
      }),
      { numRuns: total },
    );
    expect(refused).toBeGreaterThan(total / 10);
    expect(refused).toBeLessThan((total * 9) / 10);
  });

  it('reads what it prints', async () => {
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = rows.map(printCsvRow).join('');
        expect(cellsOf(await read(text))).toEqual(rows);
        expect(oracle(text)).toEqual(rows);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['a,b\nc,"d', 'line 2: a quote is never closed'],
    ['a\n"x"y', 'line 2: "y" stands behind a closing quote'],
    ['a\n\nx"y', 'line 3: a quote stands inside a cell that does not begin with one'],
    ['a\rb', 'line 1: a carriage return stands without a line feed'],
    ['a\r', 'line 1: a carriage return stands without a line feed'],
  ])('says what is wrong with %j, and where', async (text, message) => {
    expect(await read([...text])).toBe(message);
  });

  it('gives up on a row that grows without end', async () => {
    function* endless() {
      yield 'a,b\n"';
      for (;;) yield 'x'.repeat(1000);
    }
    await expect(async () => {
      for await (const _ of csvRows(endless(), { maxRowLength: 10_000 }));
    }).rejects.toThrow('line 2: a row is longer than 10000 characters');
  });
});
