import { fieldOf, presentFields, requireJson } from '../body/json-object.ts';
import { highRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { checkType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';

import { none } from '../verify/schemes/none.ts';
import { defineTimedHmac } from '../verify/schemes/timed-hmac.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const signatureHeader = 'stripe-signature';

const scheme = defineTimedHmac({
  id: 'stripe',
  label: "Stripe's signature",
  secretLabel: 'Signing secret',
  secretHelp:
    'The whole text under Signing secret on the page of the endpoint, including whsec_. While Stripe rolls the ' +
    'secret, enter the old one in the field below.',
  header: signatureHeader,
  read(headers) {
    const header = headers[signatureHeader];
    if (header === undefined || header === '') {
      return { ok: false, code: 'signature_missing', message: `the header ${signatureHeader} is missing` };
    }
    let timestamp: string | null = null;
    const signatures: string[] = [];
    for (const part of header.split(',', 32)) {
      const [, name, value] = /^\s*([a-z0-9]+)=(.*?)\s*$/.exec(part) ?? [];
      if (name === undefined || value === undefined) continue;
      if (name === 't') timestamp ??= value;
      // v0 is of no use: Stripe sends it beside v1 for test mode only.
      else if (name === 'v1') signatures.push(value);
    }
    if (timestamp === null || signatures.length === 0) {
      const lacking = timestamp === null ? 'no "t=", the time' : 'no "v1=", the signature';
      return { ok: false, code: 'signature_malformed', message: `the header ${signatureHeader} holds ${lacking}` };
    }
    return { ok: true, timestamp, signatures };
  },
  prefix: (timestamp) => `${timestamp}.`,
  write: (timestamp, signature) => ({ [signatureHeader]: `t=${timestamp},v1=${signature}` }),
});

const verification = offerSchemes(scheme, none);

/** With this and the publishable key, which is public, any client can go on with a customer's payment. */
const secretFields = ['client_secret'];

export const stripe = definePreset({
  id: 'stripe',
  label: 'Stripe',
  description:
    'Events of a Stripe account. In Stripe: Workbench, Webhooks, Add destination. Paste the address of this ' +
    'source as endpoint URL, choose the events, and copy the signing secret. Live events need an HTTPS ' +
    'address. For tests, stripe listen --forward-to forwards events to this machine and prints a separate ' +
    'secret. The client_secret of payments is masked before anything is stored.',
  settings: noSettings,
  verification,
  defaults: {
    answerStatus: 200,
    // Stripe repeats for up to three days.
    rateLimit: highRateLimit,
  },
  sample: {
    document: {
      id: 'evt_1PdepotQ4m7Zk2xA',
      object: 'event',
      api_version: '2025-09-30.clover',
      created: 1769846400,
      type: 'invoice.paid',
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: {
        object: {
          id: 'in_1PdepotR8v3Ytq1B',
          object: 'invoice',
          customer: 'cus_Depot31',
          currency: 'eur',
          amount_due: 12500,
          amount_paid: 12500,
          status: 'paid',
        },
      },
    },
  },
  secretFields,

  prepare({ redaction }) {
    return {
      read(request, body) {
        const json = requireJson(body);
        if (!json.ok) return json;
        const payload = redaction.json(json.value);
        const checked = checkType(fieldOf(payload, 'type') ?? null);
        if (!checked.ok) {
          return { ok: false, code: 'type_not_found', message: `the event type in "type" ${checked.problem}` };
        }
        return {
          ok: true,
          events: [
            {
              type: checked.type,
              externalId: readExternalId(fieldOf(payload, 'id'), request.body),
              ...occurredAt(['created', fieldOf(payload, 'created')]),
              context: presentFields({
                // Events of the second API version name the account in `context`.
                account: fieldOf(payload, 'account') ?? fieldOf(payload, 'context'),
                livemode: fieldOf(payload, 'livemode'),
                apiVersion: fieldOf(payload, 'api_version'),
              }),
              payload,
            },
          ],
        };
      },
    };
  },
});
