import { fieldOf, requireJson } from '../../../electron/sources/body/json-object.ts';
import { highRateLimit } from '../../../electron/sources/default-rates.ts';
import { definePreset, noSettings } from '../../../electron/sources/define-preset.ts';
import { guessType, readExternalId } from '../../../electron/sources/events/event-fields.ts';
import { occurredAt } from '../../../electron/sources/events/event-time.ts';
import { fixScheme } from '../../../electron/sources/verify/schemes/fixed-scheme.ts';
import { hmac } from '../../../electron/sources/verify/schemes/hmac.ts';
import { none } from '../../../electron/sources/verify/schemes/none.ts';
import { offerSchemes } from '../../../electron/sources/verify/verify-choice.ts';

const signature = fixScheme(
  hmac,
  { header: 'x-acme-signature', algorithm: 'sha256', encoding: 'hex', prefix: '' },
  { label: "Acme's signature", secretLabel: 'Secret', secretHelp: 'As shown by Acme.' },
);

export const acmePreset = definePreset({
  id: 'acme',
  label: 'Acme',
  description: 'Parcels of Acme.',
  settings: noSettings,
  verification: offerSchemes(signature, none),
  defaults: { answerStatus: 202, rateLimit: highRateLimit },
  sample: { document: { id: 'prc_1', kind: 'parcel.sent' } },
  secretFields: ['pin'],

  prepare: ({ spec, redaction }) => ({
    read(request, body) {
      const json = requireJson(body);
      if (!json.ok) return json;
      const payload = redaction.json(json.value);
      return {
        ok: true,
        events: [
          {
            type: guessType({ type: fieldOf(payload, 'kind') ?? null }, spec.slug),
            externalId: readExternalId(fieldOf(payload, 'id'), request.body),
            ...occurredAt(['sentAt', fieldOf(payload, 'sentAt')]),
            context: {},
            payload,
          },
        ],
      };
    },
  }),
});
