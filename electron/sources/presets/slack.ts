import type { Json } from '../../../shared/contract/common.ts';
import { isVerified } from '../answer/challenge.ts';
import { fieldOf, isJsonObject, type JsonObject, presentFields, requireJson } from '../body/json-object.ts';
import { readPayloadField } from '../body/payload-field.ts';
import { noRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { checkType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import type { FormFields, ReadBody, ReadEvents } from '../source-types.ts';
import { none } from '../verify/schemes/none.ts';
import { defineTimedHmac } from '../verify/schemes/timed-hmac.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const signatureHeader = 'x-slack-signature';
const timeHeader = 'x-slack-request-timestamp';

const scheme = defineTimedHmac({
  id: 'slack',
  label: "Slack's signature",
  secretLabel: 'Signing secret',
  secretHelp: 'In Slack: Basic Information, App Credentials, Signing Secret. Not the verification token.',
  header: signatureHeader,
  read(headers) {
    const signature = headers[signatureHeader];
    const timestamp = headers[timeHeader];
    if (!signature || !timestamp) {
      const missing = [!signature && signatureHeader, !timestamp && timeHeader].filter((name) => name !== false);
      return { ok: false, code: 'signature_missing', message: `missing: ${missing.join(', ')}` };
    }
    const signatures = signature
      .split(',', 32)
      .map((text) => text.trim())
      .filter((text) => text.startsWith('v0='));
    if (signatures.length === 0) {
      const message = `the header ${signatureHeader} does not start with "v0="`;
      return { ok: false, code: 'signature_malformed', message };
    }
    return { ok: true, timestamp, signatures: signatures.map((text) => text.slice(3)) };
  },
  prefix: (timestamp) => `v0:${timestamp}:`,
  write: (timestamp, signature) => ({ [signatureHeader]: `v0=${signature}`, [timeHeader]: timestamp }),
});

const verification = offerSchemes(scheme, none);

/** The verification token, which came before signatures: whoever knows it passes for Slack with older apps. */
const secretFields = ['token'];

const textOf = (fields: FormFields, name: string): string | undefined => {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** `{"id": "T1", …}` or the id itself, as the several kinds of delivery have it. */
const idOf = (value: Json | undefined): Json | undefined => (typeof value === 'string' ? value : fieldOf(value, 'id'));

type Read = Extract<ReadEvents, { ok: true }>['events'][number];

function readEnvelope(document: Json, body: Buffer): Read | null {
  const event = fieldOf(document, 'event');
  // Events of the app itself (app_rate_limited) come without an inner event.
  const checked = checkType(fieldOf(event, 'type') ?? fieldOf(document, 'type') ?? null);
  if (!checked.ok) return null;
  return {
    type: checked.type,
    externalId: readExternalId(fieldOf(document, 'event_id'), body),
    ...occurredAt(['event_time', fieldOf(document, 'event_time')]),
    context: presentFields({
      team: fieldOf(document, 'team_id'),
      app: fieldOf(document, 'api_app_id'),
      channel: idOf(fieldOf(event, 'channel')),
      user: idOf(fieldOf(event, 'user')),
      subtype: fieldOf(event, 'subtype'),
    }),
    payload: document,
  };
}

/** A button pressed, a dialog sent: `block_actions`, `view_submission`, `shortcut` … */
function readInteraction(document: Json, body: Buffer): Read | null {
  const checked = checkType(fieldOf(document, 'type') ?? null);
  if (!checked.ok) return null;
  return {
    type: checked.type,
    externalId: readExternalId(fieldOf(document, 'trigger_id'), body),
    ...occurredAt(['action_ts', fieldOf(document, 'action_ts')]),
    context: presentFields({
      team: idOf(fieldOf(document, 'team')),
      app: fieldOf(document, 'api_app_id'),
      channel: idOf(fieldOf(document, 'channel')),
      user: idOf(fieldOf(document, 'user')),
      callback: fieldOf(document, 'callback_id') ?? fieldOf(fieldOf(document, 'view'), 'callback_id'),
    }),
    payload: document,
  };
}

function readCommand(fields: JsonObject, command: string, body: Buffer): Read {
  return {
    type: 'slash_command',
    externalId: readExternalId(fields.trigger_id, body),
    occurredAtMs: null,
    context: presentFields({
      command,
      team: fields.team_id,
      app: fields.api_app_id,
      channel: fields.channel_id,
      user: fields.user_id,
    }),
    payload: fields,
  };
}

const notSlack = (what: string): ReadEvents => ({ ok: false, code: 'type_not_found', message: what });

export const slack = definePreset({
  id: 'slack',
  label: 'Slack',
  description:
    'Events, buttons, dialogs and slash commands of a Slack app. Set the signing secret here first. Then, on ' +
    'the pages of the app, paste the address of this source as Request URL under Event Subscriptions, ' +
    'Interactivity and each slash command: Slack checks it immediately with a challenge signed with that ' +
    'secret. The answer is empty, so Slack shows nothing; a job replies through the response_url of the ' +
    'payload.',
  settings: noSettings,
  verification,
  defaults: {
    answerStatus: 200,
    // Buttons, dialogs and commands come once; events are repeated three times and stop when too many fail.
    rateLimit: noRateLimit,
  },
  sample: {
    document: {
      team_id: 'T0DEPOT01',
      api_app_id: 'A0LAMP001',
      type: 'event_callback',
      event_id: 'Ev0DEPOT4409',
      event_time: 1769846400,
      event: {
        type: 'app_mention',
        user: 'U0MILA001',
        channel: 'C0YARD001',
        text: '<@U0LAMP001> how long did the last run take?',
        ts: '1769846400.000200',
        event_ts: '1769846400.000200',
      },
    },
  },
  response: { body: '' },

  secretFields,

  prepare({ redaction, verify }) {
    function readForm(fields: FormFields, body: Buffer): ReadEvents {
      const payload = readPayloadField(fields);
      if (payload !== null) {
        if (!payload.ok) return payload;
        const read = readInteraction(redaction.json(payload.value), body);
        return read === null
          ? notSlack('the payload has no "type" to go by')
          : { ok: true, events: [read], notes: payload.notes };
      }
      const command = textOf(fields, 'command');
      // Now and then Slack only tries the certificate of a command's address.
      if (command === undefined && textOf(fields, 'ssl_check') === '1') return { ok: true, events: [] };
      if (command === undefined) return notSlack('the form has neither "payload" nor "command"');
      const clean = redaction.json(fields);
      return isJsonObject(clean)
        ? { ok: true, events: [readCommand(clean, command, body)] }
        : notSlack('the form cannot be read');
    }

    return {
      async handshake(request, body: ReadBody) {
        if (request.method !== 'POST' || body.kind !== 'json') return null;
        if (fieldOf(body.value, 'type') !== 'url_verification') return null;
        const challenge = fieldOf(body.value, 'challenge');
        if (typeof challenge !== 'string' || !(await isVerified(verify.verify, request))) return null;
        return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: challenge };
      },
      read(request, body) {
        if (body.kind === 'form') return readForm(body.fields, request.body);
        const json = requireJson(body);
        if (!json.ok) return json;
        const read = readEnvelope(redaction.json(json.value), request.body);
        return read === null
          ? notSlack('the body has neither "event.type" nor "type" to go by')
          : { ok: true, events: [read] };
      },
    };
  },
});
