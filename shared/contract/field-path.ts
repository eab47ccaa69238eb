import { z } from 'zod';
import { parseFieldPath } from '../conditions/values/paths.ts';

/** A path as conditions have it, such as `payload.id`; `$.payload.id` is the same. */
export const fieldPathSchema = z
  .string()
  .transform((text) => text.replace(/^\$\./, ''))
  .superRefine((text, context) => {
    const parsed = parseFieldPath(text);
    if (!parsed.ok)
      context.addIssue({ code: 'custom', message: `must be a path such as payload.id: ${parsed.message}` });
  });
