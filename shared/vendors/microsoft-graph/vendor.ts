import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['message.created', 'Outlook', 'A message was received.'],
  ['message.updated', 'Outlook', 'A message was changed.'],
  ['event.created', 'Calendar', 'A calendar event was created.'],
  ['event.deleted', 'Calendar', 'A calendar event was deleted.'],
  ['user.updated', 'Users', 'A user was changed.'],
  ['driveitem.updated', 'Files', 'A file was changed.'],
  ['lifecycle.reauthorizationRequired', 'Lifecycle', 'The subscription must be authorized again.'],
  ['lifecycle.missed', 'Lifecycle', 'Notifications were missed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  id: `sample-${type}`,
  subscriptionId: '7f105c7d-2dc5-4530-97cd-4e7ae6534c07',
  subscriptionExpirationDateTime: '2026-02-03T08:00:00Z',
  ...(type.startsWith('lifecycle.')
    ? { lifecycleEvent: type.slice('lifecycle.'.length) }
    : {
        changeType: type.split('.')[1] ?? 'updated',
        resource: "Users('31')/Items('AAMk')",
        resourceData: { '@odata.type': `#Microsoft.Graph.${type.split('.')[0] ?? 'item'}`, id: 'AAMk' },
      }),
  tenantId: '84bd8158-6d4d-4958-8b9f-9d6445542f95',
});

export const microsoftGraph: Vendor = {
  id: 'microsoft-graph',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: (sample, entry) => asJson()({ value: [sample] }, entry) },
  rename: (_sample, type) => sampleOf(type),
  stamp: (sample, { id }) => ({ ...sample, ...given({ id }) }),
  setup: ({ url }) =>
    steps(
      'Choose a random clientState and set it under Settings.',
      `Create the subscription: POST \`https://graph.microsoft.com/v1.0/subscriptions\` with notificationUrl \`${url}\` and the same clientState. The validation request is answered automatically.`,
      'Renew it before it expires, within days: Graph posts lifecycle events when lifecycleNotificationUrl is set.',
    ),
  recognition: {
    inFields: ({ value }) =>
      Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null && 'subscriptionId' in value[0]
        ? 'the notifications with a subscriptionId'
        : null,
  },
};
