import type { Json } from '../../../shared/contract/common.ts';
import { fieldOf, presentFields } from '../body/json-object.ts';
import { highRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { checkType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import type { Preset } from '../source-types.ts';
import { none } from '../verify/schemes/none.ts';
import { type AskPaypal, createPaypalIpn } from '../verify/schemes/paypal-ipn.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const textOf = (document: Json, name: string): string | undefined => {
  const value = fieldOf(document, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** `08:00:00 Jan 31, 2026 PST`: the one way in which IPN writes times. */
function timeOf(text: string | undefined): string | undefined {
  const [, clock, month, day, year, zone] =
    /^([\d:]{8}) (\w{3})\.? (\d{1,2}), (\d{4}) (P[SD]T)$/.exec(text ?? '') ?? [];
  if (clock === undefined) return text;
  return `${day} ${month} ${year} ${clock} ${zone === 'PDT' ? '-0700' : '-0800'}`;
}

/** Several messages are about one payment: each state counts once. */
function idOf(document: Json): string | undefined {
  const payment =
    textOf(document, 'txn_id') ?? textOf(document, 'recurring_payment_id') ?? textOf(document, 'subscr_id');
  if (payment === undefined) return textOf(document, 'ipn_track_id');
  const state = textOf(document, 'payment_status') ?? textOf(document, 'profile_status') ?? '';
  return [payment, textOf(document, 'txn_type') ?? '', state].join(' ');
}

export function createPaypalPreset(ask?: AskPaypal): Preset {
  return definePreset({
    id: 'paypal-ipn',
    label: 'PayPal IPN',
    description:
      'Instant Payment Notifications of PayPal. In PayPal: Account Settings, Website payments, Instant payment ' +
      'notifications. Paste the address of this source as Notification URL. Each message is sent back to PayPal to be ' +
      'verified, so this machine must be able to reach ipnpb.paypal.com. Types are the type and the state, such as ' +
      'web_accept.completed.',
    settings: noSettings,
    verification: offerSchemes(createPaypalIpn(ask), none),
    // PayPal retries for four days.
    defaults: { answerStatus: 200, rateLimit: highRateLimit },
    response: { body: '' },
    sample: {
      contentType: 'application/x-www-form-urlencoded',
      document:
        'txn_type=web_accept&payment_status=Completed&txn_id=4WE31&receiver_email=sales%40example.com' +
        '&mc_gross=125.00&mc_currency=EUR&payment_date=08%3A00%3A00+Jan+31%2C+2026+PST',
    },
    prepare: ({ redaction }) => ({
      read(request, body) {
        if (body.kind !== 'form') {
          const message =
            body.kind === 'problem' ? body.message : 'the body is not a form, which is all that IPN posts';
          return { ok: false, code: 'not_a_form', message };
        }
        const payload = redaction.json(body.fields);
        const state = textOf(payload, 'payment_status')?.toLowerCase();
        const kind = textOf(payload, 'txn_type') ?? (state === undefined ? undefined : 'payment');
        const checked = checkType(kind === undefined ? null : state === undefined ? kind : `${kind}.${state}`);
        if (!checked.ok) {
          const message = `the event type in the fields txn_type and payment_status of the form ${checked.problem}`;
          return { ok: false, code: 'type_not_found', message };
        }
        return {
          ok: true,
          events: [
            {
              type: checked.type,
              externalId: readExternalId(idOf(payload), request.body),
              ...occurredAt(['payment_date', timeOf(textOf(payload, 'payment_date'))]),
              context: presentFields({
                receiver: fieldOf(payload, 'receiver_email'),
                payer: fieldOf(payload, 'payer_id'),
                currency: fieldOf(payload, 'mc_currency'),
                sandbox: textOf(payload, 'test_ipn') === '1' ? true : undefined,
              }),
              payload,
            },
          ],
        };
      },
    }),
  });
}

export const paypalIpn = createPaypalPreset();
