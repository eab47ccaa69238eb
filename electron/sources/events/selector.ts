import { z } from 'zod';
import { type Json, jsonSchema } from '../../../shared/contract/common.ts';
import { readRawText } from '../charset/raw-text.ts';
import { compilePathSetting, type PathReading } from '../json-path/path-setting.ts';
import type { IncomingRequest } from '../source-types.ts';
import { headerNameSchema } from '../verify/header-name.ts';

/** Where a field of the event comes from: a JSONPath over the body, a header, a query parameter, or always the same. */
export const selectorSchema = z.union(
  [
    z.string().min(1).max(1000),
    z.strictObject({ header: headerNameSchema }),
    z.strictObject({ query: z.string().min(1).max(100) }),
    z.strictObject({ const: jsonSchema }),
  ],
  {
    error: 'must be a JSONPath such as $.event, or {header: name}, {query: name} or {const: value}',
  },
);
export type Selector = z.infer<typeof selectorSchema>;

export interface Reader {
  /** False: the same for every element of a body. */
  isInBody: boolean;
  /** For messages: `the JSONPath $.event`. */
  where: string;
  read(request: IncomingRequest, document: Json, reading: PathReading): Json | undefined;
}

export function compileSelector(slug: string, name: string, selector: Selector): Reader {
  if (typeof selector === 'string') {
    const find = compilePathSetting(slug, name, selector);
    return {
      isInBody: true,
      where: `the JSONPath ${selector}`,
      read: (_request, document, reading) => find(document, reading),
    };
  }
  if ('header' in selector) {
    const { header } = selector;
    return {
      isInBody: false,
      where: `the header ${header}`,
      read({ headers }) {
        const value = headers[header];
        return value === undefined ? undefined : readRawText(value);
      },
    };
  }
  if ('query' in selector) {
    const { query } = selector;
    return {
      isInBody: false,
      where: `the query parameter "${query}"`,
      read: (request) => request.query.get(query) ?? undefined,
    };
  }
  return { isInBody: false, where: 'the constant', read: () => selector.const };
}
