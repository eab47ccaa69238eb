import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, isText, steps, type Vendor } from '../vendor.ts';

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
  version: '4',
  truncatedAlerts: 0,
});

export const alertmanager: Vendor = {
  id: 'alertmanager',
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
      'Choose a random token and set it under Settings.',
      `alertmanager.yml → receivers → webhook_configs: url \`${url}\`, and the token under http_config → authorization → credentials.`,
    ),
  recognition: {
    inFields: ({ alerts, groupKey }) =>
      Array.isArray(alerts) && isText(groupKey) ? 'the fields alerts and groupKey' : null,
  },
};
