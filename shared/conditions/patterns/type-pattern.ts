import { compileWildcard } from './wildcard.ts';

/**
 * Event type patterns. Types and patterns are split into segments on `:`, `.` and `/`; the segments are compared and it
 * does not matter which of the three separates them, so `user.created` also takes `user:created` and `user/created`.
 * Within a segment `*` is any run of characters (also none) and `?` one; a segment `**` spans zero or more segments
 * (`job:**` takes `job`). Several patterns are an OR, none take every type. Case-sensitive.
 */
export interface TypePattern {
  matches(type: string): boolean;
  /** No patterns, or one of them is `**`. */
  matchesAll: boolean;
  /** Canonical types when every pattern is a literal, for an index by `canonicalType(type)`; else null. */
  literalTypes: readonly string[] | null;
  /** First segments when every pattern starts with a literal one, for an index by `firstSegment(type)`; else null. */
  firstSegments: readonly string[] | null;
}

const TYPE_PATTERN_MAX_LENGTH = 256;
export const TYPE_PATTERNS_MAX = 100;

const SEPARATORS = /[:./]/g;

/** The type with every separator written as `:`, so that equal segments give equal text. */
export function canonicalType(type: string): string {
  return type.replace(SEPARATORS, ':');
}

export function firstSegment(type: string): string {
  const end = type.search(/[:./]/);
  return end === -1 ? type : type.slice(0, end);
}

/** What is wrong with the pattern, for people, or null. */
export function checkTypePattern(pattern: string): string | null {
  if (pattern === '') return 'A type pattern must not be empty (** matches every type)';
  if (pattern.length > TYPE_PATTERN_MAX_LENGTH)
    return `A type pattern has at most ${TYPE_PATTERN_MAX_LENGTH} characters`;
  if (/\s/.test(pattern)) return 'A type pattern has no spaces; write several patterns as a list';
  return null;
}

/**
 * Patterns as the system of a source means them. A subscription of Deck takes exact types, or a lone star for all of
 * them; here a star stays within one segment.
 */
export const patternsOf = (preset: string | null | undefined, patterns: readonly string[]): string[] =>
  patterns.map((one) => (preset === 'deck' && one === '*' ? '**' : one));

const isLiteral = (text: string): boolean => !text.includes('*') && !text.includes('?');

export function compileTypePattern(patterns: readonly string[] | undefined): TypePattern {
  const canonical = [...new Set((patterns ?? []).map(canonicalType))];
  if (canonical.length === 0 || canonical.includes('**')) {
    return { matches: () => true, matchesAll: true, literalTypes: null, firstSegments: null };
  }
  const literals = new Set(canonical.filter(isLiteral));
  const matchers = canonical.filter((pattern) => !isLiteral(pattern)).map(compileSegments);
  const firsts = canonical.map(firstSegment);
  return {
    matches(type) {
      const text = canonicalType(type);
      if (literals.has(text)) return true;
      if (matchers.length === 0) return false;
      const segments = text.split(':');
      return matchers.some((matches) => matches(segments));
    },
    matchesAll: false,
    literalTypes: matchers.length === 0 ? [...literals] : null,
    firstSegments: firsts.every(isLiteral) ? [...new Set(firsts)] : null,
  };
}

/** The same last-star-only retry as for characters, one level up: at most pattern segments × type segments. */
function compileSegments(pattern: string): (segments: readonly string[]) => boolean {
  const tests = pattern.split(':').map((segment) => (segment === '**' ? null : compileWildcard(segment)));
  return (segments) => {
    let p = 0;
    let s = 0;
    let spanAt = -1;
    let spanFrom = 0;
    while (s < segments.length) {
      const test = p < tests.length ? tests[p] : undefined;
      if (test === null) {
        spanAt = p;
        spanFrom = s;
        p += 1;
      } else if (test?.(segments[s] ?? '')) {
        p += 1;
        s += 1;
      } else if (spanAt !== -1) {
        p = spanAt + 1;
        spanFrom += 1;
        s = spanFrom;
      } else {
        return false;
      }
    }
    while (p < tests.length && tests[p] === null) p += 1;
    return p === tests.length;
  };
}
