import { z } from 'zod';
import type { Json } from '../../../../shared/contract/common.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import { describeIssue, issueDetails } from '../../../../shared/contract/explain-issues.ts';
import { delaySchema, dueAtOf } from '../../../../shared/contract/scheduled-events.ts';
import { fieldOf, isJsonObject, type JsonObject, omitFields, requireJson } from '../../body/json-object.ts';
import { noRateLimit } from '../../default-rates.ts';
import { definePreset } from '../../define-preset.ts';
import { checkType, guessType, readExternalId } from '../../events/event-fields.ts';
import { occurredAt } from '../../events/event-time.ts';
import { compilePathSetting, type PathReading, startPathReading } from '../../json-path/path-setting.ts';
import type { ReadEvents } from '../../source-types.ts';
import { basic } from '../../verify/schemes/basic.ts';
import { none } from '../../verify/schemes/none.ts';
import { token } from '../../verify/schemes/token.ts';
import { offerSchemes } from '../../verify/verify-choice.ts';
import { canonicalType } from './revoengine-types.ts';

const pathSchema = z.string().min(1).max(1000);
const eventSchema = z.strictObject({
  type: pathSchema.optional(),
  id: pathSchema.optional(),
  occurredAt: pathSchema.optional(),
  keepNames: z.boolean().optional(),
});

const verification = offerSchemes(token, basic, none);

/** The envelope's own fields; all other fields are kept in the context. */
const envelopeFields = ['type', 'metadata', 'message', 'inSeconds', 'scheduleFor'];

/** In an envelope these can only be the event's; in a document of the person's own an `id` is as likely a user's. */
const idInEnvelope = (envelope: Json): Json | undefined =>
  fieldOf(envelope, 'id') ?? fieldOf(fieldOf(envelope, 'metadata'), 'eventId');

const timeInEnvelope = (envelope: Json): Json | undefined => {
  const metadata = fieldOf(envelope, 'metadata');
  return fieldOf(metadata, 'createdAt') ?? fieldOf(metadata, 'timestamp');
};

/** `metadata` itself, so that `metadata.x` of a RevoEngine filter is `context.x` here. Its own names come first. */
function contextOf(document: Json, isEnvelope: boolean, sentType: string | null): JsonObject {
  const metadata = fieldOf(document, 'metadata');
  const others = isEnvelope && isJsonObject(document) ? omitFields(document, envelopeFields) : {};
  return {
    ...(sentType === null ? {} : { sentType }),
    ...(Object.keys(others).length === 0 ? {} : { otherFields: others }),
    ...(isJsonObject(metadata) ? metadata : {}),
  };
}

/** An envelope may put its event off, as the vendor's own call to run a custom event may. */
function readDelay(
  document: Json,
  nowMs: number,
): { ok: true; dueAtMs: number | null } | { ok: false; code: string; message: string } {
  const parsed = delaySchema.safeParse(document, { error: describeIssue });
  try {
    if (parsed.success) return { ok: true, dueAtMs: dueAtOf(parsed.data, nowMs) };
    const [first] = issueDetails(parsed.error.issues);
    const field = first?.path.join('.') || 'the delivery';
    return { ok: false, code: 'delay_invalid', message: `${field} ${first?.message ?? 'is not valid'}` };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, code: 'delay_invalid', message: error.message };
    throw error;
  }
}

/**
 * RevoEngine, whose HTTP steps post JSON of the person's own making with static headers. Of an envelope
 * `{type, metadata, message}` the event's payload is `message` and its context `metadata`, so that filters over
 * `message.…` and `metadata.…` read `payload.…` and `context.…`. Any other JSON is the payload as a whole.
 */
