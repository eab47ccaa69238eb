import { z } from 'zod';
import { type Json, jsonSchema } from '../../../shared/contract/common.ts';
import { readRawText } from '../charset/raw-text.ts';
import { highRateLimit } from '../default-rates.ts';
import { definePreset } from '../define-preset.ts';
import { bodyPayload, checkType, guessType, queryPayload, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import { compilePathSetting, type PathReading, startPathReading } from '../json-path/path-setting.ts';
import type { IncomingRequest, ReadEvents } from '../source-types.ts';
import { headerNameSchema } from '../verify/header-name.ts';
import { basic } from '../verify/schemes/basic.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { sendgrid } from '../verify/schemes/sendgrid.ts';
import { standardWebhooks } from '../verify/schemes/standard-webhooks.ts';
import { token } from '../verify/schemes/token.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

/** Where a field of the event comes from: a JSONPath over the body, a header, a query parameter, or always the same. */
const selectorSchema = z.union(
  [
    z.string().min(1).max(1000),
    z.strictObject({ header: headerNameSchema }),
    z.strictObject({ query: z.string().min(1).max(100) }),
    z.strictObject({ const: jsonSchema }),
  ],
  {
    error: 'must be a JSONPath such as $.event, or {header: name}, {query: name} or {const: value}',
  },
);
type Selector = z.infer<typeof selectorSchema>;

const eventSchema = z.strictObject({
  type: selectorSchema.optional(),
  id: selectorSchema.optional(),
  occurredAt: selectorSchema.optional(),
  context: selectorSchema.optional(),
  query: z.boolean().optional(),
});

const verification = offerSchemes(none, token, basic, hmac, standardWebhooks, sendgrid);

interface Reader {
  /** For messages: `the JSONPath $.event`. */
  where: string;
  read(request: IncomingRequest, document: Json, reading: PathReading): Json | undefined;
}

function compileSelector(slug: string, name: string, selector: Selector): Reader {
  if (typeof selector === 'string') {
    const find = compilePathSetting(slug, name, selector);
    return { where: `the JSONPath ${selector}`, read: (_request, document, reading) => find(document, reading) };
  }
  if ('header' in selector) {
    const { header } = selector;
    return {
      where: `the header ${header}`,
      read({ headers }) {
        const value = headers[header];
        return value === undefined ? undefined : readRawText(value);
      },
    };
  }
  if ('query' in selector) {
    const { query } = selector;
    return { where: `the query parameter "${query}"`, read: (request) => request.query.get(query) ?? undefined };
  }
  return { where: 'the constant', read: () => selector.const };
}

/** Any system that posts JSON, a form or text: the person says where type, id, time and context are. */
export const generic = definePreset({
  id: 'generic',
  label: 'Generic webhook',
  description:
    'For any system that sends HTTP requests. Set where the type and ID are in the body, and how deliveries ' +
    'are verified.',
  settings: eventSchema,
  fields: ({ verification }) => [
    {
      path: 'event.type',
      label: 'Type',
      kind: 'jsonpath',
      example: '$.event',
      help:
        'Path of the event type in the body. Default: the first of type, event, event_type, eventType, topic, ' +
        'action and name that is text, else the name of the source followed by ".received". A delivery without a ' +
        'value at this path is refused.',
    },
    {
      path: 'event.id',
      label: 'Id',
      kind: 'jsonpath',
      example: '$.id',
      help:
        'The ID set by the sender. Another delivery with the same ID is a duplicate and starts no runs. Without a ' +
        'path, there is no deduplication.',
    },
    {
      path: 'event.occurredAt',
      label: 'Time',
      kind: 'jsonpath',
      example: '$.created_at',
      help:
        'When the event happened: a date and time in ISO 8601 or as in HTTP, email, Java and databases (UTC unless ' +
        'it names a zone), or seconds, milliseconds, microseconds or nanoseconds since 1970. An invalid time, such ' +
        'as 2026-02-30, is noted on the event, which then has no time.',
    },
    {
      path: 'event.context',
      label: 'Context',
      kind: 'jsonpath',
      example: '$.context',
      help: 'What the event is about, such as a space or an account, for conditions and searches on context.…',
    },
    {
      path: 'event.query',
      label: 'Read the query string',
      kind: 'boolean',
      help:
        'For senders that put everything in the address: without a body, the query becomes the payload. Parameters ' +
        'with secrets are omitted.',
    },
    ...verification,
  ],
  verification,
  defaults: {
    answerStatus: 202,
    // The sender is unknown: some repeat what is answered 429, some do not.
    rateLimit: highRateLimit,
  },
  sample: {
    document: {
      event: 'order.created',
      id: 'ord_1001',
      created_at: '2026-01-31T08:00:00Z',
      order: { total: 125, currency: 'EUR' },
    },
  },
  masks: false,
  prepare({ spec, event, verify }) {
    const compile = (name: string, selector: Selector | undefined): Reader | null =>
      selector === undefined ? null : compileSelector(spec.slug, name, selector);
    const type = compile('type', event.type);
    const id = compile('id', event.id);
    const time = compile('occurredAt', event.occurredAt);
    const context = compile('context', event.context);

    function readType(
      request: IncomingRequest,
      document: Json,
      reading: PathReading,
    ): { ok: true; type: string } | { ok: false; message: string } {
      if (type === null) return { ok: true, type: guessType(document, spec.slug) };
      const found = type.read(request, document, reading);
      if (found === undefined || found === null) {
        return { ok: false, message: `${type.where} finds no event type in this delivery` };
      }
      const checked = checkType(found);
      return checked.ok ? checked : { ok: false, message: `the event type at ${type.where} ${checked.problem}` };
    }

    return {
      read(request, body): ReadEvents {
        if (body.kind === 'problem') return { ok: false, code: 'unreadable_body', message: body.message };
        const document =
          body.kind === 'none' && event.query === true
            ? queryPayload(request, verify.masking.clearQuery)
            : bodyPayload(body);
        const reading = startPathReading();
        const { notes } = reading;
        const typed = readType(request, document, reading);
        if (!typed.ok) return { ok: false, code: 'type_not_found', message: typed.message, notes };
        return {
          ok: true,
          notes,
          events: [
            {
              type: typed.type,
              externalId: id === null ? null : readExternalId(id.read(request, document, reading), request.body),
              ...occurredAt([time?.where ?? '', time?.read(request, document, reading)]),
              context: context?.read(request, document, reading) ?? {},
              payload: document,
            },
          ],
        };
      },
    };
  },
});
