import { z } from 'zod';
import { jsonSchema } from '../contract/common.ts';
import { parseConditions } from './parse/parse.ts';
import { type Conditions, type JsonValue, OPERATOR_NAMES } from './tree.ts';

export const jsonValueSchema: z.ZodType<JsonValue, JsonValue> = jsonSchema;

const leafSchema = z.strictObject({
  field: z.string(),
  op: z.enum(OPERATOR_NAMES),
  value: jsonValueSchema.optional(),
  ignoreCase: z.literal(true).optional(),
});

/** The shape of a stored tree, for outputs and the API document. What comes from outside goes through `conditionsSchema`. */
export const conditionTreeSchema: z.ZodType<Conditions, Conditions> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionTreeSchema) }),
    z.strictObject({ any: z.array(conditionTreeSchema) }),
    z.strictObject({ not: conditionTreeSchema }),
    leafSchema,
  ]),
);

/**
 * Conditions from outside, in any form `parseConditions` takes, as a tree; each issue carries the path of its clause.
 * The limits on depth and size are checked before the recursive schema sees the value.
 */
export const conditionsSchema = z
  .unknown()
  .transform((input, context): Conditions => {
    const result = parseConditions(input);
    if (result.ok) return result.conditions;
    for (const { path, message } of result.errors) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  })
  .pipe(conditionTreeSchema)
  // Not `default`, which would skip the parsing: an absent key means the same as null.
  .prefault(null);
