import type { JsonScalar } from '../../../../shared/conditions/tree.ts';
import { type FieldRoot, formatFieldPath } from '../../../../shared/conditions/values/paths.ts';
import type { Json } from '../../../../shared/contract/common.ts';
import { isExactNumber } from '../../../../shared/exact-json/exact-number.ts';
import { isJsonRecord } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { queryTerms } from '../../../../shared/query/parse-query.ts';
import { quote } from '../../../../shared/query/value-text.ts';

export type Step = string | number;

/** The value at a path; undefined where there is none. */
export function valueAt(root: Json, path: readonly Step[]): Json | undefined {
  let value: Json | undefined = root;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isJsonRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

export const isScalar = (value: Json | undefined): value is JsonScalar =>
  value === null || isExactNumber(value) || ['string', 'number', 'boolean'].includes(typeof value);

/** The path as it was clicked, list indexes included. */
export const exactPath = (root: FieldRoot, path: readonly Step[]): string =>
  formatFieldPath({ root, segments: path.map(String) });

/** The path as conditions and queries have it, which look at every item of a list. */
export const fieldPath = (root: FieldRoot, path: readonly Step[]): string =>
  formatFieldPath({ root, segments: path.filter((step) => typeof step === 'string') });

/** The query grows by one term, which replaces its opposite; texts are always in quotes, so that "1" is not also the number. */
export function withTerm(query: string, field: string, value: Json, isExcluded: boolean): string {
  const plain = `${field}:${typeof value === 'string' ? quote(value) : stringifyExact(value)}`;
  const [term, opposite] = isExcluded ? [`-${plain}`, plain] : [plain, `-${plain}`];
  const terms = queryTerms(query);
  if (terms?.includes(opposite) === true) {
    const left = terms.filter((one) => one !== opposite);
    return (left.includes(term) ? left : [...left, term]).join(' ');
  }
  return terms?.includes(term) === true ? query : `${query} ${term}`.trim();
}

/** Beyond so many characters a text is no good filter, and the query has its own bound. */
export const maxTermLength = 300;
