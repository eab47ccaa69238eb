/** How values are written in a query: bare up to a space or comma, or in quotes with `\"` and `\\` inside. */

export interface ReadText {
  text: string;
  quoted: boolean;
  /** Index after the value. */
  end: number;
  closed: boolean;
}

const SPACE = /\s/;

export function isSpace(character: string | undefined): boolean {
  return character !== undefined && SPACE.test(character);
}

/** Reads from an opening quote. Other backslashes stand for themselves, so that Windows paths need no doubling. */
export function readQuoted(source: string, start: number): ReadText {
  let text = '';
  let at = start + 1;
  while (at < source.length && source[at] !== '"') {
    const next = source[at + 1];
    if (source[at] === '\\' && (next === '"' || next === '\\')) at += 1;
    text += source[at] ?? '';
    at += 1;
  }
  const closed = at < source.length;
  return { text, quoted: true, end: closed ? at + 1 : at, closed };
}

export function readBareValue(source: string, start: number): ReadText {
  let end = start;
  while (end < source.length && !isSpace(source[end]) && source[end] !== ',') end += 1;
  return { text: source.slice(start, end), quoted: false, end, closed: true };
}

export function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** The value bare where that reads back as the same, else quoted. */
export function writeValue(text: string): string {
  return text === '' || text.startsWith('"') || /[\s,]/.test(text) ? quote(text) : text;
}
