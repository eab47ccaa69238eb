import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, objectIn, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['user.lifecycle.create', 'Users', 'A user was created.'],
  ['user.lifecycle.activate', 'Users', 'A user was activated.'],
  ['user.lifecycle.deactivate', 'Users', 'A user was deactivated.'],
  ['user.session.start', 'Sessions', 'A user signed in.'],
  ['user.account.lock', 'Users', 'An account was locked.'],
  ['group.user_membership.add', 'Groups', 'A user was added to a group.'],
];

const sampleOf = (type: string): CatalogObject => ({
  eventType: 'com.okta.event_hook',
  eventId: 'b5a188b9-5ece-4636-b041-482ffda96311',
  source: 'https://depot.okta.com/api/v1/eventHooks/who31',
  data: {
    events: [
      {
        uuid: `uuid-${type}`,
        published: '2026-01-31T08:00:00.000Z',
        eventType: type,
        severity: 'INFO',
        actor: { id: '00u31', type: 'User', alternateId: 'mila@example.com' },
        outcome: { result: 'SUCCESS' },
      },
    ],
  },
});

export const okta: Vendor = {
  id: 'okta',
  group: 'Identity',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (_sample, type) => sampleOf(type),
  stamp: (sample, { id, at }) => {
    const { events } = objectIn(sample, 'data');
    const [first] = Array.isArray(events) ? events : [];
    const event = typeof first === 'object' && first !== null && !Array.isArray(first) ? first : {};
    return { ...sample, data: { events: [{ ...event, ...given({ uuid: id, published: at }) }] } };
  },
  setup: ({ url }) =>
    steps(
      'Choose a random secret and set it under Settings.',
      `Okta Admin Console → Workflow → Event Hooks → Create Event Hook: URL \`${url}\`, Authentication field \`Authorization\`, and the same secret.`,
      'Verify the endpoint: the request is answered automatically.',
    ),
  recognition: { inFields: ({ eventType }) => (eventType === 'com.okta.event_hook' ? 'the field eventType' : null) },
};