export const revoengine = definePreset({
  id: 'revoengine',
  label: 'RevoEngine',
  description:
    'Accepts requests of a RevoEngine job or event: the envelope {type, metadata, message}, or any JSON. An ' +
    'envelope can schedule its event with inSeconds or scheduleFor, up to 30 days ahead. RevoEngine does not ' +
    'sign, so add a static header with a token to its request.',
  settings: eventSchema,
  fields: ({ verification, redact }) => [
    {
      path: 'event.type',
      label: 'Type',
      kind: 'jsonpath',
      defaultValue: '$.type',
      help:
        'Path of the type, for bodies other than the usual envelope. Both spellings of a type are stored as one ' +
        '(USER_CREATED as USER_CREATE); context.sentType has the spelling that was sent. With a path set, a ' +
        'delivery without a value there is refused.',
    },
    {
      path: 'event.id',
      label: 'Id',
      kind: 'jsonpath',
      example: '$.metadata.eventId',
      help:
        'RevoEngine documents no event ID, and its correlation ID is shared by all events of one action. Default: ' +
        'id or metadata.eventId of an envelope. Other JSON has no ID and is not deduplicated.',
    },
    {
      path: 'event.occurredAt',
      label: 'Time',
      kind: 'jsonpath',
      example: '$.metadata.createdAt',
      help: 'When the event happened. Default: metadata.createdAt or metadata.timestamp.',
    },
    {
      path: 'event.keepNames',
      label: 'Keep names as sent',
      kind: 'boolean',
      help:
        'When off, a type that is not in capitals is treated as the name of a custom event: customer_sync becomes ' +
        'CUSTOM_CUSTOMER_SYNC, as in RevoEngine.',
    },
    redact,
    ...verification,
  ],
  verification,
  defaults: {
    answerStatus: 200,
    // Its HTTP requests come from jobs, which nothing repeats.
    rateLimit: noRateLimit,
  },
  sample: {
    document: {
      type: 'USER_CREATE',
      metadata: { correlationId: '5f0c2a34-8d1b-4a52-9c4e-0b7d1f2e3a45', accountId: 'acc_204' },
      message: { id: 'usr_3107', email: 'mila@example.com', role: 'editor' },
    },
  },
  prepare({ spec, event, redaction }) {
    const compile = (name: 'type' | 'id' | 'occurredAt') => {
      const path = event[name];
      return path === undefined ? null : compilePathSetting(spec.slug, name, path);
    };
    const findType = compile('type');
    const findId = compile('id');
    const findTime = compile('occurredAt');

    /** `sent` is null for the name that a delivery without a type gets from us. */
    function readType(
      document: Json,
      reading: PathReading,
    ): { ok: true; type: string; sent: string | null } | { ok: false; message: string } {
      if (findType === null) {
        const guessed = guessType(document, spec.slug);
        return { ok: true, type: guessed, sent: guessed === `${spec.slug}.received` ? null : guessed };
      }
      const found = findType(document, reading);
      if (found === undefined || found === null) {
        return { ok: false, message: `the JSONPath ${event.type} finds no event type in this delivery` };
      }
      const checked = checkType(found);
      return checked.ok
        ? { ok: true, type: checked.type, sent: checked.type }
        : { ok: false, message: `the event type at ${event.type} ${checked.problem}` };
    }

    return {
      read(request, body): ReadEvents {
        const json = requireJson(body);
        if (!json.ok) return json;
        const document = redaction.json(json.value);
        const reading = startPathReading();
        const { notes } = reading;
        const typed = readType(document, reading);
        if (!typed.ok) return { ok: false, code: 'type_not_found', message: typed.message, notes };
        const type = typed.sent === null ? typed.type : canonicalType(typed.sent, event.keepNames !== true);
        const checked = checkType(type);
        if (!checked.ok) {
          return { ok: false, code: 'type_not_found', message: `the event type ${checked.problem}` };
        }
        const message = fieldOf(document, 'message');
        const isEnvelope =
          message !== undefined && (typed.sent !== null || isJsonObject(fieldOf(document, 'metadata')));
        const delay = isEnvelope ? readDelay(document, request.receivedAtMs) : { ok: true as const, dueAtMs: null };
        if (!delay.ok) return delay;
        const id = findId === null ? (isEnvelope ? idInEnvelope(document) : undefined) : findId(document, reading);
        const time = findTime === null ? timeInEnvelope(document) : findTime(document, reading);
        return {
          ok: true,
          notes,
          events: [
            {
              type,
              externalId: readExternalId(id, request.body),
              ...occurredAt([event.occurredAt ?? 'metadata.createdAt or metadata.timestamp', time]),
              context: contextOf(document, isEnvelope, type === typed.sent ? null : typed.sent),
              payload: isEnvelope ? message : document,
              dueAtMs: delay.dueAtMs,
            },
          ],
        };
      },
    };
  },
});
