import { isNamedColumn } from '../../../../shared/columns/columns.ts';
import type { Column, NamedColumn } from '../../../../shared/contract/views.ts';

/** The usual columns fit a window of 720 px beside the navigation. */
const named: Readonly<Record<NamedColumn, string>> = {
  time: '104px',
  source: 'clamp(64px, 12cqi, 112px)',
  type: 'clamp(120px, 24cqi, 280px)',
  about: 'minmax(clamp(40px, 33cqi - 136px, 100px), 1fr)',
  runs: 'minmax(clamp(52px, 25cqi - 80px, 100px), 200px)',
  verified: '18px',
  id: 'minmax(60px, 250px)',
  system: 'minmax(50px, 110px)',
  externalId: 'minmax(50px, 160px)',
  occurred: '104px',
};
const pathWidth = 'minmax(40px, 160px)';
const tick = '14px';

/** Columns that a list beside an open event has no room for. */
const wideOnly: ReadonlySet<string> = new Set(['about', 'verified', 'id', 'system', 'externalId', 'occurred']);
const narrowPaths = 2;

/** Those of the columns that fit beside an open event. */
export function narrowColumns(columns: readonly Column[]): Column[] {
  const shown = columns.filter(({ field }) => !wideOnly.has(field));
  const paths = shown.filter(({ field }) => !isNamedColumn(field)).slice(0, narrowPaths);
  const fitting = shown.filter(
    (column) =>
      (isNamedColumn(column.field) && (column.field !== 'source' || paths.length === 0)) || paths.includes(column),
  );
  return fitting.length === 0 ? columns.slice(0, 1) : fitting;
}

const narrowNamed: Partial<Record<NamedColumn, string>> = {
  time: 'clamp(88px, 25cqi, 104px)',
  source: 'clamp(40px, 14cqi, 72px)',
  type: 'minmax(0, 1fr)',
  runs: 'clamp(42px, 14cqi, 72px)',
};

/** `grid-template-columns` of rows with these columns. One column takes what room is left. */
export function gridOf(columns: readonly Column[], isWide: boolean): string {
  const sizes = columns.map(({ field, width }) => {
    // A chosen width gives way where the list is narrower than all of them together.
    if (width !== undefined && isWide) return `minmax(40px, ${width}px)`;
    if (!isNamedColumn(field)) return isWide ? pathWidth : 'minmax(0, 0.6fr)';
    return (isWide ? undefined : narrowNamed[field]) ?? named[field];
  });
  if (!sizes.some((size) => size.includes('1fr'))) {
    const last = columns.findLastIndex(({ field }) => field !== 'verified');
    if (last !== -1) sizes[last] = 'minmax(60px, 1fr)';
  }
  return [tick, ...sizes].join(' ');
}

/** The columns with one of them moved by so many places. */
export function moved(columns: readonly Column[], field: string, by: number): Column[] {
  const from = columns.findIndex((column) => column.field === field);
  const to = Math.min(columns.length - 1, Math.max(0, from + by));
  const next = [...columns];
  const [taken] = next.splice(from, 1);
  if (taken !== undefined) next.splice(to, 0, taken);
  return next;
}

export const resized = (columns: readonly Column[], field: string, width: number): Column[] =>
  columns.map((column) =>
    column.field === field ? { ...column, width: Math.min(1200, Math.max(40, Math.round(width))) } : column,
  );

/** A new column stands before the runs, where it can be read beside the type. */
export function added(columns: readonly Column[], field: string): Column[] {
  if (columns.some((column) => column.field === field)) return [...columns];
  const at = columns.findIndex((column) => column.field === 'runs');
  const next = [...columns];
  next.splice(at === -1 ? next.length : at, 0, { field });
  return next;
}
