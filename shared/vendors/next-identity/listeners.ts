import { z } from 'zod';
import { nextIdentityTypes } from './types.ts';

const typesOf = (group: string): string[] =>
  nextIdentityTypes.filter((one) => one.group === group).map(({ type }) => type);

/** The vendor's three kinds of subscription. */
export const nextIdentityPresets = [
  {
    id: 'user-data',
    label: 'All user-data events of a property',
    scope: 'property',
    field: 'context.propertyId',
    types: typesOf('User data'),
    mode: 'notify',
  },
  {
    id: 'transactional-email',
    label: 'All transactional email events of a client ID',
    scope: 'client',
    field: 'context.clientId',
    types: typesOf('Transactional email'),
    mode: 'notify',
  },
  {
    id: 'enrich',
    label: 'All enrich events of a client ID',
    scope: 'client',
    field: 'context.clientId',
    types: typesOf('Enrich'),
    mode: 'enrich',
  },
] as const;

export const nextIdentityPresetIdSchema = z.enum(['user-data', 'transactional-email', 'enrich']);
export type NextIdentityPresetId = z.infer<typeof nextIdentityPresetIdSchema>;

export interface NextIdentityListener {
  slug: string;
  name: string;
  source: string;
  type: string[];
  where: { field: string; op: 'eq'; value: string };
  mode: 'notify' | 'enrich';
}

/** A listener as that subscription would have it, all but its job. `scopeId` is the property's or the client's id. */
export function nextIdentityListener(id: NextIdentityPresetId, source: string, scopeId: string): NextIdentityListener {
  const preset = nextIdentityPresets.find((one) => one.id === id);
  if (preset === undefined) throw new Error(`There is no subscription "${id}"`);
  return {
    slug: slugOf(`${source}-${id}-${scopeId}`),
    name: `${preset.label.replace(/ of a .*$/, '')} of ${scopeId}`.slice(0, 120),
    source,
    type: [...preset.types],
    where: { field: preset.field, op: 'eq', value: scopeId },
    mode: preset.mode,
  };
}

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
