import { z } from 'zod';
import type { Verification } from '../../../shared/contract/events.ts';
import { fieldOf } from '../body/json-object.ts';
import { parseJson } from '../body/json-text.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import type { Verified } from '../source-types.ts';
import { isSameSecret, secretDigest } from '../verify/compare.ts';
import { none } from '../verify/schemes/none.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../verify/secret-list.ts';
import { offerSchemes } from '../verify/verify-choice.ts';
import { defineScheme } from '../verify/verify-scheme.ts';

const wrong = (code: string, message: string): Verified => ({ ok: false, code, message });

/** Graph repeats in every notification what its subscription was created with. */
const clientState = defineScheme({
  id: 'client-state',
  label: 'Client state',
  schema: z.strictObject({ scheme: z.literal('client-state'), ...secretShape }).superRefine(checkSecretShape),
  fields: secretFields('Client state', 'The clientState that the subscription is created with: a long random text.'),
  prepare(settings, readSecret) {
    const secrets = createSecretList(settings, readSecret, (secret) => secretDigest(Buffer.from(secret, 'utf8')));
    return {
      verify({ body }) {
        const parsed = parseJson(body.toString('utf8'));
        const items = parsed.ok ? fieldOf(parsed.value, 'value') : undefined;
        if (!Array.isArray(items) || items.length === 0) {
          return wrong('token_missing', 'the body has no list "value" of notifications, each with a clientState');
        }
        const states = items.map((item) => fieldOf(item, 'clientState'));
        const found = secrets.find((digest) =>
          states.every((state) => typeof state === 'string' && isSameSecret(Buffer.from(state, 'utf8'), digest)),
        );
        if (found === -1) return wrong('token_wrong', 'a clientState in the body is not the secret of this source');
        const detail = found === 0 ? null : `secret ${found + 1}`;
        const verification: Verification = { state: 'verified', scheme: 'client-state', detail };
        return { ok: true, verification };
      },
      sign: () => null,
      problem: secrets.problem,
      challenge: 'ClientState',
      isOpen: false,
      codesWithoutBody: [],
      masking: { clearHeaders: [], clearQuery: [], keepHeaders: [] },
    };
  },
});

const kindOf = (resource: unknown): string =>
  typeof resource === 'string' ? (/([A-Za-z]+)$/.exec(resource)?.[1] ?? 'resource').toLowerCase() : 'resource';

export const microsoftGraph = defineJsonPreset({
  id: 'microsoft-graph',
  label: 'Microsoft Graph',
  description:
    'Change notifications of Microsoft Graph. Create the subscription with POST /subscriptions, the address of this ' +
    'source as notificationUrl (and lifecycleNotificationUrl), and a random clientState that is set here too. The ' +
    'validation request is answered automatically. Types are the kind of resource and the change, such as ' +
    'message.created, or lifecycle.reauthorizationRequired.',
  verification: offerSchemes(clientState, none),
  challenge: { query: 'validationToken' },
  secretFields: ['clientState'],
  defaults: { answerStatus: 202 },
  sample: {
    document: {
      value: [
        {
          id: 'lsgTZMr9KwAAA',
          subscriptionId: '7f105c7d-2dc5-4530-97cd-4e7ae6534c07',
          subscriptionExpirationDateTime: '2026-02-03T08:00:00Z',
          changeType: 'created',
          resource: "Users('31')/Messages('AAMk')",
          resourceData: { '@odata.type': '#Microsoft.Graph.Message', id: 'AAMk' },
          tenantId: '84bd8158-6d4d-4958-8b9f-9d6445542f95',
        },
      ],
    },
  },
  split(document) {
    const items = fieldOf(document, 'value');
    return Array.isArray(items) ? items : undefined;
  },
  typeIn: '"changeType"',
  type({ item }) {
    const lifecycle = fieldOf(item, 'lifecycleEvent');
    if (typeof lifecycle === 'string') return `lifecycle.${lifecycle}`;
    const change = fieldOf(item, 'changeType');
    return typeof change === 'string'
      ? `${kindOf(fieldOf(fieldOf(item, 'resourceData'), '@odata.type'))}.${change}`
      : undefined;
  },
  // Without one, two changes of the same resource look the same: better twice than lost.
  externalId: ({ item }) => fieldOf(item, 'id'),
  context: ({ item }) => ({
    subscription: fieldOf(item, 'subscriptionId'),
    tenant: fieldOf(item, 'tenantId'),
    resource: fieldOf(item, 'resource'),
  }),
});
