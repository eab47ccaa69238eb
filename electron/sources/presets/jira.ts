import { fieldOf } from '../body/json-object.ts';
import { contentId, defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'x-hub-signature', prefix: 'sha256=' },
    {
      label: "Jira's signature",
      secretLabel: 'Secret',
      secretHelp: 'As entered on the page of the webhook. Without a secret there, Jira does not sign.',
    },
  ),
  none,
);

export const jira = defineJsonPreset({
  id: 'jira',
  label: 'Jira',
  description:
    'Webhooks of Jira Cloud and Data Center. In Jira: Settings, System, Webhooks, Create a webhook. Paste the address ' +
    'of this source, generate a secret, and choose the events. Types are those of Jira, such as jira:issue_created.',
  verification,
  sample: {
    document: {
      timestamp: 1769846400000,
      webhookEvent: 'jira:issue_created',
      issue_event_type_name: 'issue_created',
      user: { accountId: '99:27935d01', displayName: 'Mila' },
      issue: { id: '10031', key: 'YARD-31', fields: { summary: 'Weigh truck 4409', project: { key: 'YARD' } } },
    },
  },
  typeIn: '"webhookEvent"',
  type: ({ item }) => fieldOf(item, 'webhookEvent'),
  // Data Center sends no id of its own.
  externalId: ({ item, request }) => request.headers['x-atlassian-webhook-identifier'] ?? contentId(item),
  time: ({ item }) => ['timestamp', fieldOf(item, 'timestamp')],
  context({ item }) {
    const issue = fieldOf(item, 'issue');
    return {
      project: fieldOf(fieldOf(fieldOf(issue, 'fields'), 'project'), 'key') ?? fieldOf(fieldOf(item, 'project'), 'key'),
      issue: fieldOf(issue, 'key'),
      user: fieldOf(fieldOf(item, 'user'), 'accountId') ?? fieldOf(fieldOf(item, 'user'), 'name'),
    };
  },
});
