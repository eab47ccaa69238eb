import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['alert.firing', 'Alerts', 'An alert is firing.'],
  ['alert.resolved', 'Alerts', 'An alert was resolved.'],
];

const sampleOf = (type: string): CatalogObject => ({
  receiver: 'signalbox',
  status: type.replace('alert.', ''),
  alerts: [
    {
      status: type.replace('alert.', ''),
      labels: { alertname: 'ScaleStuck', severity: 'critical', instance: 'yard-31' },
      annotations: { summary: 'The scale is stuck' },
      startsAt: '2026-01-31T08:00:00Z',
      endsAt: '2026-01-31T09:00:00Z',
      fingerprint: 'c6eadffa33fcdf37',
    },
  ],
  groupKey: '{}:{alertname="ScaleStuck"}',
  externalURL: 'https://metrics.example.com',
  version: '1',
  orgId: 1,
  title: 'ScaleStuck',
});

export const grafana: Vendor = {
  id: 'grafana',
  group: 'Monitoring',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (_sample, type) => sampleOf(type),
  stamp: (sample, { id, at }) => {
    const [first] = Array.isArray(sample.alerts) ? sample.alerts : [];
    const alert = typeof first === 'object' && first !== null && !Array.isArray(first) ? first : {};
    return { ...sample, alerts: [{ ...alert, ...given({ fingerprint: id, startsAt: at, endsAt: at }) }] };
  },
  setup: ({ url }) =>
    steps(
      `Grafana → Alerting → Contact points → Add contact point: integration Webhook, URL \`${url}\`.`,
      'Optional settings → HMAC Signature: enter a secret, and set it under Settings. With a timestamp header, enter its name there too.',
    ),
  recognition: {
    headers: ['x-grafana-alerting-signature'],
    inFields: ({ alerts, orgId }) =>
      Array.isArray(alerts) && orgId !== undefined ? 'the fields alerts and orgId' : null,
  },
};
