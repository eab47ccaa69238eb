import { columnText } from '../columns/column-text.ts';
import { columnTitle, isNamedColumn } from '../columns/columns.ts';
import type { EventItem } from '../contract/events.ts';
import type { Column } from '../contract/views.ts';

/** A spreadsheet takes a cell that begins so for a formula and would run it. */
const formula = /^[=+\-@\t\r]/;
/** Also with a sign it is a number, and stays one. */
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** One field as RFC 4180 has it. What a spreadsheet would run gets an apostrophe before it. */
export function csvField(text: string): string {
  const safe = formula.test(text) && !number.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Of a path its whole text, so that a program finds it again. */
export const csvHead = (columns: readonly Column[]): string =>
  columns.map(({ field }) => csvField(isNamedColumn(field) ? columnTitle(field) : field)).join(',');

export const csvLine = (event: EventItem, columns: readonly Column[]): string =>
  columns.map(({ field }) => csvField(columnText(event, field))).join(',');
