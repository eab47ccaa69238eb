import { fieldOf, isJsonObject } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'x-notion-signature', prefix: 'sha256=' },
    {
      label: "Notion's signature",
      secretLabel: 'Verification token',
      secretHelp:
        'Notion sends it once, when the subscription is created: it is in the body of the request listed as tried under ' +
        'Deliveries. Set it here, and paste it into Notion to verify the subscription.',
    },
  ),
  none,
);

export const notion = defineJsonPreset({
  id: 'notion',
  label: 'Notion',
  description:
    'Webhook subscriptions of a Notion integration. In the settings of the integration: Webhooks, Create a ' +
    'subscription, and the address of this source. Notion posts a verification token, which is then listed under ' +
    'Deliveries: set it here as the secret and paste it into Notion.',
  verification,
  sample: {
    document: {
      id: '367cba44-b6f3-4c92-81e7-6a2e9659efd4',
      timestamp: '2026-01-31T08:00:00.000Z',
      workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
      subscription_id: '29d75c0d-5546-4414-8459-7b7a92f1fc4b',
      integration_id: '0ef2e755-4912-8096-91c1-00376a88a5ca',
      type: 'page.created',
      authors: [{ id: 'c7c11cca-1d73-471d-9b6e-bdef51470190', type: 'person' }],
      attempt_number: 1,
      entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
      data: { parent: { id: '36cc9195-760f-4fff-a67e-3a46c559b176', type: 'database' } },
    },
  },
  typeIn: '"type"',
  type: ({ item }) => fieldOf(item, 'type'),
  externalId: ({ item }) => fieldOf(item, 'id'),
  time: ({ item }) => ['timestamp', fieldOf(item, 'timestamp')],
  context: ({ item }) => ({
    workspace: fieldOf(item, 'workspace_id'),
    integration: fieldOf(item, 'integration_id'),
    entity: fieldOf(fieldOf(item, 'entity'), 'id'),
    entityType: fieldOf(fieldOf(item, 'entity'), 'type'),
  }),
  prepare: (verify) => ({
    /** Only until a secret is set: later, anyone could have an operator paste a token of theirs. */
    handshake(_request, body) {
      if (body.kind !== 'json' || !isJsonObject(body.value) || Object.keys(body.value).length !== 1) return null;
      if (typeof fieldOf(body.value, 'verification_token') !== 'string' || verify.problem() === null) return null;
      return {
        status: 200,
        body: '',
        tried: 'Notion sent the verification token: set it as the secret of this source, and paste it into Notion.',
      };
    },
  }),
});
