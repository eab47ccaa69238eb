import { createHmac } from 'node:crypto';
import type { DemoRequest } from './demo-types.ts';

const people = ['Ada Lindqvist', 'Bao Tran', 'Chidi Okafor', 'Dora Klein', 'Emeka Obi', 'Farah Haddad', 'Hana Sato'];
const countries = ['DE', 'AT', 'FR', 'JP', 'NG', 'SE', 'BR'];
const products = ['copper lantern', 'signal lamp', 'brass lever', 'oak sleeper', 'track gauge', 'platform bell'];

const pick = <T>(from: readonly T[], index: number): T | undefined => from[index % from.length];

/** A system without proof of itself. */
export function order(n: number): DemoRequest {
  const type = pick(['order.created', 'order.paid', 'order.shipped', 'cart.abandoned', 'order.returned'], n);
  const amount = Math.round(((n * 104_729) % 120_000) + 900) / 100;
  const body = JSON.stringify({
    id: `ord_${10_000 + n}`,
    type,
    amount,
    currency: 'EUR',
    customer: { name: pick(people, n), email: `customer${n % 90}@example.com` },
    lines: [{ product: pick(products, n), quantity: 1 + (n % 4) }],
    name: pick(people, n),
    shop: { country: pick(countries, n * 3), channel: pick(['web', 'app', 'counter'], n) },
  });
  return { path: 'shop', headers: { 'content-type': 'application/json' }, body };
}

/** A system that signs what it sends. */
export function customerRecord(n: number, nowMs: number, secret: string): DemoRequest {
  const isFile = n % 2 === 0;
  // Every so often one comes with a signature of another secret: the operator sees how a refusal looks.
  const isForged = n % 11 === 7;
  const body = JSON.stringify({
    id: `crm_${n}`,
    event: isFile
      ? pick(['file:created', 'file:updated', 'file:expired'], n)
      : pick(['customer:created', 'customer:merged', 'note:added'], n),
    created_at: new Date(nowMs).toISOString(),
    ctx: { spaceId: `us_sp_${1 + (n % 6)}`, actorId: `us_usr_${n % 17}` },
    ...(isFile
      ? { file: `customers-${n}.csv`, rows: (n * 37) % 240, rejected: n % 5 === 0 ? (n * 37) % 240 : n % 4 }
      : { name: pick(people, n), email: `person${n}@example.com`, country: pick(countries, n) }),
  });
  const key = isForged ? 'somebody-else' : secret;
  const signature = createHmac('sha256', key).update(body).digest('hex');
  return { path: 'crm', headers: { 'content-type': 'application/json', 'x-signature': `sha256=${signature}` }, body };
}
