import { ownSource } from '../own-source.ts';
import { parseQuery } from './parse-query.ts';

/** The query less what Signalbox says of its own runs, unless it names that. */
export function withoutInternal(text: string): string {
  const parsed = parseQuery(text);
  const names =
    parsed.ok &&
    (parsed.query.sources.some((term) => term.values.includes(ownSource)) ||
      parsed.query.is.some((term) => term.flag === 'internal'));
  return names ? text : `${text} -is:internal`.trim();
}
