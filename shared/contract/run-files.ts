import { z } from 'zod';
import { call } from './call.ts';

/** A larger file stays in the data directory. */
export const maxReadFileBytes = 16 * 1024 * 1024;

export const runFileSchema = z.object({ name: z.string(), sizeBytes: z.number().int() });
export type RunFile = z.infer<typeof runFileSchema>;

export const runFileCalls = {
  /** Files that the run has written into its files folder, by name. */
  'runs.files': call(z.strictObject({ id: z.string() }), z.object({ items: z.array(runFileSchema) })),
  /** Up to 16 MiB. */
  'runs.readFile': call(
    z.strictObject({ id: z.string(), name: z.string().max(300) }),
    z.object({ name: z.string(), contentType: z.string(), base64: z.string() }),
  ),
};
