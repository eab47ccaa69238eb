import { z } from 'zod';

export type CatalogJson = string | number | boolean | null | CatalogJson[] | { [key: string]: CatalogJson };
export type CatalogObject = { [key: string]: CatalogJson };

/** How a vendor scopes a subscription to the type. */
export const filterScopes = ['client', 'property', 'attribute'] as const;

/**
 * One event type of a system. A catalogue helps a person choose and names what arrives; it is no allow-list, and
 * types that are not in it are as good as those that are.
 */
export const catalogTypeSchema = z.strictObject({
  /** As events are stored. A family ends in `*` and covers every type with that prefix: `CUSTOM_*`. */
  type: z.string().min(1),
  isFamily: z.boolean(),
  /** Other spellings of the same type. */
  aliases: z.array(z.string()),
  /** The vendor's name for people, where it differs from the type. */
  name: z.string().optional(),
  group: z.string(),
  description: z.string().min(1),
  /** What may be done with it at the vendor: be told, or be asked and waited for. */
  action: z.enum(['notify', 'enrich']).optional(),
  /** What a subscription to it can be narrowed to at the vendor. */
  scopes: z.array(z.enum(filterScopes)).optional(),
  /** `legacy`: replaced by something newer. `newer`: younger than the document that the system's types come from. */
  age: z.enum(['legacy', 'newer']).optional(),
  /** Not documented by the vendor in so many words: formed like what is. */
  isAssumed: z.boolean().optional(),
});
export type CatalogType = z.infer<typeof catalogTypeSchema>;

/** A type with the event that a sender would post, decoded: its envelope or token claims as JSON. */
export interface CatalogEntry extends CatalogType {
  sample: CatalogObject;
}

/** The short form that the files of this folder are written in; `entry` fills in the rest. */
export type EntryDraft = Pick<CatalogEntry, 'type' | 'group' | 'description' | 'sample'> & Partial<CatalogEntry>;

export const entry = (draft: EntryDraft): CatalogEntry => ({
  isFamily: draft.type.endsWith('*'),
  aliases: [],
  ...draft,
});

/** All samples happen at one time, so that they are the same whenever they are made. */
export const SAMPLE_TIME = '2026-01-31T08:00:00.000Z';

/** A request body as the system's sender posts it. */
export interface SampleDelivery {
  contentType: string;
  body: string;
  headers?: { [name: string]: string };
}
