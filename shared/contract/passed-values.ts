import { z } from 'zod';
import { parseFieldPath } from '../conditions/values/paths.ts';

const fieldSchema = z.string().superRefine((text, context) => {
  const parsed = parseFieldPath(text);
  if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.message });
});

/**
 * Text of its own, or a field of the event as conditions name it. Text is passed as it is, everything else as JSON with
 * sorted names; of a path through a list without an index, the list of what is there.
 */
const passedValueSchema = z.union(
  [
    z.strictObject({ text: z.string().max(100_000) }),
    z.strictObject({ field: fieldSchema, base64: z.boolean().optional() }),
  ],
  { error: 'must be { text: … } or { field: payload.… }' },
);
export type PassedValue = z.infer<typeof passedValueSchema>;

const variableSchema = z
  .string()
  .regex(/^[^=\0\s]{1,200}$/, 'must be a name for an environment variable')
  .refine((name) => !/^SIGNALBOX_/i.test(name), 'is a variable of Signalbox itself');

const valuesByName = z.record(variableSchema, passedValueSchema).optional();

/** What a command gets of its event besides the document on its standard input. */
export const passSchema = z.strictObject({
  /** After those of `command`. A field that the event does not have is passed as an empty argument. */
  arguments: z.array(passedValueSchema).max(200, 'must be at most 200').optional(),
  /** A field that the event does not have is not set. */
  env: valuesByName,
  /** The variable names a temporary file with the value in it; `base64` decodes it first. */
  files: valuesByName,
});
export type Pass = z.infer<typeof passSchema>;
