import { catalogOf, findType, hasOwnTypes } from '../../../shared/vendors/catalog.ts';
import { type LocalTypes, localTypeOf, noLocalTypes } from './local-catalog.ts';

export interface TypeLabel {
  /** The vendor's name, where it differs from the type. */
  name: string | null;
  group: string;
  description: string;
  /** `legacy`: replaced by something newer at the vendor. */
  isLegacy: boolean;
  /** Described by an operator here. */
  isLocal: boolean;
}

/** Group of the types that only operators have described. */
const localGroup = 'Local catalog';

/**
 * What the catalog has for a type: `unknown` if the vendor's catalog lacks it, null if there is no catalog for the
 * system. An operator's description takes precedence over the vendor's.
 */
export function labelOf(system: string, type: string, locals: LocalTypes = noLocalTypes): TypeLabel | 'unknown' | null {
  const found = findType(system, type);
  const local = localTypeOf(locals, system, type);
  const description = local?.description ?? found?.description;
  if (description === undefined) return hasOwnTypes(system) ? 'unknown' : null;
  return {
    name: found?.name ?? null,
    group: found?.group ?? localGroup,
    description,
    isLegacy: found?.age === 'legacy',
    isLocal: local !== undefined,
  };
}

/** For a title: the type, and what it means where that is known. */
export function typeTitle(system: string, type: string, locals: LocalTypes = noLocalTypes): string {
  const label = labelOf(system, type, locals);
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
 * Types to choose from for a system: those that were seen first, then the operators' own, then the catalogue's in its
 * own groups. Null as system means any: then only what was seen, since all the catalogues are no help.
 */
export function typeOptions(
  system: string | null,
  seen: readonly string[],
  locals: LocalTypes = noLocalTypes,
): TypeOptions[] {
  const known = system === null ? [] : catalogOf(system);
  const groups = new Map<string, TypeOption[]>();
  const seenTypes = new Set(seen);
  const describe = (type: string): string => {
    const label = system === null ? null : labelOf(system, type, locals);
    return label === null || label === 'unknown' ? '' : label.description;
  };
  for (const entry of known) {
    if (seenTypes.has(entry.type)) continue;
    const items = groups.get(entry.group) ?? [];
    groups.set(entry.group, items);
    items.push({ type: entry.type, description: describe(entry.type) });
  }
  const seenItems = [...seenTypes].map((type) => ({ type, description: describe(type) }));
  const knownTypes = new Set(known.map((entry) => entry.type));
  const localItems = [...locals.values()]
    .filter((local) => local.system === system && !seenTypes.has(local.type) && !knownTypes.has(local.type))
    .map(({ type, description }) => ({ type, description }));
  return [
    ...(seenItems.length === 0 ? [] : [{ group: 'Seen here', items: seenItems }]),
    ...(localItems.length === 0 ? [] : [{ group: localGroup, items: localItems }]),
    ...[...groups].map(([group, items]) => ({ group, items })),
  ];
}
