import { z } from 'zod';
import { call } from './call.ts';
import { jsonSchema } from './common.ts';

const inputSchema = z.strictObject({
  /** The text of a config file. */
  yaml: z.string().max(4 * 1024 * 1024, 'must be at most 4 MiB'),
  /** The path that it has, or would have, on the machine of the server: relative paths in it start at its folder. */
  file: z.string().min(1).max(4096),
});

/** One definition or setting that differs. `before` null: it is added; `after` null: it is removed. */
export const configChangeSchema = z.object({
  kind: z.enum(['source', 'job', 'listener', 'alarm', 'setting']),
  /** The slug, or the name of the setting. */
  name: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  before: jsonSchema,
  after: jsonSchema,
});
export type ConfigChange = z.infer<typeof configChangeSchema>;

export const configCalls = {
  /** What applying the file would change, without changing it. Throws `invalid_config` with a detail for each problem. */
  'config.diff': call(inputSchema, z.object({ changes: z.array(configChangeSchema) })),
  /**
   * Makes the definitions that are owned by the config file exactly these, as a whole or not at all. Refused with
   * `conflict` while the server follows a config file of its own.
   */
  'config.apply': call(inputSchema, z.object({ changes: z.array(configChangeSchema) })),
};
