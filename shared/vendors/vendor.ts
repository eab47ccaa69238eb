import type { CatalogEntry, CatalogJson, CatalogObject, SampleDelivery } from './catalog-types.ts';

/** What the sender's side has to be told about a source. */
export interface SetupFacts {
  url: string;
  methods: string;
  scheme: string;
  /** Whether a token is asked for. */
  hasToken: boolean;
  /** The step in which the sender is told how to prove itself. */
  proof: string;
}

export interface SetupHelp {
  /** In order; type or paste text between backticks exactly. */
  steps: readonly string[];
  /** What the vendor does not document, so that Signalbox had to assume it. */
  assumptions: readonly string[];
}

export const steps = (...inOrder: string[]): SetupHelp => ({ steps: inOrder, assumptions: [] });

export type Fields = Readonly<Record<string, unknown>>;

/** How deliveries of a vendor are recognised. Functions return the mark they found, or null. */
export interface Recognition {
  /** Headers of its own, in lower case. */
  headers?: readonly string[];
  /** By the content type, in lower case. */
  isContentType?: (contentType: string) => boolean;
  /** By the first object of a JSON body. */
  inFields?: (fields: Fields) => string | null;
  /** By the whole text of the body. */
  inText?: (text: string) => string | null;
  /** Others build on it, so that their own marks go before its. */
  isConvention?: true;
}

/** What a sample is stamped with, where a test wants its own; each as far as it is given. */
export interface Stamp {
  id: string | undefined;
  /** The same time, as ISO 8601 and in seconds since 1970. */
  at: string | undefined;
  seconds: number | undefined;
}

export type WriteSample = (sample: CatalogObject, entry: CatalogEntry) => SampleDelivery;

/**
 * A vendor as both sides know it: its event types with samples, how they are sent, how the vendor's side is set up and
 * how its deliveries are recognised. Reading and verifying them is the preset's, under the same id in electron/sources.
 */
/** Headings of the list of presets; a vendor without one stands under Systems. */
export const vendorGroups = ['Systems', 'Messaging', 'Payments and shops', 'Work', 'Monitoring', 'Identity'] as const;

export interface Vendor {
  id: string;
  group?: (typeof vendorGroups)[number];
  types: readonly CatalogEntry[];
  /** A convention that leaves types to its senders: those listed are examples. */
  hasOpenTypes?: true;
  /** The bodies that its senders write, by name; the first is the usual one. */
  forms: Readonly<Record<string, WriteSample>>;
  /** A sample under another type's name, where its sender puts that into the body. */
  rename?: (sample: CatalogObject, type: string) => CatalogObject;
  /** A sample with another id and time, where they are in the body. */
  stamp?: (sample: CatalogObject, stamp: Stamp) => CatalogObject;
  /** What says more than the body does; `id` is the event's, always the same for a type unless a test wants its own. */
  headers?: (type: string, id: string, at: string | undefined) => Record<string, string>;
  setup: (facts: SetupFacts) => SetupHelp;
  recognition?: Recognition;
}

const pretty = (value: CatalogJson): string => JSON.stringify(value, null, 2);

export const asJson =
  (contentType = 'application/json'): WriteSample =>
  (sample) => ({ contentType, body: pretty(sample) });

export const asList =
  (contentType = 'application/json'): WriteSample =>
  (sample) => ({ contentType, body: pretty([sample]) });

const formText = (value: CatalogJson): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

export const asForm: WriteSample = (sample) => ({
  contentType: 'application/x-www-form-urlencoded',
  body: Object.entries(sample)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(formText(value))}`)
    .join('&'),
});

/** JSON in the one field `payload` of a form. */
export const asPayloadField: WriteSample = (sample, entry) => asForm({ payload: JSON.stringify(sample) }, entry);

export function objectIn(sample: CatalogObject, key: string): CatalogObject {
  const value = sample[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** These fields, without those that are not given. */
export const given = (fields: Readonly<Record<string, CatalogJson | undefined>>): CatalogObject => {
  const present: CatalogObject = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) present[key] = value;
  return present;
};

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
