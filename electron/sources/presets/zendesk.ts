import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    {
      header: 'x-zendesk-webhook-signature',
      encoding: 'base64',
      signed: '{timestamp}{body}',
      time: { header: 'x-zendesk-webhook-signature-timestamp' },
    },
    {
      label: "Zendesk's signature",
      secretLabel: 'Signing secret',
      secretHelp: 'From the page of the webhook: Reveal secret. Each webhook has its own.',
    },
  ),
  none,
);

const prefix = 'zen:event-type:';

export const zendesk = defineJsonPreset({
  id: 'zendesk',
  label: 'Zendesk',
  description:
    'Zendesk webhooks that subscribe to events, or that triggers and automations call with JSON. In Admin Center: Apps ' +
    'and integrations, Webhooks, Create webhook. Types are those of Zendesk without zen:event-type:, such as ' +
    'ticket.created; for triggers the body names one under "type".',
  verification,
  sample: {
    document: {
      account_id: 12514403,
      id: '2b24ef10-19d5-4740-93cf-8f98ec4776c0',
      type: 'zen:event-type:ticket.created',
      subject: 'zen:ticket:5158',
      time: '2026-01-31T08:00:00Z',
      zendesk_event_version: '2022-06-20',
      detail: { id: '5158', subject: 'The scale is stuck', status: 'NEW', priority: 'URGENT' },
      event: {},
    },
  },
  typeIn: '"type"',
  type({ item }) {
    const type = fieldOf(item, 'type');
    return typeof type === 'string' && type.startsWith(prefix) ? type.slice(prefix.length) : (type ?? 'trigger');
  },
  externalId: ({ item, request }) => fieldOf(item, 'id') ?? request.headers['x-zendesk-webhook-invocation-id'],
  time: ({ item }) => ['time', fieldOf(item, 'time')],
  context: ({ item, request }) => ({
    account: fieldOf(item, 'account_id'),
    subject: fieldOf(item, 'subject'),
    webhook: request.headers['x-zendesk-webhook-id'],
  }),
});
