import { parseConditions } from '../../../../shared/conditions/parse/parse.ts';
import { MATCH_ALL } from '../../../../shared/conditions/tree.ts';
import type { EventItem } from '../../../../shared/contract/events.ts';
import type { Listener } from '../../../../shared/contract/listeners.ts';
import { isJsonRecord } from '../../../../shared/exact-json/parse-exact.ts';
import { type NextIdentityPresetId, nextIdentityListener } from '../../../../shared/vendors/next-identity/listeners.ts';
import { treeOf } from '../../../model/definitions/condition-tree.ts';
import { emptyListener, type ListenerDraft } from '../../../model/definitions/listener-draft.ts';

/** The subscription as a draft that lacks only its job. */
export function identityListener(preset: NextIdentityPresetId, source: string, scopeId: string): ListenerDraft {
  const made = nextIdentityListener(preset, source, scopeId);
  const parsed = parseConditions(made.where);
  const empty = emptyListener();
  return {
    ...empty,
    name: made.name,
    slug: made.slug,
    hasOwnSlug: true,
    source: made.source,
    type: made.type,
    where: treeOf(parsed.ok ? parsed.conditions : MATCH_ALL),
    answering: { ...empty.answering, mode: made.mode },
  };
}

/** The listener that this subscription was made into; a deleted one is none. */
export function installedListener<T extends Pick<Listener, 'slug' | 'source' | 'state'>>(
  listeners: readonly T[],
  preset: NextIdentityPresetId,
  source: string,
  scopeId: string,
): T | undefined {
  const { slug } = nextIdentityListener(preset, source, scopeId);
  // One that was deleted keeps its slug, so that the next has a number behind it.
  const isOurs = (one: string): boolean => one.startsWith(slug) && /^(?:-\d+)?$/.test(one.slice(slug.length));
  return listeners.find(
    (listener) => isOurs(listener.slug) && listener.source === source && listener.state !== 'deleted',
  );
}

const textAt = (context: EventItem['context'], key: string): string | undefined => {
  if (!isJsonRecord(context)) return undefined;
  const value = context[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The property and the client of the latest event that names them. */
export function latestScopes(events: readonly Pick<EventItem, 'context'>[]): { property?: string; client?: string } {
  const find = (key: string) => events.map(({ context }) => textAt(context, key)).find((value) => value !== undefined);
  const property = find('propertyId');
  const client = find('clientId');
  return { ...(property === undefined ? {} : { property }), ...(client === undefined ? {} : { client }) };
}
