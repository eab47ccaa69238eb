import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'sentry-hook-signature' },
    {
      label: "Sentry's signature",
      secretLabel: 'Client secret',
      secretHelp: 'From the page of the integration: Settings, Custom Integrations.',
    },
  ),
  none,
);

export const sentry = defineJsonPreset({
  id: 'sentry',
  label: 'Sentry',
  description:
    'Webhooks of a Sentry integration. In Sentry: Settings, Custom Integrations, Create. Paste the address of this ' +
    'source as Webhook URL and choose the resources. Types are the resource and the action, such as issue.created. ' +
    'Sentry waits one second for the answer.',
  verification,
  sample: {
    document: {
      action: 'created',
      installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
      data: { issue: { id: '1170820242', shortId: 'YARD-31', title: 'Scale timed out', status: 'unresolved' } },
      actor: { type: 'application', id: 'sentry', name: 'Sentry' },
    },
  },
  typeIn: 'the header sentry-hook-resource',
  type({ item, request }) {
    const resource = request.headers['sentry-hook-resource'] ?? Object.keys(Object(fieldOf(item, 'data')))[0];
    const action = fieldOf(item, 'action');
    return resource !== undefined && typeof action === 'string' ? `${resource}.${action}` : resource;
  },
  externalId: ({ request }) => request.headers['request-id'],
  time: ({ request }) => ['the header sentry-hook-timestamp', request.headers['sentry-hook-timestamp']],
  context: ({ item }) => ({
    installation: fieldOf(fieldOf(item, 'installation'), 'uuid'),
    actor: fieldOf(fieldOf(item, 'actor'), 'id'),
    issue: fieldOf(fieldOf(fieldOf(item, 'data'), 'issue'), 'id'),
  }),
});
