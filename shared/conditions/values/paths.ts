import { CONDITION_LIMITS, type ConditionInput, isObject } from '../tree.ts';

export const FIELD_ROOTS = ['type', 'source', 'system', 'context', 'payload', 'headers'] as const;
export type FieldRoot = (typeof FIELD_ROOTS)[number];

/** A parsed field path. `segments` follow the root; those under `headers` are lower-case. */
export interface FieldPath {
  root: FieldRoot;
  segments: readonly string[];
}

export type FieldPathResult = { ok: true; path: FieldPath } | { ok: false; message: string; offset: number };

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);
const WHOLE_ROOTS: ReadonlySet<string> = new Set(['type', 'source', 'system']);
const INDEX = /^(?:0|[1-9][0-9]{0,8})$/;
const NEEDS_QUOTES = /[."\s:[\]*\\]/;

/** Lists nested straight in lists beyond this depth are not looked into (bodies are at most 64 deep). */
const MAX_NESTED_LISTS = 64;

function isFieldRoot(text: string): text is FieldRoot {
  return FIELD_ROOTS.some((root) => root === text);
}

/**
 * Reads `payload.items.0.sku`. A key that holds dots, colons, spaces, brackets or quotes is written in quotes, with `\"`
 * and `\\` inside: `payload."a.b".c`. The offset of an error counts characters from the start of the text.
 */
export function parseFieldPath(text: string): FieldPathResult {
  if (text.length > CONDITION_LIMITS.pathLength) {
    return { ok: false, message: `A field path has at most ${CONDITION_LIMITS.pathLength} characters`, offset: 0 };
  }
  const split = splitSegments(text);
  if (!split.ok) return split;
  const [first, ...rest] = split.segments;
  const root = first?.text ?? '';
  if (!isFieldRoot(root)) {
    const roots = FIELD_ROOTS.map((name) => (WHOLE_ROOTS.has(name) ? name : `${name}.…`)).join(', ');
    return { ok: false, message: `Fields start with ${roots}; got "${root}"`, offset: 0 };
  }
  if (WHOLE_ROOTS.has(root) && rest.length > 0) {
    return { ok: false, message: `"${root}" is plain text and has no parts`, offset: root.length };
  }
  if (split.segments.length > CONDITION_LIMITS.pathSegments) {
    return { ok: false, message: `A field path has at most ${CONDITION_LIMITS.pathSegments} segments`, offset: 0 };
  }
  for (const segment of rest) {
    if (FORBIDDEN.has(segment.text)) {
      return { ok: false, message: `"${segment.text}" cannot be part of a field path`, offset: segment.offset };
    }
  }
  const segments = rest.map((segment) => (root === 'headers' ? segment.text.toLowerCase() : segment.text));
  return { ok: true, path: { root, segments } };
}

interface Segment {
  text: string;
  offset: number;
}

type SplitResult = { ok: true; segments: Segment[] } | { ok: false; message: string; offset: number };

function splitSegments(text: string): SplitResult {
  const segments: Segment[] = [];
  let at = 0;
  for (;;) {
    const offset = at;
    let segment = '';
    if (text[at] === '"') {
      at += 1;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at += 1;
        segment += text[at] ?? '';
        at += 1;
      }
      if (at >= text.length) return { ok: false, message: 'A quoted part of the path is not closed', offset };
      at += 1;
      if (at < text.length && text[at] !== '.') {
        return { ok: false, message: 'After a quoted part comes a dot or the end of the path', offset: at };
      }
    } else {
      const dot = text.indexOf('.', at);
      const end = dot === -1 ? text.length : dot;
      segment = text.slice(at, end);
      at = end;
      const problem = bareSegmentProblem(segment);
      if (problem !== null) return { ok: false, message: problem, offset };
    }
    segments.push({ text: segment, offset });
    if (at >= text.length) return { ok: true, segments };
    at += 1;
  }
}

function bareSegmentProblem(segment: string): string | null {
  if (segment === '') return 'A part of the path is empty (a key with dots is written in quotes: payload."a.b")';
  if (segment === '*' || segment === '**') return 'Lists are searched automatically: remove the * from the path';
  if (segment.includes('[') || segment.includes(']')) {
    return 'Write items.0 instead of items[0] (a key with brackets is written in quotes)';
  }
  if (segment.includes('"')) return 'Quotes go around a whole part of the path: payload."a.b"';
  return null;
}

/** The shortest way to write the path: only the segments that need quotes get them. */
export function formatFieldPath(path: FieldPath): string {
  return [path.root, ...path.segments.map(formatSegment)].join('.');
}

function formatSegment(segment: string): string {
  if (segment !== '' && !NEEDS_QUOTES.test(segment)) return segment;
  return `"${segment.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/**
 * Whether any value at the path passes the test. A list on the way without an index is mapped over, so one path can have
 * many values; no value at all means that the field is missing. Own properties only, and nothing of a string or a list
 * but its elements.
 */
export function anyValueAt(path: FieldPath, event: ConditionInput, test: (value: unknown) => boolean): boolean {
  if (path.root === 'headers') {
    const [name, ...rest] = path.segments;
    if (name === undefined) return event.headers !== undefined && test(event.headers);
    const key = headerKey(event.headers, name);
    return key !== undefined && walk(event.headers[key], rest, 0, test, 0);
  }
  const value = event[path.root];
  return value !== undefined && walk(value, path.segments, 0, test, 0);
}

function headerKey(headers: unknown, lowerName: string): string | undefined {
  if (!isObject(headers)) return undefined;
  if (Object.hasOwn(headers, lowerName)) return lowerName;
  return Object.keys(headers).find((key) => key.toLowerCase() === lowerName);
}

function walk(
  start: unknown,
  segments: readonly string[],
  from: number,
  test: (value: unknown) => boolean,
  nestedLists: number,
): boolean {
  let value = start;
  for (let at = from; at < segments.length; at += 1) {
    const segment = segments[at] ?? '';
    if (typeof value !== 'object' || value === null) return false;
    if (Array.isArray(value)) {
      if (!INDEX.test(segment)) {
        if (nestedLists >= MAX_NESTED_LISTS) return false;
        for (const element of value) {
          if (walk(element, segments, at, test, nestedLists + 1)) return true;
        }
        return false;
      }
      const index = Number(segment);
      if (index >= value.length) return false;
      value = value[index];
    } else {
      if (!isObject(value) || !Object.hasOwn(value, segment)) return false;
      value = value[segment];
    }
  }
  return value !== undefined && test(value);
}

/** The values at the path, at most `maxValues` of them (default 1,000); none means missing. */
export function readField(path: FieldPath, event: ConditionInput, maxValues = 1_000): unknown[] {
  const values: unknown[] = [];
  anyValueAt(path, event, (value) => {
    values.push(value);
    return values.length >= maxValues;
  });
  return values;
}
