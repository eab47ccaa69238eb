import { queryTerms } from './parse-query.ts';

/** As written after `after:` and `before:`: an age such as `24h`, or an ISO time. */
export interface TimeTerms {
  after: string | null;
  before: string | null;
}

const keyOf = (term: string): keyof TimeTerms | null =>
  term.startsWith('after:') ? 'after' : term.startsWith('before:') ? 'before' : null;

/** The times that a query is limited to; nulls for text that is not a query. */
export function readTimeTerms(text: string): TimeTerms {
  const times: TimeTerms = { after: null, before: null };
  for (const term of queryTerms(text) ?? []) {
    const key = keyOf(term);
    if (key !== null) times[key] = term.slice(key.length + 1).replaceAll('"', '');
  }
  return times;
}

/** The query limited to other times; text that is not a query stays unchanged. */
export function withTimeTerms(text: string, { after, before }: TimeTerms): string {
  const terms = queryTerms(text);
  if (terms === null) return text;
  const others = terms.filter((term) => keyOf(term) === null);
  const times = [after === null ? '' : `after:${after}`, before === null ? '' : `before:${before}`];
  return [...others, ...times].filter((term) => term !== '').join(' ');
}
