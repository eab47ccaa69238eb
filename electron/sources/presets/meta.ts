import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import { secretRefSchema } from '../../../shared/contract/common.ts';
import { fieldOf, isJsonObject, type JsonObject, omitFields } from '../body/json-object.ts';
import { contentId, defineJsonPreset } from '../define-json-preset.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { checkSecretShape, secretFields, secretSchema, secretShape } from '../verify/secret-list.ts';
import { offerSchemes } from '../verify/verify-choice.ts';
import { defineScheme } from '../verify/verify-scheme.ts';

const signature = defineScheme({
  id: 'hmac',
  label: "Meta's signature",
  schema: z
    .strictObject({ scheme: z.literal('hmac'), verifyToken: secretSchema.optional(), ...secretShape })
    .superRefine(checkSecretShape),
  fields: [
    ...secretFields('App secret', 'From the app dashboard: App settings, Basic.'),
    {
      path: 'verify.verifyToken',
      label: 'Verify token',
      kind: 'secret' as const,
      help: 'A text of your choice, entered on the Webhooks page of the app too. Meta is answered only when it sends it.',
    },
  ],
  prepare: ({ verifyToken: _asked, ...settings }, readSecret) =>
    hmac.prepare({ ...settings, header: 'x-hub-signature-256', prefix: 'sha256=' }, readSecret),
});

/** Messenger and Instagram name no field; the key beside sender and recipient says what it is. */
const messagingFields: Readonly<Record<string, string>> = {
  message: 'messages',
  postback: 'messaging_postbacks',
  delivery: 'message_deliveries',
  read: 'message_reads',
  reaction: 'message_reactions',
  optin: 'messaging_optins',
  referral: 'messaging_referrals',
  account_linking: 'messaging_account_linking',
};

interface Part {
  object: Json | undefined;
  entry: JsonObject;
  field: string;
  change: Json;
}

/** One part for each change or message of each entry, in which `entry` is what is said once for them. */
function partsOf(document: Json): Json[] | undefined {
  const entries = fieldOf(document, 'entry');
  if (!Array.isArray(entries)) return undefined;
  return entries.flatMap((entry): Json[] => {
    if (!isJsonObject(entry)) return [];
    const around = omitFields(entry, ['changes', 'messaging', 'standby']);
    const lists = [fieldOf(entry, 'changes'), fieldOf(entry, 'messaging'), fieldOf(entry, 'standby')];
    return lists.flatMap((list) => (Array.isArray(list) ? list : [])).map((change) => ({ entry: around, change }));
  });
}

function readPart(item: Json, document: Json): Part {
  const change = fieldOf(item, 'change') ?? null;
  const entry = fieldOf(item, 'entry');
  const named = fieldOf(change, 'field');
  const key = Object.keys(messagingFields).find((name) => fieldOf(change, name) !== undefined);
  const field = typeof named === 'string' ? named : key === undefined ? 'messaging' : (messagingFields[key] ?? key);
  return { object: fieldOf(document, 'object'), entry: isJsonObject(entry) ? entry : {}, field, change };
}

export const meta = defineJsonPreset({
  id: 'meta',
  label: 'Meta (Facebook, Instagram, WhatsApp)',
  description:
    'Webhooks of a Meta app. Set the app secret and a verify token here first. In the app dashboard: Webhooks, choose ' +
    'the object, paste the address of this source as Callback URL and the same verify token; the challenge is answered ' +
    'automatically. Each change or message is one event. Types are the object and the field, such as page.feed or ' +
    'whatsapp_business_account.messages.',
  verification: offerSchemes(signature, none),
  challenge({ verify = {} }) {
    const token = secretRefSchema.safeParse(verify.verifyToken);
    return token.success ? { query: 'hub.challenge', verify: token.data } : null;
  },
  sample: {
    document: {
      object: 'page',
      entry: [
        {
          id: '100310000004409',
          time: 1769846400,
          changes: [
            { field: 'feed', value: { item: 'post', verb: 'add', post_id: '100310000004409_1', from: { id: '31' } } },
          ],
        },
      ],
    },
  },
  split: partsOf,
  typeIn: '"object"',
  type({ item, document }) {
    const { object, field } = readPart(item, document);
    return typeof object === 'string' ? `${object}.${field}` : undefined;
  },
  externalId({ item, document }) {
    const { object, entry, change } = readPart(item, document);
    return contentId(object, entry, change);
  },
  time({ item, document }) {
    const { entry, change } = readPart(item, document);
    const sent = fieldOf(change, 'timestamp');
    return sent === undefined ? ['entry.time', fieldOf(entry, 'time')] : ['timestamp', sent];
  },
  context({ item, document }) {
    const { object, entry, field } = readPart(item, document);
    return { object, id: fieldOf(entry, 'id'), field };
  },
});
