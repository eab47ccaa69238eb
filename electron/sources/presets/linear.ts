import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'linear-signature' },
    {
      label: "Linear's signature",
      secretLabel: 'Signing secret',
      secretHelp: 'From the page of the webhook in Linear: Settings, API, Webhooks.',
      bodyTime: 'webhookTimestamp',
      tolerance: '1m',
    },
  ),
  none,
);

export const linear = defineJsonPreset({
  id: 'linear',
  label: 'Linear',
  description:
    'Webhooks of a Linear workspace. In Linear: Settings, API, Webhooks, New webhook. Paste the address of this source ' +
    'as URL and copy the signing secret. Types are the object and the action, such as Issue.create.',
  verification,
  sample: {
    document: {
      action: 'create',
      type: 'Issue',
      createdAt: '2026-01-31T08:00:00.000Z',
      organizationId: 'b1e2f7a0-0000-4000-8000-000000000031',
      webhookTimestamp: 1769846400000,
      webhookId: '3d3f8f0e-0000-4000-8000-000000004409',
      data: { id: 'a0f3c8d2-0000-4000-8000-000000000001', identifier: 'YARD-31', title: 'Weigh truck 4409' },
      url: 'https://linear.app/depot/issue/YARD-31',
    },
  },
  typeIn: '"type"',
  type({ item }) {
    const [type, action] = [fieldOf(item, 'type'), fieldOf(item, 'action')];
    return typeof type === 'string' && typeof action === 'string' ? `${type}.${action}` : type;
  },
  externalId: ({ request }) => request.headers['linear-delivery'],
  time: ({ item }) => ['createdAt', fieldOf(item, 'createdAt')],
  context: ({ item }) => ({
    organization: fieldOf(item, 'organizationId'),
    webhook: fieldOf(item, 'webhookId'),
    actor: fieldOf(fieldOf(item, 'actor'), 'id'),
  }),
});
