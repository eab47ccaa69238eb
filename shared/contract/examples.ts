import { z } from 'zod';
import { call } from './call.ts';
import { jsonSchema, slugSchema } from './common.ts';
import { jobSpecSchema } from './jobs.ts';
import { listenerSpecSchema } from './listeners.ts';
import { sourceSpecSchema } from './sources.ts';

/** What an operator has to give before an example can work. */
const needSchema = z.strictObject({
  /** `env` is a variable of the job, `secret` a stored secret, `file` one that must be there. */
  kind: z.enum(['env', 'secret', 'file']),
  name: z.string().min(1),
  /** Of the variable: the job whose environment it belongs to. */
  job: slugSchema.optional(),
  what: z.string().min(1),
});

/**
 * An example as `resources/examples/examples.json` describes it. In its specs `{folder}` stands for the folder that its
 * files are copied to.
 */
export const exampleSpecSchema = z.strictObject({
  slug: slugSchema,
  title: z.string().min(1),
  description: z.string().min(1),
  /** Relative to `jobs/`; copied as they are. */
  files: z.array(z.string().regex(/^[a-z0-9][a-z0-9./-]*$/)).min(1),
  /** Stored secrets that are made up at random where there are none. */
  makesSecrets: z.array(z.string()).optional(),
  source: sourceSpecSchema.nullable(),
  jobs: z.array(jobSpecSchema).min(1),
  listeners: z.array(listenerSpecSchema).min(1),
  needs: z.array(needSchema),
  /** An event to try it with: posted to its source, or raised where `type` begins with `CUSTOM_`. */
  sample: z.strictObject({ type: z.string().min(1), payload: z.record(z.string(), jsonSchema) }).nullable(),
});
export type ExampleSpec = z.infer<typeof exampleSpecSchema>;

export const exampleManifestSchema = z.strictObject({ examples: z.array(exampleSpecSchema) });

const partSchema = z.object({
  kind: z.enum(['source', 'job', 'listener']),
  slug: slugSchema,
  /** Whether a definition of this slug is there, whoever made it. */
  isThere: z.boolean(),
});
export type ExamplePart = z.infer<typeof partSchema>;

export const exampleSchema = z.object({
  slug: slugSchema,
  title: z.string(),
  description: z.string(),
  needs: z.array(needSchema.extend({ isMet: z.boolean() })),
  /** What installing makes, in this order; what is there already is kept as it is. */
  parts: z.array(partSchema),
  isInstalled: z.boolean(),
  sample: exampleSpecSchema.shape.sample,
});
export type Example = z.infer<typeof exampleSchema>;

export const exampleCalls = {
  'examples.list': call(z.strictObject({}), z.object({ items: z.array(exampleSchema) })),
  /**
   * Copies the example's files to `jobs/examples` in the data directory and makes its definitions where there are none
   * of that slug, owned by the user. Listeners start disabled while something that the example needs is missing.
   */
  'examples.install': call(
    z.strictObject({ slug: slugSchema }),
    z.object({ example: exampleSchema, made: z.array(partSchema), disabled: z.array(slugSchema) }),
  ),
};
