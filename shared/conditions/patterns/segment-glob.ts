import { type Automaton, createAutomaton, type Nfa, newNfa } from './segment-automaton.ts';

const LINE_ENDS = [0x0a, 0x0d, 0x2028, 0x2029];

/**
 * Globs over text in segments, with the answers of the npm package `wildcard-match` 5, which Flatfile's listener
 * filters with: `*` and `?` stay inside a segment, `**` as a whole segment spans any number of them, a backslash takes
 * the next character as it is. Its quirks are kept: a separator in the pattern takes one or more in the text, trailing
 * separators of the text are let pass, `**` in front of another `**` is left out, `?` is one UTF-16 unit, and with `.`
 * as the separator no wildcard takes a line end.
 */
export function compileGlobAutomaton(pattern: string, separator: ':' | '.'): Automaton {
  const nfa = newNfa(separator, separator === '.' ? LINE_ENDS : []);
  const segments = pattern.split(separator);
  const last = segments.length - 1;
  for (const [index, segment] of segments.entries()) {
    if (segment === '' && index > 0) continue;
    const isBeforeSpan = segments[index + 1] === '**';
    if (segment === '**') {
      if (index < last && isBeforeSpan) continue;
      addSpan(nfa, index === 0, index === last);
      continue;
    }
    addSegment(nfa, segment);
    if (index === last) nfa.separatorsOrNone();
    else if (!isBeforeSpan) nfa.separators();
  }
  return createAutomaton(nfa);
}

function addSpan(nfa: Nfa, isFirst: boolean, isLast: boolean): void {
  if (isLast) {
    if (isFirst) nfa.anything();
    else nfa.endOrSeparatorAndAnything();
    return;
  }
  if (!isFirst) nfa.separators();
  nfa.wholeSegments();
}

function addSegment(nfa: Nfa, segment: string): void {
  for (let at = 0; at < segment.length; at += 1) {
    const character = segment[at];
    if (character === '\\') {
      at += 1;
      // A backslash that ends its segment means nothing.
      if (at < segment.length) nfa.unit(segment.charCodeAt(at));
    } else if (character === '?') nfa.anyUnit();
    else if (character === '*') nfa.anyUnits();
    else nfa.unit(segment.charCodeAt(at));
  }
}

const SEPARATOR = ':';
const SEPARATOR_UNIT = 0x3a;

/** So many are compared one by one, which spares the hash of the text. */
const FEW_LITERALS = 4;

/**
 * Whether a text fits one of the patterns, segments being separated by `:`. The empty text never does. Time grows with
 * the length of the text only, whatever stands in it.
 */
export function compileSegmentGlobs(patterns: readonly string[]): (text: string) => boolean {
  const literals = new Set<string>();
  const automata: Automaton[] = [];
  for (const pattern of new Set(patterns)) {
    if (isLiteral(pattern)) literals.add(withSingleSeparators(pattern));
    else automata.push(compileGlobAutomaton(pattern, SEPARATOR));
  }
  if (automata.some(({ takesAll }) => takesAll)) return (text) => text !== '';
  const isAnyLiteral = literals.size > FEW_LITERALS ? inSet(literals) : oneOf([...literals]);
  const [first, ...others] = automata;
  if (first === undefined) return isAnyLiteral;
  return (text) => {
    if (text === '') return false;
    if (isAnyLiteral(text) || first.matches(text)) return true;
    for (const automaton of others) if (automaton.matches(text)) return true;
    return false;
  };
}

const inSet =
  (literals: ReadonlySet<string>) =>
  (text: string): boolean =>
    literals.has(text) || literals.has(withSingleSeparators(text));

function oneOf(literals: readonly string[]): (text: string) => boolean {
  const [only, ...others] = literals;
  if (only === undefined) return () => false;
  if (others.length === 0) return (text) => isLiteralText(only, text);
  return (text) => {
    for (const literal of literals) if (isLiteralText(literal, text)) return true;
    return false;
  };
}

/** With more separators than the literal a text is longer, and begins like it up to the first that is too many. */
export function isLiteralText(literal: string, text: string): boolean {
  if (text.length <= literal.length) return text === literal;
  let at = 0;
  while (at < literal.length && text.charCodeAt(at) === literal.charCodeAt(at)) at += 1;
  return text.charCodeAt(at) === SEPARATOR_UNIT && withSingleSeparators(text) === literal;
}

/** The text that the patterns come to when they are but one without wildcards; for `isLiteralText`. */
export function onlyLiteral(patterns: readonly string[]): string | null {
  const [only, ...others] = patterns;
  return only === undefined || others.length > 0 || !isLiteral(only) ? null : withSingleSeparators(only);
}

/** A pattern that ends in a separator demands one, so it is none of these. */
const isLiteral = (pattern: string): boolean =>
  pattern !== '' && !pattern.endsWith(SEPARATOR) && !/[*?\\]/.test(pattern);

function withSingleSeparators(text: string): string {
  if (!text.endsWith(SEPARATOR) && !text.includes('::')) return text;
  let end = text.length;
  while (end > 0 && text[end - 1] === SEPARATOR) end -= 1;
  return text.slice(0, end).replace(/:{2,}/g, SEPARATOR);
}
