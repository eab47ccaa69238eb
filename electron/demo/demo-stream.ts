import { createHmac } from 'node:crypto';

export interface DemoDelivery {
  source: string;
  body: string;
  headers: Record<string, string>;
}

const people = ['Ada Lindqvist', 'Bao Tran', 'Chidi Okafor', 'Dora Klein', 'Emeka Obi', 'Farah Haddad', 'Hana Sato'];
const countries = ['DE', 'AT', 'FR', 'JP', 'NG', 'SE', 'BR'];
const products = ['copper lantern', 'signal lamp', 'brass lever', 'oak sleeper', 'track gauge', 'platform bell'];
const rooms = ['server', 'battery', 'workshop', 'canteen'];

const pick = <T>(from: readonly T[], index: number): T | undefined => from[Math.abs(index) % from.length];

/** The n-th delivery of the demo: varied, and the same at every start. */
export function demoDelivery(n: number, nowMs: number, secret: string): DemoDelivery {
  const kind = (n * 7919) % 20;
  if (kind < 6) return order(n);
  if (kind < 9) return reading(n);
  return customerRecord(n, kind, nowMs, secret);
}

function order(n: number): DemoDelivery {
  const type = pick(['order.created', 'order.paid', 'order.shipped', 'cart.abandoned', 'order.returned'], n);
  const amount = Math.round(((n * 104_729) % 120_000) + 900) / 100;
  return json('shop', {
    id: `ord_${10_000 + n}`,
    type,
    amount,
    currency: 'EUR',
    customer: { name: pick(people, n), email: `customer${n % 90}@example.com` },
    lines: [{ product: pick(products, n), quantity: 1 + (n % 4) }],
    name: pick(people, n),
    shop: { country: pick(countries, n * 3), channel: pick(['web', 'app', 'counter'], n) },
  });
}

function reading(n: number): DemoDelivery {
  const room = pick(rooms, n);
  return json('buildings', {
    kind: n % 9 === 0 ? 'door.opened' : 'reading',
    room,
    name: room,
    celsius: Math.round((18 + ((n * 31) % 220) / 10) * 10) / 10,
    humidity: 30 + ((n * 17) % 40),
  });
}

function customerRecord(n: number, kind: number, nowMs: number, secret: string): DemoDelivery {
  const isFile = kind >= 14;
  // Every so often one comes with a signature of another secret: the operator sees how a refusal looks.
  const isForged = n % 23 === 0;
  const body = JSON.stringify({
    id: `crm_${n}`,
    event: isFile
      ? pick(['file:created', 'file:updated', 'file:expired'], n)
      : pick(['customer:created', 'customer:merged', 'note:added'], n),
    created_at: new Date(nowMs).toISOString(),
    ctx: { spaceId: `us_sp_${1 + (n % 6)}`, actorId: `us_usr_${n % 17}` },
    ...(isFile
      ? { file: `customers-${n}.csv`, rows: (n * 37) % 240, rejected: n % 11 === 0 ? (n * 37) % 240 : n % 5 }
      : { name: pick(people, n), email: `person${n}@example.com`, country: pick(countries, n) }),
  });
  const key = isForged ? 'somebody-else' : secret;
  const signature = createHmac('sha256', key).update(body).digest('hex');
  return { source: 'crm', body, headers: { 'content-type': 'application/json', 'x-signature': `sha256=${signature}` } };
}

const json = (source: string, value: unknown): DemoDelivery => ({
  source,
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});
