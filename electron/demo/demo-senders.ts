import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { catalogOf } from '../../shared/vendors/catalog.ts';
import type { SampleDelivery } from '../../shared/vendors/catalog-types.ts';
import { sampleDelivery } from '../../shared/vendors/sample-delivery.ts';
import type { demoSecrets } from './demo-secrets.ts';
import type { DemoRequest } from './demo-types.ts';
import { customerRecord, order } from './shop-senders.ts';

type Sender = (n: number, nowMs: number) => DemoRequest | Promise<DemoRequest>;
export type DemoSenders = Record<'crm' | 'shop' | 'revo' | 'flatfile' | 'deck' | 'idp' | 'studio', Sender>;

/** Secrets and keys of one start of the demo. */
export interface DemoKeys {
  /** By the names they are stored under. */
  secrets: Record<keyof typeof demoSecrets, string>;
  jwks: { keys: { [name: string]: string }[] };
  senders: DemoSenders;
}

/** Types that the demo's listeners wait for come every third time; the others go through the whole catalogue. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  revoengine: ['STORAGE_CREATED', 'CUSTOM_ORDER_SYNC', 'FILE_FINALIZED'],
  flatfile: ['workbook:created', 'job:ready', 'workbook:updated'],
  deck: ['task_run.completed', 'task_run.interaction_required', 'task_run.failed'],
  'next-identity': ['account/v1/login', 'account/v1/userUpdated', 'account/v1/login'],
  icfm: ['despatch_status_change', 'despatch_data_update', 'despatch_data_update'],
};

const everyThird = 3;

function typeOf(system: string, n: number): string {
  const chosen = wanted[system] ?? [];
  const all = catalogOf(system);
  const type = n % everyThird === 0 ? chosen[(n / everyThird) % chosen.length] : all[n % all.length]?.type;
  return type ?? '';
}

function sample(system: string, n: number, nowMs: number, form?: string): SampleDelivery & { id: string } {
  const type = typeOf(system, n);
  const id = `demo-${system}-${n}`;
  const made = sampleDelivery(system, type, { id, atMs: nowMs, ...(form === undefined ? {} : { form }) });
  if (made === null) throw new Error(`the catalogue has no sample of ${system} ${type}`);
  return { ...made, id };
}

const textValues = z.record(z.string(), z.string());

export async function makeDemoKeys(): Promise<DemoKeys> {
  const secret = (): string => randomBytes(24).toString('hex');
  const secrets = {
    crm: secret(),
    revo: secret(),
    flatfile: secret(),
    deck: `whsec_${randomBytes(24).toString('base64')}`,
    studio: secret(),
  };
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'demo';
  const jwk = textValues.parse({ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' });
  const deckSigner = new Webhook(secrets.deck);

  const senders: DemoSenders = {
    crm: (n, nowMs) => customerRecord(n, nowMs, secrets.crm),
    shop: order,
    revo(n, nowMs) {
      const { contentType, body } = sample('revoengine', n, nowMs);
      return {
        path: 'revo',
        headers: { 'content-type': contentType, authorization: `Bearer ${secrets.revo}` },
        body,
      };
    },
    flatfile(n, nowMs) {
      // Its API gives an event as it is, its forwarder wraps it into an object of its own.
      const { contentType, body } = sample('flatfile', n, nowMs, n % 4 === 1 ? 'forwarded' : 'json');
      return { path: `flatfile?token=${secrets.flatfile}`, headers: { 'content-type': contentType }, body };
    },
    deck(n, nowMs) {
      const { contentType, body, id } = sample('deck', n, nowMs);
      const at = new Date(nowMs);
      const signed = {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(nowMs / 1000)),
        'webhook-signature': deckSigner.sign(id, at, body),
      };
      return { path: 'deck', headers: { 'content-type': contentType, ...signed }, body };
    },
    async idp(n, nowMs) {
      const { contentType, body } = sample('next-identity', n, nowMs);
      const token = await new SignJWT(withLogin(body, n))
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'secevent+jwt' })
        .sign(privateKey);
      return { path: 'idp', headers: { 'content-type': contentType }, body: token };
    },
    studio: (n, nowMs) => studioRequest(n, nowMs, secrets.studio),
  };
  return { secrets, jwks: { keys: [jwk] }, senders };
}

const claimsSchema = z.looseObject({ events: z.record(z.string(), z.looseObject({})) });

/** What the job that decides about logins looks at: most are allowed, some challenged, few blocked. */
function withLogin(body: string, n: number): z.infer<typeof claimsSchema> {
  const claims = claimsSchema.parse(JSON.parse(body));
  const login = {
    country: n % 4 === 0 ? 'BR' : 'SE',
    usualCountry: 'SE',
    isNewDevice: n % 5 === 0,
    failedAttempts: n % 7,
  };
  for (const [type, subject] of Object.entries(claims.events)) {
    if (type.endsWith('/login')) claims.events[type] = { ...subject, ...login };
  }
  return claims;
}

/** iCFM's ways to call: everything in the address, a form, a form with JSON in one field, JSON. */
function studioRequest(n: number, nowMs: number, token: string): DemoRequest {
  const json = sample('icfm', n, nowMs);
  const form = sample('icfm', n, nowMs, 'form');
  const path = `studio/${token}/listen.php`;
  const formHeaders = { 'content-type': form.contentType };
  switch (n % 4) {
    case 0:
      return { path, method: 'POST', headers: { 'content-type': json.contentType }, body: json.body };
    case 1:
      return { path: `${path}?${form.body}`, method: 'GET', headers: {} };
    case 2:
      return { path, headers: formHeaders, body: form.body };
    default:
      return { path, headers: formHeaders, body: new URLSearchParams({ data: json.body }).toString() };
  }
}
