import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['Issue.create', 'Issues', 'An issue was created.'],
  ['Issue.update', 'Issues', 'An issue was updated.'],
  ['Issue.remove', 'Issues', 'An issue was deleted.'],
  ['Comment.create', 'Issues', 'A comment was added.'],
  ['Project.update', 'Projects', 'A project was updated.'],
  ['Cycle.create', 'Projects', 'A cycle was created.'],
];

const sampleOf = (type: string): CatalogObject => ({
  type: type.split('.')[0] ?? type,
  action: type.split('.')[1] ?? 'update',
  createdAt: '2026-01-31T08:00:00.000Z',
  organizationId: 'b1e2f7a0-0000-4000-8000-000000000031',
  webhookTimestamp: 1_769_846_400_000,
  webhookId: '3d3f8f0e-0000-4000-8000-000000004409',
  data: { id: 'a0f3c8d2-0000-4000-8000-000000000001', identifier: 'YARD-31', title: 'Weigh truck 4409' },
});

export const linear: Vendor = {
  id: 'linear',
  group: 'Work',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => {
    const [name = type, action = 'update'] = type.split('.');
    return { ...sample, type: name, action };
  },
  stamp: (sample, { at }) => ({
    ...sample,
    ...given({ createdAt: at, webhookTimestamp: at === undefined ? undefined : Date.parse(at) }),
  }),
  headers: (_type, id) => ({ 'linear-delivery': id }),
  setup: ({ url }) =>
    steps(
      `Linear → Settings → API → Webhooks → New webhook: URL \`${url}\`, and the data change events.`,
      'Copy the signing secret and set it under Settings.',
    ),
  recognition: { headers: ['linear-signature', 'linear-event'] },
};
