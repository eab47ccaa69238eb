import type { Json } from '../../../shared/contract/common.ts';
import { fieldOf, presentFields } from '../body/json-object.ts';
import { noRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { bodyPayload, checkType, readExternalId } from '../events/event-fields.ts';
import { none } from '../verify/schemes/none.ts';
import { twilio as scheme } from '../verify/schemes/twilio.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

/** The field that holds the state of what the request is about, and what that is. */
const kinds = [
  ['MessageStatus', 'message'],
  ['CallStatus', 'call'],
  ['RecordingStatus', 'recording'],
  ['StatusCallbackEvent', 'status'],
  ['SmsStatus', 'message'],
  ['EventType', 'conversation'],
] as const;

const subjects = ['MessageSid', 'SmsSid', 'CallSid', 'RecordingSid', 'ConferenceSid', 'ConversationSid'] as const;

function typeOf(document: Json): string {
  for (const [field, kind] of kinds) {
    const state = fieldOf(document, field);
    if (typeof state === 'string' && state !== '') return `${kind}.${state}`;
  }
  return 'request';
}

export const twilio = definePreset({
  id: 'twilio',
  label: 'Twilio',
  description:
    'Incoming messages and calls, and status callbacks of Twilio. Paste the address of this source as webhook or ' +
    'status callback, and set the auth token here. Types are the kind and the state, such as message.received, ' +
    'message.delivered or call.completed. The answer is empty TwiML: Twilio sends nothing back.',
  settings: noSettings,
  verification: offerSchemes(scheme, none),
  // Twilio tries a webhook once, and again only where the address asks it to.
  defaults: { answerStatus: 200, rateLimit: noRateLimit },
  response: {
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
  },
  sample: {
    contentType: 'application/x-www-form-urlencoded',
    document: 'MessageSid=SM31&AccountSid=AC31&From=%2B4915100004409&To=%2B4915100000031&Body=Weigh&SmsStatus=received',
  },
  prepare: ({ redaction }) => ({
    read(request, body) {
      if (body.kind === 'problem') return { ok: false, code: 'unreadable_body', message: body.message };
      const payload = redaction.json(bodyPayload(body));
      const checked = checkType(typeOf(payload));
      if (!checked.ok)
        return { ok: false, code: 'type_not_found', message: `the state in the form ${checked.problem}` };
      const subject = subjects.map((name) => fieldOf(payload, name)).find((value) => typeof value === 'string');
      const id = request.headers['i-twilio-idempotency-token'] ?? (subject && `${String(subject)} ${checked.type}`);
      return {
        ok: true,
        events: [
          {
            type: checked.type,
            externalId: readExternalId(id, request.body),
            occurredAtMs: null,
            context: presentFields({
              account: fieldOf(payload, 'AccountSid'),
              subject,
              from: fieldOf(payload, 'From'),
              to: fieldOf(payload, 'To'),
            }),
            payload,
          },
        ],
      };
    },
  }),
});
