import type { ConditionInput, Conditions, JsonValue, Leaf } from '../../../shared/conditions/tree.ts';

/**
 * The rules once more, written for reading and not for speed, with nothing of the compiler's: paths by regular
 * expression, equality by canonical text, wildcards and types by recursion, times by Date.
 */
export function referenceMatches(tree: Conditions, event: ConditionInput): boolean {
  if ('all' in tree) return tree.all.every((inner) => referenceMatches(inner, event));
  if ('any' in tree) return tree.any.some((inner) => referenceMatches(inner, event));
  if ('not' in tree) return !referenceMatches(tree.not, event);
  return referenceLeaf(tree, event);
}

function referenceLeaf(leaf: Leaf, event: ConditionInput): boolean {
  const found = valuesAt(leaf.field, event);
  const value = leaf.value ?? null;
  const list = Array.isArray(value) ? value : [value];
  const fold = <T>(input: T): T | string =>
    leaf.ignoreCase && typeof input === 'string' ? input.toLowerCase() : input;
  const some = (test: (actual: unknown) => boolean): boolean =>
    found.some((actual) => test(actual) || (Array.isArray(actual) && actual.some(test)));
  const text = (test: (actual: string) => boolean): boolean =>
    some((actual) => typeof actual === 'string' && test(String(fold(actual))));
  const same = (wanted: JsonValue) => (actual: unknown) => canonical(actual, fold) === canonical(wanted, fold);
  const wantedText = typeof value === 'string' ? String(fold(value)) : '';
  const contains = (): boolean =>
    found.some((actual) => {
      if (Array.isArray(actual)) return actual.some(same(value));
      return typeof actual === 'string' && typeof value === 'string' && String(fold(actual)).includes(wantedText);
    });
  switch (leaf.op) {
    case 'eq':
      return some(same(value));
    case 'ne':
      return !some(same(value));
    case 'in':
      return list.some((wanted) => some(same(wanted)));
    case 'notIn':
      return !list.some((wanted) => some(same(wanted)));
    case 'gt':
      return some((actual) => compare(actual, value) === 1);
    case 'gte':
      return some((actual) => [0, 1].includes(compare(actual, value) ?? 9));
    case 'lt':
      return some((actual) => compare(actual, value) === -1);
    case 'lte':
      return some((actual) => [0, -1].includes(compare(actual, value) ?? 9));
    case 'between':
      return some(
        (actual) => [0, 1].includes(compare(actual, list[0]) ?? 9) && [0, -1].includes(compare(actual, list[1]) ?? 9),
      );
    case 'contains':
      return contains();
    case 'notContains':
      return !contains();
    case 'startsWith':
      return text((actual) => actual.slice(0, wantedText.length) === wantedText);
    case 'endsWith':
      return text((actual) => wantedText === '' || actual.slice(-wantedText.length) === wantedText);
    case 'glob':
      return text((actual) => globs([...wantedText], [...actual]));
    case 'matches':
      return some(
        (actual) => typeof actual === 'string' && new RegExp(String(value), leaf.ignoreCase ? 'iu' : 'u').test(actual),
      );
    case 'exists':
      return found.length > 0;
    case 'missing':
      return found.length === 0;
    case 'isNull':
      return some((actual) => actual === null);
    case 'isNotNull':
      return found.length > 0 && !some((actual) => actual === null);
    case 'like':
      return text((actual) => likes([...wantedText], [...actual]));
    case 'notLike':
      return !text((actual) => likes([...wantedText], [...actual]));
    case 'segmentGlob':
      return text((actual) => list.some((one) => referenceGlob(String(one), ':').test(actual) && actual !== ''));
    case 'flatfile':
      return referenceFlatfile(value, event);
    case 'typePattern':
      return some(
        (actual) => typeof actual === 'string' && list.some((one) => referenceTypeMatches(String(one), actual)),
      );
  }
}

function likes(pattern: string[], text: string[]): boolean {
  const [head, next, ...others] = pattern;
  const rest = pattern.slice(1);
  if (head === undefined) return text.length === 0;
  if (head === '%') return likes(rest, text) || (text.length > 0 && likes(pattern, text.slice(1)));
  if (head === '\\' && next !== undefined && '%_\\'.includes(next))
    return text[0] === next && likes(others, text.slice(1));
  return text.length > 0 && (head === '_' || head === text[0]) && likes(rest, text.slice(1));
}

/** The vendor's way of making one expression of a glob. */
export function referenceGlob(pattern: string, separator: ':' | '.'): RegExp {
  const [sep, one] = separator === '.' ? ['\\.', '(?:(?!\\.).)'] : [':', '[^:]'];
  const segments = pattern.split(separator);
  const last = segments.length - 1;
  const parts = segments.map((segment, at) => {
    if (segment === '' && at > 0) return '';
    const isBeforeSpan = segments[at + 1] === '**';
    if (segment === '**') {
      if (at < last && isBeforeSpan) return '';
      if (at < last) return `${at === 0 ? '' : `${sep}+`}(?:${one}*${sep}+)*`;
      return `${at === 0 ? '' : `(?:${sep}+|$)`}(?:${one}*${sep}*)*`;
    }
    const text = segment.replace(/\\(.?)|([*?])|([\s\S])/g, (_, escaped?: string, wild?: string, plain?: string) => {
      if (wild !== undefined) return wild === '*' ? `${one}*` : one;
      return (escaped ?? plain ?? '').replace(/[\^$+.()|[\]{}*?]/, '\\$&');
    });
    return text + (at === last ? `${sep}*` : isBeforeSpan ? '' : `${sep}+`);
  });
  return new RegExp(`^${parts.join('')}$`);
}

