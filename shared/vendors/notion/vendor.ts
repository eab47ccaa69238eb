import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['page.created', 'Pages', 'A page was created.'],
  ['page.content_updated', 'Pages', 'The content of a page was changed.'],
  ['page.properties_updated', 'Pages', 'Properties of a page were changed.'],
  ['page.deleted', 'Pages', 'A page was moved to the trash.'],
  ['comment.created', 'Comments', 'A comment was created.'],
  ['data_source.content_updated', 'Data sources', 'The content of a data source was changed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  id: `evt-${type}`,
  timestamp: '2026-01-31T08:00:00.000Z',
  workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
  type,
  attempt_number: 1,
  entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: type.split('.')[0] ?? 'page' },
  data: {},
});

export const notion: Vendor = {
  id: 'notion',
  group: 'Work',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, type }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ id, timestamp: at }) }),
  setup: ({ url }) =>
    steps(
      `Notion → Integrations → your integration → Webhooks → Create a subscription: \`${url}\`.`,
      'Notion posts a verification token, which is listed under Deliveries. Set it as the secret under Settings.',
      'Paste the same token into Notion: Verify subscription.',
    ),
  recognition: { headers: ['x-notion-signature'] },
};
