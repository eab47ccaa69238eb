import { parseFieldPath } from '../conditions/values/paths.ts';
import { type Column, columnSchema, maxColumns, type NamedColumn, namedColumns } from '../contract/views.ts';

export const columnTitles: Readonly<Record<NamedColumn, string>> = {
  time: 'Time',
  source: 'Source',
  type: 'Type',
  about: 'About',
  runs: 'Runs',
  verified: 'Verified',
  id: 'ID',
  system: 'System',
  externalId: 'Sender ID',
  occurred: 'Occurred',
};

/** Of a list of events whose columns were never changed. */
export const usualColumns: readonly Column[] = (['time', 'source', 'type', 'about', 'runs', 'verified'] as const).map(
  (field) => ({ field }),
);

export const isNamedColumn = (field: string): field is NamedColumn => namedColumns.some((name) => name === field);

/** What stands over a column: of a path what comes after `payload` or `context`. */
export function columnTitle(field: string): string {
  if (isNamedColumn(field)) return columnTitles[field];
  const parsed = parseFieldPath(field);
  if (!parsed.ok || parsed.path.segments.length === 0) return field;
  return parsed.path.segments.join('.');
}

/** A tilde parts the width, a comma the columns. */
const encoded = (field: string): string => encodeURIComponent(field).replaceAll('~', '%7E');

/** Columns as one text, for an address: `time,payload.amount~120`. */
export const writeColumns = (columns: readonly Column[]): string =>
  columns.map(({ field, width }) => `${encoded(field)}${width === undefined ? '' : `~${width}`}`).join(',');

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Columns from such a text; null where none can be read. Unknown ones and repetitions are left out. */
export function readColumns(text: string): Column[] | null {
  const found = new Map<string, Column>();
  for (const part of text.split(',')) {
    const [, path = part, width] = /^(.*)~(\d+)$/.exec(part) ?? [];
    const parsed = columnSchema.safeParse({
      field: decoded(path).trim(),
      ...(width === undefined ? {} : { width: Number(width) }),
    });
    if (parsed.success && !found.has(parsed.data.field)) found.set(parsed.data.field, parsed.data);
  }
  return found.size === 0 ? null : [...found.values()].slice(0, maxColumns);
}
