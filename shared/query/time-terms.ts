import { termSpans } from './parse-query.ts';

/** As written after `after:` and `before:`: an age such as `24h`, or an ISO time. */
export interface TimeTerms {
  after: string | null;
  before: string | null;
}

const keyOf = (term: string): keyof TimeTerms | null =>
  term.startsWith('after:') ? 'after' : term.startsWith('before:') ? 'before' : null;

/** The times that a query is limited to; nulls for a text that is no query. */
export function readTimeTerms(text: string): TimeTerms {
  const times: TimeTerms = { after: null, before: null };
  for (const { start, end } of termSpans(text) ?? []) {
    const term = text.slice(start, end);
    const key = keyOf(term);
    if (key !== null) times[key] = term.slice(key.length + 1).replaceAll('"', '');
  }
  return times;
}

/** The query limited to other times; a text that is no query stays as it is. */
export function withTimeTerms(text: string, { after, before }: TimeTerms): string {
  const spans = termSpans(text);
  if (spans === null) return text;
  const others = spans.map(({ start, end }) => text.slice(start, end)).filter((term) => keyOf(term) === null);
  const times = [after === null ? '' : `after:${after}`, before === null ? '' : `before:${before}`];
  return [...others, ...times].filter((term) => term !== '').join(' ');
}
