import type { DemoSenders } from './demo-senders.ts';
import type { DemoRequest } from './demo-types.ts';

/** Turns of one round: every system comes about as often, in a mixed order that is the same at each start. */
const turns = ['crm', 'shop', 'revo', 'flatfile', 'deck', 'idp', 'studio'] as const;
/** Coprime to the length of `turns` and to the number of types of each system, so that all of them come. */
const stride = 7919;

/**
 * A multiple of `turns.length` and of all that the senders count by (240 rows, every eleventh forged, every third
 * wanted): begun at a multiple of it, the demo begins with the same variety whenever it is started.
 */
export const roundLength = 18_480;

/** The n-th delivery of the demo. */
export function demoDelivery(n: number, nowMs: number, senders: DemoSenders): DemoRequest | Promise<DemoRequest> {
  const turn = turns[(n * stride) % turns.length] ?? 'crm';
  return senders[turn](Math.floor(n / turns.length), nowMs);
}
