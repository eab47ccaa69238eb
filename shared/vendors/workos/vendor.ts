import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['dsync.user.created', 'Directory Sync', 'A user was added to a directory.'],
  ['dsync.user.updated', 'Directory Sync', 'A user of a directory was updated.'],
  ['dsync.user.deleted', 'Directory Sync', 'A user was removed from a directory.'],
  ['connection.activated', 'Single sign-on', 'A connection was activated.'],
  ['user.created', 'Users', 'A user was created.'],
  ['authentication.email_verification_succeeded', 'Users', 'An email address was verified.'],
];

const sampleOf = (type: string): CatalogObject => ({
  id: `event_${type}`,
  event: type,
  data: { id: 'directory_user_01', organization_id: 'org_01' },
  created_at: '2026-01-31T08:00:00.000Z',
});

export const workos: Vendor = {
  id: 'workos',
  group: 'Identity',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, event: type }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ id, created_at: at }) }),
  setup: ({ url }) =>
    steps(
      `WorkOS Dashboard → Webhooks → Create webhook: Endpoint URL \`${url}\`, and the events.`,
      'Copy the signing secret and set it under Settings.',
    ),
  recognition: { headers: ['workos-signature'] },
};
