import { type CatalogObject, entry } from '../catalog-types.ts';
import { asList, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['contact.creation', 'Contacts', 'A contact was created.'],
  ['contact.deletion', 'Contacts', 'A contact was deleted.'],
  ['contact.propertyChange', 'Contacts', 'A property of a contact was changed.'],
  ['company.creation', 'Companies', 'A company was created.'],
  ['deal.creation', 'Deals', 'A deal was created.'],
  ['deal.propertyChange', 'Deals', 'A property of a deal was changed.'],
  ['ticket.creation', 'Tickets', 'A ticket was created.'],
];

const sampleOf = (type: string): CatalogObject => ({
  eventId: 100,
  subscriptionId: 12_345,
  portalId: 62_515,
  appId: 54_321,
  occurredAt: 1_769_846_400_000,
  subscriptionType: type,
  attemptNumber: 0,
  objectId: 123,
  changeSource: 'CRM',
});

export const hubspot: Vendor = {
  id: 'hubspot',
  group: 'Work',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { list: asList() },
  rename: (sample, type) => ({ ...sample, subscriptionType: type }),
  stamp: (sample, { id, seconds }) => ({
    ...sample,
    ...given({ eventId: id, occurredAt: seconds === undefined ? undefined : seconds * 1000 }),
  }),
  setup: ({ url }) =>
    steps(
      `HubSpot app → Webhooks → Target URL \`${url}\`, which must be the public address in the settings, since HubSpot signs it.`,
      'Auth: copy the client secret and set it under Settings.',
      'Create and activate the subscriptions.',
    ),
  recognition: { headers: ['x-hubspot-signature-v3', 'x-hubspot-signature'] },
};
