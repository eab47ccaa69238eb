import { catalogOf, findType, isCatalogSystem } from '../../shared/catalog/catalog.ts';

export interface TypeLabel {
  /** The vendor's name, where it differs from the type. */
  name: string | null;
  group: string;
  description: string;
  /** `legacy`: replaced by something newer at the vendor. */
  isLegacy: boolean;
}

/** What the catalogue says of a type: `unknown` for one it should have and has not, null where it has no say. */
export function labelOf(system: string, type: string): TypeLabel | 'unknown' | null {
  if (!isCatalogSystem(system)) return null;
  const found = findType(system, type);
  if (found === null) return 'unknown';
  return {
    name: found.name ?? null,
    group: found.group,
    description: found.description,
    isLegacy: found.age === 'legacy',
  };
}

/** For a title: the type, and what it means where that is known. */
export function typeTitle(system: string, type: string): string {
  const label = labelOf(system, type);
  return label === null || label === 'unknown' ? type : `${type}\n${label.description}`;
}

export interface TypeOption {
  type: string;
  /** Empty for types that only were seen. */
  description: string;
}

export interface TypeOptions {
  group: string;
  items: readonly TypeOption[];
}

/**
 * Types to choose from for a system: those that were seen first, then the catalogue's in its own groups. Null as system
 * means any: then only what was seen, since five catalogues are no help.
 */
export function typeOptions(system: string | null, seen: readonly string[]): TypeOptions[] {
  const known = system === null ? [] : catalogOf(system);
  const groups = new Map<string, TypeOption[]>();
  const seenTypes = new Set(seen);
  for (const entry of known) {
    if (seenTypes.has(entry.type)) continue;
    const items = groups.get(entry.group) ?? [];
    groups.set(entry.group, items);
    items.push({ type: entry.type, description: entry.description });
  }
  const seenItems = [...seenTypes].map((type) => {
    const label = system === null ? null : labelOf(system, type);
    return { type, description: label === null || label === 'unknown' ? '' : label.description };
  });
  return [
    ...(seenItems.length === 0 ? [] : [{ group: 'Seen here', items: seenItems }]),
    ...[...groups].map(([group, items]) => ({ group, items })),
  ];
}
