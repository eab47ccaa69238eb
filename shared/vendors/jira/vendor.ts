import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, isText, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['jira:issue_created', 'Issues', 'An issue was created.'],
  ['jira:issue_updated', 'Issues', 'An issue was updated.'],
  ['jira:issue_deleted', 'Issues', 'An issue was deleted.'],
  ['comment_created', 'Comments', 'A comment was created.'],
  ['sprint_started', 'Sprints', 'A sprint was started.'],
  ['jira:version_released', 'Versions', 'A version was released.'],
];

const sampleOf = (type: string): CatalogObject => ({
  timestamp: 1_769_846_400_000,
  webhookEvent: type,
  user: { accountId: '99:27935d01', displayName: 'Mila' },
  issue: { id: '10031', key: 'YARD-31', fields: { summary: 'Weigh truck 4409', project: { key: 'YARD' } } },
});

export const jira: Vendor = {
  id: 'jira',
  group: 'Work',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, webhookEvent: type }),
  stamp: (sample, { seconds }) => ({
    ...sample,
    ...given({ timestamp: seconds === undefined ? undefined : seconds * 1000 }),
  }),
  headers: (_type, id) => ({ 'x-atlassian-webhook-identifier': id }),
  setup: ({ url }) =>
    steps(
      `Jira → Settings → System → Webhooks → Create a webhook: URL \`${url}\`.`,
      'Generate a secret there and set it under Settings.',
    ),
  recognition: {
    headers: ['x-atlassian-webhook-identifier'],
    inFields: ({ webhookEvent }) => (isText(webhookEvent) ? 'the field webhookEvent' : null),
  },
};
