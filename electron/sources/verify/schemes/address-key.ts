import type { VerifyScheme } from '../verify-scheme.ts';
import { token } from './token.ts';

/**
 * A token for senders that sign nothing and are given it at the end of their address, in `parameter` unless the source
 * names another or a header. Tests of our own bring it in a header, which keeps it out of addresses.
 */
export const addressKey = (parameter: string): VerifyScheme => ({
  ...token,
  fields: token.fields.map((field) => (field.path === 'verify.query' ? { ...field, defaultValue: parameter } : field)),
  prepare(given, readSecret) {
    const { query, ...settings } = token.schema.parse(given);
    if (settings.header !== undefined) return token.prepare(settings, readSecret);
    const inHeader = token.prepare(settings, readSecret);
    const inQuery = token.prepare({ ...settings, query: query ?? parameter }, readSecret);
    return {
      ...inHeader,
      verify: (request) =>
        request.headers.authorization === undefined ? inQuery.verify(request) : inHeader.verify(request),
      masking: {
        clearHeaders: inHeader.masking.clearHeaders,
        clearQuery: inQuery.masking.clearQuery,
        keepHeaders: [],
      },
    };
  },
});
