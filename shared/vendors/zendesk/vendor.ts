import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['ticket.created', 'Tickets', 'A ticket was created.'],
  ['ticket.status_changed', 'Tickets', 'The status of a ticket was changed.'],
  ['ticket.comment_added', 'Tickets', 'A comment was added to a ticket.'],
  ['user.created', 'Users', 'A user was created.'],
  ['organization.created', 'Organizations', 'An organization was created.'],
];

const sampleOf = (type: string): CatalogObject => ({
  account_id: 12_514_403,
  id: `evt-${type}`,
  type: `zen:event-type:${type}`,
  subject: 'zen:ticket:5158',
  time: '2026-01-31T08:00:00Z',
  zendesk_event_version: '2022-06-20',
  detail: { id: '5158', subject: 'The scale is stuck' },
  event: {},
});

export const zendesk: Vendor = {
  id: 'zendesk',
  group: 'Work',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, type: `zen:event-type:${type}` }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ id, time: at }) }),
  setup: ({ url }) =>
    steps(
      `Admin Center → Apps and integrations → Webhooks → Create webhook: Endpoint URL \`${url}\`, request method POST, format JSON.`,
      'Reveal the signing secret on the page of the webhook and set it under Settings.',
    ),
  recognition: { headers: ['x-zendesk-webhook-signature', 'x-zendesk-webhook-id'] },
};
