import { parseConditions } from '../../../../shared/conditions/parse/parse.ts';
import { parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import { type GroupNode, treeOf } from '../../../model/definitions/condition-tree.ts';

export interface JsonProblem {
  /** 1-based; null when the place is not known. */
  line: number | null;
  /** `all.0.value`; empty for the whole. */
  clause: string;
  message: string;
}

/** Conditions written as JSON, in the tree or the short form. */
export function readConditionsText(
  text: string,
): { ok: true; where: GroupNode } | { ok: false; problems: readonly JsonProblem[] } {
  let input: unknown;
  try {
    input = text.trim() === '' ? null : parseExact(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const offset = /position (\d+)/.exec(reason)?.[1];
    const message = reason.replace(/ in JSON at position.*$/, '').replace(/ \(line.*$/, '');
    return {
      ok: false,
      problems: [{ line: offset === undefined ? null : lineOf(text, Number(offset)), clause: '', message }],
    };
  }
  const parsed = parseConditions(input);
  if (parsed.ok) return { ok: true, where: treeOf(parsed.conditions) };
  return { ok: false, problems: problemsIn(text, parsed.errors) };
}

/** Errors with paths into the value, at the lines of its text. */
export const problemsIn = (
  text: string,
  errors: readonly { path: readonly (string | number)[]; message: string }[],
): JsonProblem[] =>
  errors.map(({ path, message }) => {
    const offset = path.length === 0 ? null : offsetOf(text, path);
    return { line: offset === null ? null : lineOf(text, offset), clause: path.join('.'), message };
  });

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Where the value at a path begins in valid JSON text; null when there is nothing at the path. */
export function offsetOf(text: string, path: readonly (string | number)[]): number | null {
  let at = 0;
  const blanks = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  const readString = (): string => {
    const start = at;
    at += 1;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    const value: unknown = parseExact(text.slice(start, at));
    return typeof value === 'string' ? value : '';
  };
  const visit = (rest: readonly (string | number)[] | null): number | null => {
    blanks();
    if (rest !== null && rest.length === 0) return at;
    const open = text[at];
    if (open === '"') {
      readString();
      return null;
    }
    if (open !== '{' && open !== '[') {
      while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at += 1;
      return null;
    }
    const close = open === '{' ? '}' : ']';
    at += 1;
    for (let index = 0; ; index += 1) {
      blanks();
      if (text[at] === close || at >= text.length) {
        at += 1;
        return null;
      }
      let key: string | number = index;
      const start = at;
      if (open === '{') {
        key = readString();
        blanks();
        at += 1;
      }
      const isWanted = rest !== null && key === rest[0];
      const found = visit(isWanted ? rest.slice(1) : null);
      if (isWanted) return found ?? start;
      blanks();
      if (text[at] === ',') at += 1;
    }
  };
  return visit(path);
}
