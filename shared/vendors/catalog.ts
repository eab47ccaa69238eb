import type { CatalogEntry } from './catalog-types.ts';
import type { Vendor } from './vendor.ts';
import { type Vendors, vendors } from './vendors.ts';

/** Types by their names and other spellings, made once for each vendor. */
const namesOfVendors = new WeakMap<Vendor, ReadonlyMap<string, CatalogEntry>>();

function namesOf(vendor: Vendor): ReadonlyMap<string, CatalogEntry> {
  let names = namesOfVendors.get(vendor);
  if (names === undefined) {
    const aliases = vendor.types.flatMap((one) => one.aliases.map((alias) => [alias, one] as const));
    // A type's own name counts before another's alias.
    names = new Map([...aliases, ...vendor.types.map((one) => [one.type, one] as const)]);
    namesOfVendors.set(vendor, names);
  }
  return names;
}

/** Whether the system has types of its own, so that one that is not listed is worth a mark. */
export function hasOwnTypes(system: string, known: Vendors = vendors): boolean {
  const vendor = known.get(system);
  return vendor !== undefined && vendor.hasOpenTypes !== true;
}

/** Every type known of the system, in the order of its groups; none for a system that is not in the catalog. */
export const catalogOf = (system: string, known: Vendors = vendors): readonly CatalogEntry[] =>
  known.get(system)?.types ?? [];

/**
 * The entry of a type, by its name, another spelling of it, or the family it belongs to (`CUSTOM_RATES` is one of
 * `CUSTOM_*`); null for a type that is not in the catalog, which is nothing wrong.
 */
export function findType(system: string, type: string, known: Vendors = vendors): CatalogEntry | null {
  const vendor = known.get(system);
  if (vendor === undefined) return null;
  const found = namesOf(vendor).get(type);
  if (found !== undefined) return found;
  return vendor.types.find((one) => one.isFamily && isOfFamily(one, type)) ?? null;
}

function isOfFamily({ type: family }: CatalogEntry, type: string): boolean {
  const start = family.slice(0, -1);
  return type.length > start.length && type.startsWith(start);
}
