import type { ScriptChannel } from './script-channel.ts';
import type { FromWorker } from './script-protocol.ts';
import { type Plain, printPlain } from './sealed-text.ts';

/** What a worker says; a request's input is the script's own JSON text and is sent separately. */
export type Said = Exclude<FromWorker, { t: 'request' }> & { readonly [key: string]: Plain };

export interface Messages {
  send(message: Said): void;
  /** `input` is JSON text. */
  request(n: number, kind: 'raise' | 'ask', input: string): void;
}

const { parse } = JSON;

export const createMessages = (channel: ScriptChannel): Messages => ({
  send: (message) => channel.send(printPlain(message)),
  request(n, kind, input) {
    // A script may have replaced what prints it: whatever came of that has to be one value.
    parse(input);
    channel.send(`{"t":"request","n":${n},"kind":"${kind}","input":${input}}`);
  },
});
