import { z } from 'zod';
import { checkSecretShape, secretFields, secretShape } from '../secret-list.ts';
import { defineScheme } from '../verify-scheme.ts';
import { token } from './token.ts';

const parameter = 'access_token';

/** A bearer token in the header or in the query (RFC 6750 sections 2.1 and 2.3), as Web Hooks for CloudEvents want it. */
export const accessToken = defineScheme({
  id: 'token',
  label: 'Bearer token',
  schema: z.strictObject({ scheme: z.literal('token'), ...secretShape }).superRefine(checkSecretShape),
  fields: secretFields('Token', `Sent as "Authorization: Bearer …", or as ?${parameter}=… at the end of the address.`),
  prepare(settings, readSecret) {
    const inHeader = token.prepare(settings, readSecret);
    const inQuery = token.prepare({ ...settings, query: parameter }, readSecret);
    return {
      ...inHeader,
      verify: (request) =>
        request.headers.authorization === undefined && request.query.has(parameter)
          ? inQuery.verify(request)
          : inHeader.verify(request),
      masking: {
        clearHeaders: inHeader.masking.clearHeaders,
        clearQuery: inQuery.masking.clearQuery,
        keepHeaders: [],
      },
    };
  },
});
