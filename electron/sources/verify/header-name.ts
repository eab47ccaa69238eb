import { z } from 'zod';

/** RFC 9110 section 5.1, in lower case as requests are looked up. */
export const headerNameSchema = z
  .string()
  .max(100, 'must be at most 100 characters')
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'must be the name of a header, such as x-signature')
  .transform((name) => name.toLowerCase());
