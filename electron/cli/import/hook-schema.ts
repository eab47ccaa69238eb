import { z } from 'zod';

/** What the program takes for text: it reads its file as YAML, in which `1` is a number. */
const textSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const flagSchema = z.boolean().default(false);

const argumentSchema = z.object({
  source: textSchema.default(''),
  name: textSchema.default(''),
  envname: textSchema.default(''),
  base64decode: flagSchema,
});
export type HookArgument = z.infer<typeof argumentSchema>;

const argumentsSchema = z
  .array(argumentSchema)
  .nullish()
  .transform((list) => list ?? []);

const matchSchema = z.object({
  type: textSchema.default(''),
  regex: textSchema.default(''),
  secret: textSchema.default(''),
  value: textSchema.default(''),
  parameter: argumentSchema.default({ source: '', name: '', envname: '', base64decode: false }),
  'ip-range': textSchema.default(''),
});
export type HookMatch = z.infer<typeof matchSchema>;

export interface HookRules {
  and?: HookRules[] | null | undefined;
  or?: HookRules[] | null | undefined;
  not?: HookRules | null | undefined;
  match?: HookMatch | null | undefined;
}

const rulesSchema: z.ZodType<HookRules> = z.lazy(() =>
  z.object({
    and: z.array(rulesSchema).nullish(),
    or: z.array(rulesSchema).nullish(),
    not: rulesSchema.nullish(),
    match: matchSchema.nullish(),
  }),
);

export const hookSchema = z.looseObject({
  id: textSchema.refine((id) => id !== '', 'is missing'),
  'execute-command': textSchema.refine((command) => command !== '', 'is missing'),
  'command-working-directory': textSchema.default(''),
  'response-message': textSchema.default(''),
  'response-headers': z
    .array(z.object({ name: textSchema, value: textSchema.default('') }))
    .nullish()
    .transform((list) => list ?? []),
  'include-command-output-in-response': flagSchema,
  'include-command-output-in-response-on-error': flagSchema,
  'pass-environment-to-command': argumentsSchema,
  'pass-arguments-to-command': argumentsSchema,
  'pass-file-to-command': argumentsSchema,
  'parse-parameters-as-json': argumentsSchema,
  'trigger-rule': rulesSchema.nullish(),
  'trigger-rule-mismatch-http-response-code': z.number().int().default(0),
  'trigger-signature-soft-failures': flagSchema,
  'incoming-payload-content-type': textSchema.default(''),
  'success-http-response-code': z.number().int().default(0),
  'http-methods': z
    .array(textSchema)
    .nullish()
    .transform((list) => list ?? []),
});
export type Hook = z.infer<typeof hookSchema>;

export const hookKeys: ReadonlySet<string> = new Set(Object.keys(hookSchema.shape));
