import type { JsonScalar } from '../conditions/tree.ts';
import { parseFieldPath } from '../conditions/values/paths.ts';
import { canonicalNumber, isExactNumber } from '../exact-json/exact-number.ts';
import { isWildcard, literalsOf } from './literals.ts';
import type { FieldTerm, Query } from './query.ts';
import { tokenize } from './tokenize.ts';

export interface RequiredPhrase {
  /** Consecutive words of the searchable text, already folded. */
  tokens: string[];
  /** The last word may go on. */
  prefix: boolean;
  /** `text`: the query says so itself. `field`: a consequence of an equality, which a cut text may not show. */
  from: 'text' | 'field';
}

/** Enough to narrow by; the rest of a long value is compared anyway. */
const MAX_TOKENS = 16;

/**
 * Phrases that the searchable text of every match contains (unless it was cut, for `field`). They narrow a search by the
 * index and do not replace the query: equality minds case and place, the index does not.
 */
export function requiredPhrases(query: Query): RequiredPhrase[] {
  const fromText = query.text
    .filter((term) => !term.negated)
    .map((term): RequiredPhrase => ({ tokens: tokenize(term.phrase), prefix: term.prefix, from: 'text' }));
  return [...fromText, ...query.fields.flatMap(phraseOfField)];
}

function phraseOfField(term: FieldTerm): RequiredPhrase[] {
  const [value] = term.values;
  if (term.negated || term.op !== 'eq' || term.values.length !== 1 || value === undefined || isWildcard(value))
    return [];
  const path = parseFieldPath(term.path);
  // Headers are not part of the text.
  if (!path.ok || path.path.root === 'headers') return [];
  // 1.50 may stand for the number 1.5, which the text shows otherwise; null does not show at all.
  if (literalsOf(value).some((literal) => literal === null || indexedText(literal) !== value.text)) return [];
  const tokens = tokenize(value.text);
  if (tokens.length === 0) return [];
  return [{ tokens: tokens.slice(0, MAX_TOKENS), prefix: false, from: 'field' }];
}

/** How the text of every event with this value, however its digits were sent, shows it. */
const indexedText = (literal: JsonScalar): string =>
  isExactNumber(literal) ? canonicalNumber(literal) : String(literal);
