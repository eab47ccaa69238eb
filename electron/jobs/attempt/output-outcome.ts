import { maxOutcomeBytes, printBytes } from '../channel-limits.ts';
import type { SecretMasks } from '../masks/secret-masks.ts';
import { parseOutcome, type ReadOutcome } from './outcome.ts';

/** Escapes make it longer as JSON: a line end takes two characters, a control character six. */
const keptBytes = maxOutcomeBytes / 2;

/** Makes what a command writes its outcome: `{exitCode, output}`. */
export function collectOutput(masks: SecretMasks) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(chunk: Buffer): void {
      if (bytes <= keptBytes) chunks.push(chunk);
      bytes += chunk.length;
    },
    outcome(exitCode: number | null): ReadOutcome {
      if (bytes > keptBytes) {
        const problem = `has ${printBytes(bytes)}; the limit is ${printBytes(keptBytes)}`;
        return { outcome: null, problem };
      }
      return parseOutcome(JSON.stringify({ exitCode, output: Buffer.concat(chunks).toString('utf8') }), masks);
    },
  };
}
