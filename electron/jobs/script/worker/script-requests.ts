import { maxQuestionBytes, maxRaisedBytes, printBytes } from '../../channel-limits.ts';
import type { Messages } from '../channel/script-messages.ts';
import { printScriptValue } from '../channel/script-numbers.ts';
import type { Reply } from '../channel/script-protocol.ts';

export interface Requests {
  /** Asks the app for something; rejects with an Error whose `code` says of what kind it is. */
  ask(kind: 'raise' | 'ask', input: unknown, warn: (said: string) => void): Promise<unknown>;
  take(reply: Reply): void;
}

export const requestError = (code: string, message: string): Error => Object.assign(new Error(message), { code });

export function createRequests(messages: Messages): Requests {
  /** Those that wait for their reply; numbers are never used twice, so a late reply meets nobody else. */
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 1;
  return {
    ask(kind, input, warn) {
      const n = next++;
      const reply = new Promise((resolve, reject) => {
        // As JSON has it: functions and undefined are left out.
        const text = printScriptValue(input) ?? 'null';
        const limit = kind === 'raise' ? maxRaisedBytes : maxQuestionBytes;
        const bytes = Buffer.byteLength(text);
        if (bytes > limit) {
          const what = kind === 'raise' ? 'The event cannot be raised' : 'The question cannot be asked';
          const said = `${what}: it has ${printBytes(bytes)} as JSON; the limit is ${printBytes(limit)}.`;
          // A script that does not wait for it would never know.
          warn(said);
          throw requestError('too_large', said);
        }
        waiting.set(n, { resolve, reject });
        messages.request(n, kind, text);
      });
      // A script that does not await it must not lose the whole process to an unhandled rejection.
      reply.catch(() => undefined);
      return reply;
    },
    take({ n, value, error }) {
      const one = waiting.get(n);
      waiting.delete(n);
      if (error === null) one?.resolve(value);
      else one?.reject(requestError(error.code, error.message));
    },
  };
}
