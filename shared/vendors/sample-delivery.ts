import { catalogOf, findType } from './catalog.ts';
import type { CatalogEntry, SampleDelivery } from './catalog-types.ts';
import { type Vendors, vendors } from './vendors.ts';

export interface SampleOptions {
  /** One of the vendor's forms; without it, its usual one. */
  form?: string;
  /** The sender's id of the event. Without one it is always the same, so a second delivery is a repeat of the first. */
  id?: string;
  /** When it happened; without it, `SAMPLE_TIME`. */
  atMs?: number;
}

/**
 * What the system's sender would post for the type, to be signed where the source asks for it. A type of a family gets
 * the family's sample under its own name. The body of Next Identity is the claims as JSON (`claims`): its content type
 * is that of the token that they have to be made into. Null when the type is not in the catalog, or the system has
 * no such form.
 */
export function sampleDelivery(
  system: string,
  type: string,
  options: SampleOptions = {},
  known: Vendors = vendors,
): SampleDelivery | null {
  const found = findType(system, type, known);
  return found === null ? null : deliveryOf(system, found, type, options, known);
}

/**
 * For a type that is not in the catalog, such as one that operators have added: the sample of the type whose name is
 * most like it, under this name. Null when the system is not in the catalog.
 */
export function standInDelivery(
  system: string,
  type: string,
  options: SampleOptions = {},
  known: Vendors = vendors,
): SampleDelivery | null {
  const [first, ...others] = catalogOf(system, known);
  if (first === undefined) return null;
  const nearest = others.reduce(
    (best, other) => (sharedLength(other.type, type) > sharedLength(best.type, type) ? other : best),
    first,
  );
  return deliveryOf(system, nearest, type, options, known);
}

/** How many characters two names begin with alike. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function deliveryOf(
  system: string,
  found: CatalogEntry,
  type: string,
  { form, id, atMs }: SampleOptions,
  known: Vendors,
): SampleDelivery | null {
  const vendor = known.get(system);
  const forms = Object.entries(vendor?.forms ?? {});
  const write = (form === undefined ? forms[0] : forms.find(([name]) => name === form))?.[1];
  if (vendor === undefined || write === undefined) return null;
  // A family's star is in no type's own name, so its sample keeps the name it has.
  const keepsName = type.endsWith('*') || type === found.type || found.aliases.includes(type);
  const renamed = keepsName ? found.sample : (vendor.rename?.(found.sample, type) ?? found.sample);
  const at = atMs === undefined ? undefined : new Date(atMs).toISOString();
  const seconds = atMs === undefined ? undefined : Math.floor(atMs / 1000);
  const sample = vendor.stamp?.(renamed, { id, at, seconds }) ?? renamed;
  const headers = vendor.headers?.(type, id ?? `sample-${type.replaceAll(/[^\w-]/g, '-')}`, at);
  return { ...write(sample, found), ...(headers === undefined ? {} : { headers }) };
}
