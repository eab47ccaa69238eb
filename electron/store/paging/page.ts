import { AppError } from '../../../shared/contract/errors.ts';
import { parseQuery } from '../../../shared/query/parse-query.ts';
import { emptyQuery, type Query } from '../../../shared/query/query.ts';

export interface PageRequest {
  query?: string | undefined;
  limit: number;
  cursor?: string | null | undefined;
  /** Ages such as `2h` count back from here. */
  nowMs: number;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  scannedTo: string | null;
}

export const defaultPageLimit = 100;

export function parseQueryOrThrow(text: string | undefined): Query {
  if (text === undefined || text.trim() === '') return emptyQuery();
  const parsed = parseQuery(text);
  if (!parsed.ok)
    throw new AppError('invalid_query', `${parsed.error.message} (at character ${parsed.error.start + 1})`);
  return parsed.query;
}
