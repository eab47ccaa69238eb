import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['issue.created', 'Issues', 'A new issue was found.'],
  ['issue.resolved', 'Issues', 'An issue was resolved.'],
  ['issue.assigned', 'Issues', 'An issue was assigned.'],
  ['event_alert.triggered', 'Alerts', 'An issue alert was triggered.'],
  ['metric_alert.critical', 'Alerts', 'A metric alert is critical.'],
  ['installation.created', 'Installation', 'The integration was installed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  action: type.split('.')[1] ?? 'created',
  installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
  data: { issue: { id: '1170820242', shortId: 'YARD-31', title: 'Scale timed out' } },
  actor: { type: 'application', id: 'sentry', name: 'Sentry' },
});

export const sentry: Vendor = {
  id: 'sentry',
  group: 'Monitoring',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, action: type.split('.')[1] ?? 'created' }),
  headers: (type, id, at) => ({
    'sentry-hook-resource': type.split('.')[0] ?? type,
    'request-id': id,
    ...(at === undefined ? {} : { 'sentry-hook-timestamp': String(Math.floor(Date.parse(at) / 1000)) }),
  }),
  setup: ({ url }) =>
    steps(
      `Sentry → Settings → Custom Integrations → Create New Integration → Internal: Webhook URL \`${url}\`, and the resources.`,
      'Copy the client secret and set it under Settings.',
    ),
  recognition: { headers: ['sentry-hook-resource', 'sentry-hook-signature'] },
};
