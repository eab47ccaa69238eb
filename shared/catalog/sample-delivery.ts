import { findType, isCatalogSystem } from './catalog.ts';
import type { CatalogEntry, CatalogJson, CatalogObject, CatalogSystem, SampleDelivery } from './catalog-types.ts';

/** Forms that one system's senders use; the first is the usual one. */
export const SAMPLE_FORMS = {
  revoengine: ['json'],
  flatfile: ['json', 'forwarded'],
  deck: ['json'],
  'next-identity': ['claims'],
  icfm: ['json', 'form'],
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
  if (found === null || !isCatalogSystem(system)) return null;
  const forms: readonly SampleForm[] = SAMPLE_FORMS[system];
  const wanted = options.form ?? forms[0];
  if (wanted === undefined || !forms.includes(wanted)) return null;
  const sample = stamped(system, sampleOf(found, type), options);
  switch (wanted) {
    case 'json':
      return { contentType: 'application/json', body: JSON.stringify(sample, null, 2) };
    case 'forwarded':
      return { contentType: 'application/json', body: JSON.stringify(forwarded(sample), null, 2) };
    case 'form':
      return { contentType: 'application/x-www-form-urlencoded', body: formOf(sample) };
    case 'claims':
      return { contentType: 'application/secevent+jwt', body: JSON.stringify(sample, null, 2) };
  }
}

/** The family's star stands for no type of its own, so its sample keeps the name it has. */
function sampleOf(found: CatalogEntry, type: string): CatalogObject {
  return found.isFamily && !type.endsWith('*') ? { ...found.sample, type } : found.sample;
}

function stamped(system: CatalogSystem, sample: CatalogObject, { id, atMs }: SampleOptions): CatalogObject {
  const at = atMs === undefined ? undefined : new Date(atMs).toISOString();
  const set = (key: string, value: CatalogJson | undefined): CatalogObject =>
    value === undefined ? {} : { [key]: value };
  switch (system) {
    case 'revoengine': {
      const metadata = typeof sample.metadata === 'object' && !Array.isArray(sample.metadata) ? sample.metadata : {};
      return { ...sample, metadata: { ...metadata, ...set('eventId', id), ...set('createdAt', at) } };
    }
    case 'flatfile':
      return { ...sample, ...set('id', id), ...set('createdAt', at) };
    case 'deck':
      return { ...sample, ...set('id', id), ...set('created_at', at) };
    case 'next-identity':
      return { ...sample, ...set('jti', id), ...set('iat', atMs === undefined ? undefined : Math.floor(atMs / 1000)) };
    case 'icfm':
      // Its events have no id that is documented.
      return { ...sample, ...set('timestamp', at) };
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
