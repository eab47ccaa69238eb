import { z } from 'zod';

/**
 * One JSON document a line. To the guardian: runs that have ended (`ack` set: answer when they are swept), and, where
 * there is no /proc, the groups that are alive.
 */
export const toGuardianSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ended'), run: z.string(), ack: z.number().nullable() }),
  z.object({ t: z.literal('group'), pid: z.number().int().positive(), alive: z.boolean() }),
]);
export type ToGuardian = z.infer<typeof toGuardianSchema>;

export const fromGuardianSchema = z.object({ t: z.literal('swept'), acks: z.array(z.number()), killed: z.number() });
export type FromGuardian = z.infer<typeof fromGuardianSchema>;
