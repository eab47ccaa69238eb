import { plainText } from './plain-text.ts';

export interface Column<T> {
  title: string;
  text(row: T): string;
  align?: 'right';
}

const gap = '  ';
/** What a column keeps at least when the terminal is too narrow. */
const leastWidth = 8;

/** Lines of a table that fits `width` characters where it can: the widest columns are cut first. */
export function tableLines<T>(columns: readonly Column<T>[], rows: readonly T[], width: number): string[] {
  const cells = rows.map((row) => columns.map(({ text }) => plainText(text(row))));
  const titles = columns.map(({ title }) => title.toUpperCase());
  const widths = columns.map((_, at) => Math.max(...[titles, ...cells].map((line) => lengthOf(line[at] ?? ''))));
  narrow(widths, width - gap.length * (columns.length - 1));
  const print = (line: readonly string[]): string =>
    line
      .map((text, at) => pad(cut(text, widths[at] ?? 0), widths[at] ?? 0, columns[at]?.align === 'right'))
      .join(gap)
      .trimEnd();
  return [titles, ...cells].map(print);
}

function narrow(widths: number[], room: number): void {
  for (let over = widths.reduce((sum, one) => sum + one, 0) - room; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const now = widths[widest] ?? 0;
    if (now <= leastWidth) return;
    widths[widest] = now - 1;
  }
}

const lengthOf = (text: string): number => [...text].length;

const cut = (text: string, width: number): string =>
  lengthOf(text) <= width ? text : `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`;

const pad = (text: string, width: number, isRight: boolean): string => {
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return isRight ? space + text : text + space;
};

/** Lines of `label  value`, the labels aligned; those without a value are left out. */
export function factLines(facts: readonly (readonly [label: string, value: string | null | undefined])[]): string[] {
  const shown = facts.flatMap(([label, value]) =>
    value === null || value === undefined || value === '' ? [] : [[label, value] as const],
  );
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  return shown.map(([label, value]) => `${label.padEnd(width)}  ${plainText(value)}`);
}