/** One key of a Flatfile filter against the dotted keys of what the vendor's listener has of the event. */
function referenceFlatfile(filter: JsonValue, event: ConditionInput): boolean {
  const [entry] = Object.entries(typeof filter === 'object' && filter !== null ? filter : {});
  if (entry === undefined) return false;
  const [key, wanted] = entry;
  const keys = referenceGlob(/[.*]/.test(key) ? key : `**.${key}`, '.');
  const record = (value: unknown): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const isContext = record(event.context).length > 0;
  const context = isContext
    ? Object.fromEntries(record(event.context).filter(([name]) => name !== 'flatfile'))
    : event.context;
  const raw = Object.fromEntries(record(Object.fromEntries(record(event.context)).flatfile));
  const whole = {
    ...{ _accessToken: '...', _apiUrl: 'https://platform.flatfile.com/api/' },
    src: { topic: event.type, context, payload: event.payload, ...raw },
    ...{ afterAllCallbacks: '[object Map]', cache: { eventCache: '[object Map]' }, domain: raw.domain },
    ...{ topic: event.type, context, payload: event.payload, target: raw.target || '', origin: raw.origin || {} },
    ...{ action: (isContext && Object.fromEntries(record(context)).actionName) || '', namespace: raw.namespaces || [] },
    ...{ createdAt: raw.createdAt, data: 'async t=>this.fetchData(t)' },
  };
  const flat: Record<string, unknown> = {};
  const step = (value: unknown, before: string): void => {
    for (const [name, inner] of record(value)) {
      if (record(inner).length > 0) step(inner, `${before}${name}.`);
      else flat[before + name] = inner;
    }
  };
  step(whole, '');
  const fits = (value: unknown, one: JsonValue): boolean => {
    if (Array.isArray(value)) return value.some((element) => fits(element, one));
    if (value === undefined || value === null) return one === null;
    if (typeof one !== 'string') return value === one;
    const text = typeof value === 'object' ? '[object Object]' : String(value);
    return text !== '' && referenceGlob(one || '**', ':').test(text);
  };
  return Object.entries(flat).some(
    ([name, value]) => keys.test(name) && (Array.isArray(wanted) ? wanted : [wanted]).some((one) => fits(value, one)),
  );
}

function valuesAt(field: string, event: ConditionInput): unknown[] {
  const segments = [...field.matchAll(/"([^"]*)"|([^."]+)/g)].map((match) => match[1] ?? match[2] ?? '');
  const [root = '', ...rest] = segments;
  if (root === 'headers') {
    const wanted = rest[0]?.toLowerCase();
    return Object.entries(event.headers).flatMap(([key, value]) => (key.toLowerCase() === wanted ? [value] : []));
  }
  const start = Object.entries(event).find(([key]) => key === root);
  return start === undefined ? [] : descend(start[1], rest);
}

function descend(value: unknown, segments: string[]): unknown[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [value];
  if (Array.isArray(value)) {
    if (!/^\d+$/.test(segment)) return value.flatMap((element) => descend(element, segments));
    return Number(segment) < value.length ? descend(value[Number(segment)], rest) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const entry = Object.entries(value).find(([key]) => key === segment);
  return entry === undefined ? [] : descend(entry[1], rest);
}

function canonical(value: unknown, fold: (input: unknown) => unknown): string {
  if (Array.isArray(value)) return `[${value.map((part) => canonical(part, fold)).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${canonical(part, fold)}`);
    return `{${parts.sort().join()}}`;
  }
  return JSON.stringify(fold(value)) ?? 'undefined';
}

function compare(actual: unknown, wanted: JsonValue | undefined): -1 | 0 | 1 | null {
  const [a, b] = [measure(actual), measure(wanted)];
  if (a === null || b === null || typeof actual !== typeof wanted) return null;
  return a < b ? -1 : a > b ? 1 : 0;
}

function measure(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(value)) return null;
  return new Date(value).getTime();
}

export function globs(pattern: string[], text: string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === '*') return globs(rest, text) || (text.length > 0 && globs(pattern, text.slice(1)));
  return text.length > 0 && (head === '?' || head === text[0]) && globs(rest, text.slice(1));
}

export function referenceTypeMatches(pattern: string, type: string): boolean {
  const match = (patterns: string[], segments: string[]): boolean => {
    const [head, ...rest] = patterns;
    if (head === undefined) return segments.length === 0;
    if (head === '**') return match(rest, segments) || (segments.length > 0 && match(patterns, segments.slice(1)));
    const [first, ...others] = segments;
    return first !== undefined && globs([...head], [...first]) && match(rest, others);
  };
  return match(pattern.split(/[:./]/), type.split(/[:./]/));
}
