import { create } from 'zustand';
import type { LocalType } from '../../../shared/contract/catalog.ts';
import { type AppError, call, onGap, onPush, toAppError } from '../../client/index.ts';

/** The operators' own types, found by system and type. */
export type LocalTypes = ReadonlyMap<string, LocalType>;

type TypeKey = Pick<LocalType, 'system' | 'type'>;

/** A system's name has no line breaks, so no two pairs share a key. */
const keyOf = (system: string, type: string): string => `${system}\n${type}`;

export const localTypeOf = (types: LocalTypes, system: string, type: string): LocalType | undefined =>
  types.get(keyOf(system, type));

export const noLocalTypes: LocalTypes = new Map();

interface LocalCatalog {
  types: LocalTypes;
  /** Why the list could not be fetched. */
  error: AppError | null;
}

export const useLocalCatalog = create<LocalCatalog>(() => ({ types: noLocalTypes, error: null }));

const show = (items: readonly LocalType[]): void =>
  useLocalCatalog.setState({
    types: new Map(items.map((item) => [keyOf(item.system, item.type), item])),
    error: null,
  });

async function fetchLocalTypes(): Promise<void> {
  try {
    show((await call('catalog.list', {})).items);
  } catch (error) {
    useLocalCatalog.setState({ error: toAppError(error) });
  }
}

export function followLocalCatalog(): () => void {
  void fetchLocalTypes();
  const stops = [onGap(() => void fetchLocalTypes()), onPush('catalog.changed', ({ items }) => show(items))];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Shown as soon as it is stored, before the push. */
export async function addLocalType(draft: TypeKey & Pick<LocalType, 'description'>): Promise<void> {
  const added = await call('catalog.add', draft);
  useLocalCatalog.setState(({ types }) => ({ types: new Map(types).set(keyOf(added.system, added.type), added) }));
}

export async function removeLocalType({ system, type }: TypeKey): Promise<void> {
  await call('catalog.remove', { system, type });
  useLocalCatalog.setState(({ types }) => {
    const rest = new Map(types);
    rest.delete(keyOf(system, type));
    return { types: rest };
  });
}
