import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'x-pagerduty-signature', prefix: 'v1=' },
    {
      label: "PagerDuty's signature",
      secretLabel: 'Secret',
      secretHelp: 'Shown once, when the subscription is created. While it is rotated, PagerDuty signs with both.',
    },
  ),
  none,
);

export const pagerduty = defineJsonPreset({
  id: 'pagerduty',
  label: 'PagerDuty',
  description:
    'V3 webhook subscriptions. In PagerDuty: Integrations, Generic Webhooks (v3), New Webhook. Paste the address of ' +
    'this source and copy the secret. Types are those of PagerDuty, such as incident.triggered.',
  verification,
  sample: {
    document: {
      event: {
        id: '01DEPOT31',
        event_type: 'incident.triggered',
        resource_type: 'incident',
        occurred_at: '2026-01-31T08:00:00.000Z',
        agent: { id: 'PLH1HKV', type: 'user_reference', summary: 'Mila' },
        data: { id: 'PGR0VU2', type: 'incident', number: 31, title: 'The scale is stuck', status: 'triggered' },
      },
    },
  },
  typeIn: '"event.event_type"',
  type: ({ item }) => fieldOf(fieldOf(item, 'event'), 'event_type'),
  externalId: ({ item }) => fieldOf(fieldOf(item, 'event'), 'id'),
  time: ({ item }) => ['event.occurred_at', fieldOf(fieldOf(item, 'event'), 'occurred_at')],
  context({ item, request }) {
    const event = fieldOf(item, 'event');
    const data = fieldOf(event, 'data');
    return {
      resource: fieldOf(event, 'resource_type'),
      service: fieldOf(fieldOf(data, 'service'), 'id'),
      priority: fieldOf(fieldOf(data, 'priority'), 'summary'),
      subscription: request.headers['x-webhook-subscription'],
    };
  },
});
