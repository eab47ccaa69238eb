import { z } from 'zod';
import { cutText, maxCommandLineLength, maxLeftShown } from '../channel-limits.ts';
import type { SecretMasks } from '../masks/secret-masks.ts';

/** A process that was still there when its run had ended. */
export const leftProcessSchema = z.object({ pid: z.number(), name: z.string(), command: z.string() });
export type LeftProcess = z.infer<typeof leftProcessSchema>;

/** `processes`: the first of `count`. `wereEnded`: else they go on, as the job allows. */
export const leftSchema = z.object({
  wereEnded: z.boolean(),
  count: z.number(),
  processes: z.array(leftProcessSchema),
});
export type Left = z.infer<typeof leftSchema>;

/** For the run, with its secrets masked. */
export function sayLeft({ wereEnded, count, processes }: Left, masks: SecretMasks): string {
  const shown = processes.slice(0, maxLeftShown).map(({ pid, name, command }) => {
    // Masked first: what is left of a secret that was cut could not be recognized.
    const line = cutText(masks.apply(command), maxCommandLineLength);
    return line === '' ? `${name} (${pid})` : `${name} (${pid}): ${line}`;
  });
  if (count > shown.length) shown.push(`${count - shown.length} more`);
  const what = count === 1 ? 'a process' : `${count} processes`;
  return wereEnded
    ? `Ended ${what} that the job left running: ${shown.join('; ')}. To leave them running, set mayLeave on the job.`
    : `The job left ${what} running, as its mayLeave allows: ${shown.join('; ')}.`;
}
