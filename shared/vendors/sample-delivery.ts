import { catalogOf, findType, isCatalogSystem } from './catalog.ts';
import type { CatalogEntry, CatalogJson, CatalogObject, CatalogSystem, SampleDelivery } from './catalog-types.ts';
import { commands, interactivity } from './slack/types.ts';

/** Forms that one system's senders use; the first is the usual one. */
export const SAMPLE_FORMS = {
  revoengine: ['json'],
  flatfile: ['json', 'forwarded'],
  deck: ['json'],
  'next-identity': ['claims'],
  icfm: ['json', 'form'],
  github: ['json', 'payload'],
  gitlab: ['json'],
  stripe: ['json'],
  slack: ['usual'],
  shopify: ['json'],
  'aws-sns': ['text'],
  'azure-event-grid': ['list'],
  cloudevents: ['structured', 'batch'],
  'standard-webhooks': ['json'],
} as const satisfies Record<CatalogSystem, readonly string[]>;

export type SampleForm = (typeof SAMPLE_FORMS)[CatalogSystem][number];

export interface SampleOptions {
  form?: SampleForm;
  /** The sender's id of the event. Without one it is always the same, so a second delivery is a repeat of the first. */
  id?: string;
  /** When it happened; without it, `SAMPLE_TIME`. */
  atMs?: number;
}

/**
 * What the system's sender would post for the type, to be signed where the source asks for it. A type of a family gets
 * the family's sample under its own name. The body of Next Identity is the claims as JSON (`claims`): its content type
 * is that of the token that they have to be made into. Null when the type is not in the catalogue, or the system has
 * no such form.
 */
export function sampleDelivery(system: string, type: string, options: SampleOptions = {}): SampleDelivery | null {
  const found = findType(system, type);
  return found === null ? null : deliveryOf(system, found, type, options);
}

/**
 * For a type that is not in the catalogue, such as one that operators have added: the sample of the type whose name is
 * most like it, under this name. Null when the system is not in the catalogue.
 */
export function standInDelivery(system: string, type: string, options: SampleOptions = {}): SampleDelivery | null {
  const [first, ...others] = catalogOf(system);
  if (first === undefined) return null;
  const nearest = others.reduce(
    (best, other) => (sharedLength(other.type, type) > sharedLength(best.type, type) ? other : best),
    first,
  );
  return deliveryOf(system, nearest, type, options);
}

/** How many characters two names begin with alike. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function deliveryOf(system: string, found: CatalogEntry, type: string, options: SampleOptions): SampleDelivery | null {
  if (!isCatalogSystem(system)) return null;
  const forms: readonly SampleForm[] = SAMPLE_FORMS[system];
  const wanted = options.form ?? forms[0];
  if (wanted === undefined || !forms.includes(wanted)) return null;
  // A family's star stands for no type of its own, so its sample keeps the name it has.
  const keepsName = type.endsWith('*') || type === found.type || found.aliases.includes(type);
  const sample = stamped(system, keepsName ? found.sample : named(system, found.sample, type), options);
  const headers = headersOf(system, type, options);
  return { ...written(wanted, found.group, sample), ...(headers === null ? {} : { headers }) };
}

const pretty = (value: CatalogJson): string => JSON.stringify(value, null, 2);

const formType = 'application/x-www-form-urlencoded';

function written(form: SampleForm, group: string, sample: CatalogObject): SampleDelivery {
  switch (form) {
    case 'json':
      return { contentType: 'application/json', body: pretty(sample) };
    case 'forwarded':
      return { contentType: 'application/json', body: pretty(forwarded(sample)) };
    case 'form':
      return { contentType: formType, body: formOf(sample) };
    case 'payload':
      return { contentType: formType, body: formOf({ payload: JSON.stringify(sample) }) };
    case 'usual':
      return written(group === interactivity ? 'payload' : group === commands ? 'form' : 'json', group, sample);
    case 'claims':
      return { contentType: 'application/secevent+jwt', body: pretty(sample) };
    case 'text':
      return { contentType: 'text/plain; charset=UTF-8', body: pretty(sample) };
    case 'list':
      return { contentType: 'application/json', body: pretty([sample]) };
    case 'structured':
      return { contentType: 'application/cloudevents+json', body: pretty(sample) };
    case 'batch':
      return { contentType: 'application/cloudevents-batch+json', body: pretty([sample]) };
  }
}

/** The sample under another type's name, where its sender puts that into the body. */
function named(system: CatalogSystem, sample: CatalogObject, type: string): CatalogObject {
  switch (system) {
    case 'flatfile':
      return { ...sample, topic: type, domain: type.split(':', 1).join('') };
    case 'next-identity':
      return { ...sample, events: { [type]: Object.values(objectIn(sample, 'events'))[0] ?? {} } };
    case 'icfm':
      return { ...sample, event: type };
    case 'github': {
      const { action: _, ...rest } = sample;
      const dot = type.indexOf('.');
      return dot === -1 ? rest : { action: type.slice(dot + 1), ...rest };
    }
    case 'slack':
      return 'event' in sample ? { ...sample, event: { ...objectIn(sample, 'event'), type } } : { ...sample, type };
    case 'azure-event-grid':
      return { ...sample, eventType: type };
    case 'aws-sns':
      return { ...sample, Type: type.replace(/^sns\./, '') };
    case 'gitlab':
    case 'shopify':
      return sample;
    default:
      return { ...sample, type };
  }
}

