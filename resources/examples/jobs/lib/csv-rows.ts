/** A row and the line of the file on which it begins, counted from 1. */
export interface CsvRow {
  line: number;
  cells: string[];
}

export interface CsvOptions {
  /** One character; `,` when absent. */
  separator?: string;
  /** A quote that is never closed would otherwise take the rest of the file into memory; 1 Mi characters when absent. */
  maxRowLength?: number;
}

/** What is wrong with the file itself, and where; from there on its rows cannot be told apart. */
export class CsvError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = 'CsvError';
    this.line = line;
  }
}

/**
 * Reads CSV as RFC 4180 defines it, and nothing looser: a quote inside a cell without quotes, text behind a closing quote
 * and a quote that stays open are errors. Lines end in CR LF or LF. Lines without any text are left out. Chunks may be
 * cut anywhere. Throws CsvError.
 */
export async function* csvRows(
  chunks: AsyncIterable<string> | Iterable<string>,
  { separator = ',', maxRowLength = 1024 * 1024 }: CsvOptions = {},
): AsyncGenerator<CsvRow> {
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  let cells: string[] = [];
  let cell = '';
  let rowLength = 0;
  let line = 1;
  let rowLine = 1;
  let isFirst = true;
  let hasReturn = false;

  function endRow(): CsvRow | null {
    const row = { line: rowLine, cells: [...cells, cell] };
    const isBlank = cells.length === 0 && cell === '' && state === 'start';
    cells = [];
    cell = '';
    rowLength = 0;
    rowLine = line;
    state = 'start';
    return isBlank ? null : row;
  }

  for await (const chunk of chunks) {
    for (const char of chunk) {
      const wasFirst = isFirst;
      isFirst = false;
      // Excel begins its UTF-8 with a mark.
      if (wasFirst && char === '\uFEFF') continue;
      if (hasReturn && char !== '\n') throw new CsvError(line, 'a carriage return stands without a line feed');
      if (++rowLength > maxRowLength) {
        throw new CsvError(rowLine, `a row is longer than ${maxRowLength} characters; a quote may not be closed`);
      }
      if (state === 'quoted') {
        if (char === '"') state = 'closed';
        else {
          if (char === '\n') line += 1;
          cell += char;
        }
      } else if (char === '"') {
        if (state === 'plain') throw new CsvError(line, 'a quote stands inside a cell that does not begin with one');
        if (state === 'closed') cell += '"';
        state = 'quoted';
      } else if (char === separator) {
        cells.push(cell);
        cell = '';
        // Not `start` of a row any more, but a quote may open here.
        state = 'start';
      } else if (char === '\r') {
        hasReturn = true;
      } else if (char === '\n') {
        hasReturn = false;
        line += 1;
        const row = endRow();
        if (row !== null) yield row;
      } else {
        if (state === 'closed') throw new CsvError(line, `"${char}" stands behind a closing quote`);
        state = 'plain';
        cell += char;
      }
    }
  }
  if (state === 'quoted') throw new CsvError(rowLine, 'a quote is never closed');
  if (hasReturn) throw new CsvError(line, 'a carriage return stands without a line feed');
  const last = endRow();
  if (last !== null) yield last;
}

/** One line of CSV, with quotes only where they are needed. */
export const printCsvRow = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\r\n]|^$|^\uFEFF/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
