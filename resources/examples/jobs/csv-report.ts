// Checks a CSV file that an event names, row by row as it is read, and writes a report of what is wrong with it.
//
// Event: payload { "file": "customers.csv" }, relative to CSV_FOLDER.
// Environment:
//   CSV_FOLDER     folder that files may come from; nothing outside of it is read, through links neither
//   CSV_COLUMNS    what to check, e.g. "id:required email:email amount:number joined:date"
//   CSV_SEPARATOR  "," unless it says otherwise
import { createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { defineJob } from 'signalbox';
import { CsvError, csvRows, printCsvRow } from './lib/csv-rows.ts';
import { needEnv } from './lib/send-request.ts';

const maxProblems = 10_000;

/** Why a cell is not valid; null: it is. An empty cell is `required`'s matter alone. */
const checks: Readonly<Record<string, (cell: string) => string | null>> = {
  required: (cell) => (cell.trim() === '' ? 'is empty' : null),
  email: (cell) => (cell === '' || /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(cell) ? null : 'is no e-mail address'),
  number: (cell) => (cell === '' || /^-?\d+(\.\d+)?$/.test(cell) ? null : 'is no number'),
  date: (cell) => (cell === '' || isDate(cell) ? null : 'is no date (YYYY-MM-DD)'),
};

/** `2026-02-30` looks like a date and is none. */
const isDate = (cell: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(cell) &&
  !Number.isNaN(Date.parse(cell)) &&
  new Date(`${cell}T00:00:00Z`).toISOString().startsWith(cell);

interface Rule {
  column: string;
  check: string;
}

function readRules(text: string): Rule[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word) => {
      const [column = '', check = 'required'] = word.split(':');
      if (!Object.hasOwn(checks, check)) {
        throw new Error(`CSV_COLUMNS: "${check}" is no check; there are ${Object.keys(checks).join(', ')}`);
      }
      return { column, check };
    });
}

async function allowedFile(folder: string, name: unknown): Promise<string> {
  if (typeof name !== 'string' || name === '') throw new Error('the event names no file: its payload needs "file"');
  if (isAbsolute(name)) throw new Error(`"${name}" must be relative to CSV_FOLDER`);
  const root = await realpath(folder);
  const file = await realpath(resolve(root, name)).catch(() => null);
  if (file === null) throw new Error(`there is no file "${name}" in CSV_FOLDER`);
  const below = relative(root, file);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below))
    throw new Error(`"${name}" lies outside of CSV_FOLDER`);
  return file;
}

export default defineJob<{ file: string }>(async (event, run) => {
  const file = await allowedFile(needEnv('CSV_FOLDER', 'the folder that files may come from'), event.payload.file);
  const rules = readRules(process.env.CSV_COLUMNS ?? '');
  const { size: sizeBytes } = await stat(file);
  const reportName = `${basename(file, '.csv')}-report.csv`;
  const reportFile = join(run.filesDir, reportName);
  const report = await open(reportFile, 'w', 0o600);

  let header: string[] | null = null;
  let rows = 0;
  let badRows = 0;
  let problems = 0;
  async function note(line: number, column: string, problem: string, cell: string): Promise<void> {
    problems += 1;
    if (problems <= maxProblems) await report.write(printCsvRow([String(line), column, problem, cell.slice(0, 200)]));
  }

  try {
    await report.write(printCsvRow(['line', 'column', 'problem', 'value']));
    const bytes = createReadStream(file, { encoding: 'utf8', signal: run.signal });
    for await (const { line, cells } of csvRows(bytes, { separator: process.env.CSV_SEPARATOR || ',' })) {
      if (header === null) {
        header = cells.map((cell) => cell.trim());
        const absent = rules.filter(({ column }) => !header?.includes(column)).map(({ column }) => column);
        if (absent.length > 0) throw new CsvError(line, `the column ${absent.join(', ')} is missing`);
        continue;
      }
      rows += 1;
      const before = problems;
      if (cells.length !== header.length) {
        await note(line, '', `has ${cells.length} cells, the header has ${header.length}`, '');
      } else {
        for (const { column, check } of rules) {
          const cell = cells[header.indexOf(column)] ?? '';
          const problem = checks[check]?.(cell) ?? null;
          if (problem !== null) await note(line, column, problem, cell);
        }
      }
      if (problems > before) badRows += 1;
      if (rows % 500 === 0) run.progress((100 * bytes.bytesRead) / Math.max(1, sizeBytes), `Row ${rows}`);
    }
    if (header === null) throw new CsvError(1, 'the file is empty');
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return {
      status: 'failed',
      heading: `${basename(file)} cannot be read`,
      message: `${basename(file)}, ${error.message}`,
    };
  } finally {
    await report.close();
  }

  run.progress(100, `${rows} rows`);
  if (problems > maxProblems) run.warning(`The report ends after ${maxProblems} of ${problems} problems`);
  if (badRows > 0) run.warning(`${badRows} of ${rows} rows of ${basename(file)} are not valid`);
  return {
    heading: badRows === 0 ? `${basename(file)} is valid` : `${basename(file)} has ${badRows} rows that are not valid`,
    message: `${rows} rows, ${rows - badRows} valid, ${problems} problems.`,
    buttonText: 'Get the report',
    next: { type: 'download', fileName: reportName },
    acknowledge: badRows > 0,
    rows,
    badRows,
  };
});
