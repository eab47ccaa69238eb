import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { EventDraft } from '../../intake/intake-types.ts';
import { highRateLimit } from '../default-rates.ts';
import { definePreset } from '../define-preset.ts';
import { bodyPayload, checkType, guessType, queryPayload, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import { readEach } from '../events/read-items.ts';
import { compileSelector, type Reader, type Selector, selectorSchema } from '../events/selector.ts';
import { compileEach, eachSchema, limitContext } from '../events/split-body.ts';
import { type PathReading, startPathReading } from '../json-path/path-setting.ts';
import type { IncomingRequest, ReadEvents } from '../source-types.ts';
import { basic } from '../verify/schemes/basic.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { sendgrid } from '../verify/schemes/sendgrid.ts';
import { standardWebhooks } from '../verify/schemes/standard-webhooks.ts';
import { token } from '../verify/schemes/token.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const eventSchema = z.strictObject({
  each: eachSchema.optional(),
  type: selectorSchema.optional(),
  id: selectorSchema.optional(),
  occurredAt: selectorSchema.optional(),
  /** The same as `occurredAt`. */
  time: selectorSchema.optional(),
  context: selectorSchema.optional(),
  query: z.boolean().optional(),
});

const verification = offerSchemes(none, token, basic, hmac, standardWebhooks, sendgrid);

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
      path: 'event.each',
      label: 'Split',
      kind: 'text',
      example: '$.alerts[*]',
      help:
        'One event an element: $[*] where the body is a list, $.alerts[*] where a field holds it, or lines for JSON ' +
        'lines. Type, id and time are then looked for in the element, and what surrounds the list becomes the context.',
    },
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
    const { slug } = spec;
    if (event.time !== undefined && event.occurredAt !== undefined) {
      const message = 'cannot be combined with "occurredAt", which means the same: give one of them';
      throw new AppError('invalid_input', `source "${slug}": event.time ${message}`, [
        { path: ['event', 'time'], message },
      ]);
    }
    const compile = (name: string, selector: Selector | undefined): Reader | null =>
      selector === undefined ? null : compileSelector(slug, name, selector);
    const type = compile('type', event.type);
    const id = compile('id', event.id);
    const time = compile(event.time === undefined ? 'occurredAt' : 'time', event.time ?? event.occurredAt);
    const context = compile('context', event.context);
    const split = event.each === undefined ? null : compileEach(slug, event.each);

    function readType(
      request: IncomingRequest,
      document: Json,
      reading: PathReading,
    ): { ok: true; type: string } | { ok: false; message: string } {
      if (type === null) return { ok: true, type: guessType(document, slug) };
      const found = type.read(request, document, reading);
      if (found === undefined || found === null) {
        return { ok: false, message: `${type.where} finds no event type in this delivery` };
      }
      const checked = checkType(found);
      return checked.ok ? checked : { ok: false, message: `the event type at ${type.where} ${checked.problem}` };
    }

    /** `index`: of an element; null for the whole body. */
    function readId(request: IncomingRequest, document: Json, reading: PathReading, index: number | null) {
      const found = readExternalId(id?.read(request, document, reading), request.body);
      // What is not in the body is the same for all elements, of which only the first would count.
      return found === null || index === null || id?.isInBody !== false ? found : `${found}#${index + 1}`;
    }

    type Read = { ok: true; event: EventDraft } | { ok: false; problem: string };
    function readEvent(
      request: IncomingRequest,
      document: Json,
      reading: PathReading,
      index: number | null,
      around: Json,
    ): Read {
      const typed = readType(request, document, reading);
      if (!typed.ok) return { ok: false, problem: typed.message };
      return {
        ok: true,
        event: {
          type: typed.type,
          externalId: readId(request, document, reading, index),
          ...occurredAt([time?.where ?? '', time?.read(request, document, reading)]),
          context: around,
          payload: document,
        },
      };
    }

    return {
      read(request, body): ReadEvents {
        const reading = startPathReading();
        const { notes } = reading;
        if (split !== null) {
          const parts = split(request, body, reading);
          if (!parts.ok) return parts;
          const found = context === null ? parts.envelope : (context.read(request, parts.document, reading) ?? {});
          const around = limitContext(parts.elements.length, found, context === null);
          const items = parts.elements.map((element, index) => ({ element, index }));
          const read = readEach(items, ({ element, index }) =>
            'problem' in element
              ? { ok: false, problem: element.problem }
              : readEvent(request, element.value, reading, index, around.context),
          );
          const all = [...notes, ...parts.notes, ...around.notes, ...read.notes];
          if (read.problem !== null && read.events.length === 0) {
            const message = `${read.problem}; none of the events was taken`;
            return { ok: false, code: 'type_not_found', message, notes: all };
          }
          return { ok: true, events: read.events, notes: all };
        }
        if (body.kind === 'problem') return { ok: false, code: 'unreadable_body', message: body.message };
        const document =
          body.kind === 'none' && event.query === true
            ? queryPayload(request, verify.masking.clearQuery)
            : bodyPayload(body);
        const around = context?.read(request, document, reading) ?? {};
        const read = readEvent(request, document, reading, null, around);
        return read.ok
          ? { ok: true, notes, events: [read.event] }
          : { ok: false, code: 'type_not_found', message: read.problem, notes };
      },
    };
  },
});
