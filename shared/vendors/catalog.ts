import { awsSns } from './aws-sns/types.ts';
import { azureEventGrid } from './azure-event-grid/types.ts';
import { CATALOG_SYSTEMS, type CatalogEntry, type CatalogSystem, OPEN_SYSTEMS } from './catalog-types.ts';
import { cloudevents } from './cloudevents/types.ts';
import { deck } from './deck/types.ts';
import { flatfile } from './flatfile/types.ts';
import { github } from './github/types.ts';
import { gitlab } from './gitlab/types.ts';
import { icfm } from './icfm/types.ts';
import { nextIdentity } from './next-identity/types.ts';
import { revoengine } from './revoengine/types.ts';
import { shopify } from './shopify/types.ts';
import { slack } from './slack/types.ts';
import { standardWebhooks } from './standard-webhooks/types.ts';
import { stripe } from './stripe/types.ts';

const ENTRIES: Readonly<Record<CatalogSystem, readonly CatalogEntry[]>> = {
  revoengine,
  flatfile,
  deck,
  'next-identity': nextIdentity,
  icfm,
  github,
  gitlab,
  stripe,
  slack,
  shopify,
  'aws-sns': awsSns,
  'azure-event-grid': azureEventGrid,
  cloudevents,
  'standard-webhooks': standardWebhooks,
};

const BY_NAME = new Map(CATALOG_SYSTEMS.map((system) => [system, namesOf(ENTRIES[system])] as const));

function namesOf(entries: readonly CatalogEntry[]): ReadonlyMap<string, CatalogEntry> {
  const names = new Map<string, CatalogEntry>();
  for (const one of entries) for (const alias of one.aliases) names.set(alias, one);
  // A type's own name counts before another's alias.
  for (const one of entries) names.set(one.type, one);
  return names;
}

export const isCatalogSystem = (system: string): system is CatalogSystem =>
  CATALOG_SYSTEMS.some((known) => known === system);

/** Whether the system has types of its own, so that one that is not listed is worth a mark. */
export const hasOwnTypes = (system: string): boolean =>
  isCatalogSystem(system) && !OPEN_SYSTEMS.some((open) => open === system);

/** Every type known of the system, in the order of its groups; none for a system that is not in the catalogue. */
export const catalogOf = (system: string): readonly CatalogEntry[] => (isCatalogSystem(system) ? ENTRIES[system] : []);

/**
 * The entry of a type, by its name, another spelling of it, or the family it belongs to (`CUSTOM_RATES` is one of
 * `CUSTOM_*`); null for a type that is not in the catalogue, which is nothing wrong.
 */
export function findType(system: string, type: string): CatalogEntry | null {
  if (!isCatalogSystem(system)) return null;
  const found = BY_NAME.get(system)?.get(type);
  if (found !== undefined) return found;
  return ENTRIES[system].find((one) => one.isFamily && isOfFamily(one, type)) ?? null;
}

function isOfFamily({ type: family }: CatalogEntry, type: string): boolean {
  const start = family.slice(0, -1);
  return type.length > start.length && type.startsWith(start);
}
