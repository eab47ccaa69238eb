import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, objectIn, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['incident.triggered', 'Incidents', 'An incident was triggered.'],
  ['incident.acknowledged', 'Incidents', 'An incident was acknowledged.'],
  ['incident.resolved', 'Incidents', 'An incident was resolved.'],
  ['incident.escalated', 'Incidents', 'An incident was escalated.'],
  ['incident.annotated', 'Incidents', 'A note was added to an incident.'],
  ['service.created', 'Services', 'A service was created.'],
  ['pagey.ping', 'Test', 'A test event was sent.'],
];

const sampleOf = (type: string): CatalogObject => ({
  event: {
    id: `01-${type}`,
    event_type: type,
    resource_type: type.split('.')[0] ?? 'incident',
    occurred_at: '2026-01-31T08:00:00.000Z',
    agent: { id: 'PLH1HKV', type: 'user_reference', summary: 'Mila' },
    data: { id: 'PGR0VU2', number: 31, title: 'The scale is stuck' },
  },
});

export const pagerduty: Vendor = {
  id: 'pagerduty',
  group: 'Monitoring',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ event: { ...objectIn(sample, 'event'), event_type: type } }),
  stamp: (sample, { id, at }) => ({ event: { ...objectIn(sample, 'event'), ...given({ id, occurred_at: at }) } }),
  setup: ({ url }) =>
    steps(
      `PagerDuty → Integrations → Generic Webhooks (v3) → New Webhook: Webhook URL \`${url}\`.`,
      'Copy the secret, which is shown once, and set it under Settings.',
    ),
  recognition: { headers: ['x-pagerduty-signature'] },
};
