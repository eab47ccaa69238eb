import type { Goal, Row } from './bench-types.ts';

const print = (value: number): string => {
  if (Number.isNaN(value)) return '–';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
};

export function printTable(rows: readonly Row[]): string {
  return inColumns([
    ['', 'what', 'median', '', 'range', 'aim', '', 'notes'],
    ...rows.map((row) => [
      row.part,
      row.what,
      print(row.value),
      row.unit,
      row.rounds === undefined ? '' : `${print(Math.min(...row.rounds))} – ${print(Math.max(...row.rounds))}`,
      row.aim ?? '',
      row.met === undefined ? '' : row.met ? 'met' : 'MISSED',
      row.note ?? '',
    ]),
  ]);
}

/** What is aimed at beside what it became. */
export function printGoals(rows: readonly Row[]): string {
  const goals: Goal[] = rows.flatMap((row) => row.goals ?? []);
  return inColumns([
    ['', 'aim', '', 'got', ''],
    ...goals.map(({ what, aim, got, met }) => [what, aim, '', got, met ? 'met' : 'MISSED']),
  ]);
}

/** Columns are as wide as their widest cell. The third is of numbers. */
function inColumns(lines: readonly string[][]): string {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => (column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