function objectIn(sample: CatalogObject, key: string): CatalogObject {
  const value = sample[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** What says more than the body does; null for systems whose body says it all. */
function headersOf(system: CatalogSystem, type: string, { id, atMs }: SampleOptions): Record<string, string> | null {
  const own = id ?? `sample-${type.replaceAll(/[^\w-]/g, '-')}`;
  switch (system) {
    case 'github':
      return { 'x-github-event': type.split('.', 1).join(''), 'x-github-delivery': own };
    case 'gitlab':
      return { 'x-gitlab-event': gitlabEvent(type), 'idempotency-key': own };
    case 'shopify':
      return {
        'x-shopify-topic': type,
        'x-shopify-shop-domain': 'example.myshopify.com',
        'x-shopify-webhook-id': own,
        ...(atMs === undefined ? {} : { 'x-shopify-triggered-at': new Date(atMs).toISOString() }),
      };
    default:
      return null;
  }
}

/** `merge_request` → `Merge Request Hook`; all system hooks have one name. */
const gitlabEvent = (type: string): string =>
  type.startsWith('system.')
    ? 'System Hook'
    : `${type
        .split('_')
        .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
        .join(' ')} Hook`;

function stamped(system: CatalogSystem, sample: CatalogObject, { id, atMs }: SampleOptions): CatalogObject {
  const at = atMs === undefined ? undefined : new Date(atMs).toISOString();
  const seconds = atMs === undefined ? undefined : Math.floor(atMs / 1000);
  const set = (key: string, value: CatalogJson | undefined): CatalogObject =>
    value === undefined ? {} : { [key]: value };
  switch (system) {
    case 'revoengine': {
      return {
        ...sample,
        metadata: { ...objectIn(sample, 'metadata'), ...set('eventId', id), ...set('createdAt', at) },
      };
    }
    case 'flatfile':
      return { ...sample, ...set('id', id), ...set('createdAt', at) };
    case 'deck':
      return { ...sample, ...set('id', id), ...set('created_at', at) };
    case 'next-identity':
      return { ...sample, ...set('jti', id), ...set('iat', seconds) };
    case 'icfm':
      // Its events have no id that is documented.
      return { ...sample, ...set('timestamp', at) };
    case 'stripe':
      return { ...sample, ...set('id', id), ...set('created', seconds) };
    case 'slack':
      return 'event_id' in sample
        ? { ...sample, ...set('event_id', id), ...set('event_time', seconds) }
        : { ...sample, ...set('trigger_id', id) };
    case 'aws-sns':
      return { ...sample, ...set('MessageId', id), ...set('Timestamp', at) };
    case 'azure-event-grid':
      return { ...sample, ...set('id', id), ...set('eventTime', at) };
    case 'cloudevents':
      return { ...sample, ...set('id', id), ...set('time', at) };
    case 'standard-webhooks':
      return { ...sample, ...set('timestamp', at) };
    case 'github':
    case 'gitlab':
    case 'shopify':
      // Their ids are in headers.
      return sample;
  }
}

/** The vendor's forwarder posts its own object around the raw event, with the token it works with. */
function forwarded(raw: CatalogObject): CatalogObject {
  return {
    _accessToken: 'sample-token-to-be-masked',
    _apiUrl: 'https://api.example.com/',
    src: raw,
    afterAllCallbacks: {},
    cache: { eventCache: {} },
    domain: raw.domain ?? '',
    topic: raw.topic ?? '',
    context: raw.context ?? {},
    payload: raw.payload ?? {},
    target: '',
    origin: raw.origin ?? {},
    action: '',
    namespace: raw.namespaces ?? [],
    createdAt: raw.createdAt ?? null,
  };
}

const formOf = (sample: CatalogObject): string =>
  Object.entries(sample)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(formText(value))}`)
    .join('&');

const formText = (value: CatalogJson): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
