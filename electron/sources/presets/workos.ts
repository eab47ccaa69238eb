import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'workos-signature', pair: 'v1', signed: '{timestamp}.{body}', time: { pair: 't', unit: 'ms' } },
    {
      label: "WorkOS's signature",
      secretLabel: 'Signing secret',
      secretHelp: 'From the page of the endpoint in the WorkOS Dashboard: Webhooks.',
    },
  ),
  none,
);

export const workos = defineJsonPreset({
  id: 'workos',
  label: 'WorkOS',
  description:
    'Webhook endpoints of WorkOS. In the WorkOS Dashboard: Webhooks, Create webhook. Paste the address of this source, ' +
    'choose the events, and copy the signing secret.',
  verification,
  sample: {
    document: {
      id: 'event_01DEPOT31',
      event: 'dsync.user.created',
      data: { id: 'directory_user_01', organization_id: 'org_01', emails: [{ value: 'mila@example.com' }] },
      created_at: '2026-01-31T08:00:00.000Z',
    },
  },
  typeIn: '"event"',
  type: ({ item }) => fieldOf(item, 'event'),
  externalId: ({ item }) => fieldOf(item, 'id'),
  time: ({ item }) => ['created_at', fieldOf(item, 'created_at')],
  context: ({ item }) => ({
    organization: fieldOf(fieldOf(item, 'data'), 'organization_id'),
    directory: fieldOf(fieldOf(item, 'data'), 'directory_id'),
    user: fieldOf(fieldOf(item, 'data'), 'user_id'),
  }),
});
