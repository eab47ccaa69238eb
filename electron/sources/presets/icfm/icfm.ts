import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../../../../shared/contract/common.ts';
import { durationMs, durationSchema } from '../../../../shared/contract/duration.ts';
import type { EventDraft } from '../../../intake/intake-types.ts';
import { isJsonObject, type JsonObject } from '../../body/json-object.ts';
import { noRateLimit } from '../../default-rates.ts';
import { definePreset } from '../../define-preset.ts';
import { checkType, readExternalId } from '../../events/event-fields.ts';
import { occurredAt } from '../../events/event-time.ts';
import { compilePathSetting, startPathReading } from '../../json-path/path-setting.ts';
import type { IncomingRequest, ReadEvents } from '../../source-types.ts';
import { none } from '../../verify/schemes/none.ts';
import { maskSubpath, urlToken } from '../../verify/schemes/url-token.ts';
import { offerSchemes } from '../../verify/verify-choice.ts';
import { readIcfmDocument } from './icfm-document.ts';

const usualTypeFields = ['event', 'event_type', 'eventType', 'type', 'action', 'name'];

const pathSchema = z.string().min(1).max(1000);
const eventSchema = z.strictObject({
  typeFields: z
    .array(z.string().min(1, 'must not be empty').max(100, 'must be at most 100 characters'))
    .min(1, 'must name at least one field')
    .max(20, 'must be at most 20 names')
    .optional(),
  id: pathSchema.optional(),
  occurredAt: pathSchema.optional(),
  dedupeWindow: durationSchema(1000, 24 * 3_600_000).optional(),
});

const verification = offerSchemes(urlToken, none);

/** Each request has another multipart boundary, which would make a repeat look like a new event. */
function bodyWithoutBoundary(request: IncomingRequest): string {
  const text = request.body.toString('latin1');
  const boundary = /;\s*boundary="?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  return boundary === undefined ? text : text.replaceAll(boundary, '');
}

/** The same for the same body and query within one window; `floor(now / window)` names the window. */
function createHashedId(windowMs: number) {
  return (request: IncomingRequest, query: JsonObject): string => {
    const hash = createHash('sha256').update(JSON.stringify(query)).update('\n').update(bodyWithoutBoundary(request));
    return `${hash.digest('hex')}-${Math.floor(request.receivedAtMs / windowMs)}`;
  };
}

function findType(places: readonly JsonObject[], names: readonly string[]): string | null {
  for (const place of places) {
    for (const name of names) {
      const checked = Object.hasOwn(place, name) ? checkType(place[name] ?? null) : null;
      if (checked?.ok) return checked.type;
    }
  }
  return null;
}

/** `/in/<slug>` and what follows it up to the query. */
const address = /^(\/in\/[^/?]+)([^?]*)/;

/**
 * CETA iCFM's Event Queue. Nothing is published of what it sends, so everything that a web service could be sent is
 * read: GET or POST, JSON, a form, multipart, a query, JSON inside a field. The payload is what was read; the query
 * beside a body is `context.query`. A list of objects that each have a type is one event an object.
 */
export const icfm = definePreset({
  id: 'icfm',
  label: 'CETA iCFM Event Queue',
  description:
    'For the address that CETA Support sets up in iCFM, which can end in /listen.php. Accepts GET and POST ' +
    'with JSON, a form or only a query. iCFM is a cloud service: put a reverse proxy with HTTPS in front.',
  settings: eventSchema,
  fields: ({ verification, redact }) => [
    {
      path: 'event.typeFields',
      label: 'Type fields',
      kind: 'list',
      defaultValue: usualTypeFields.join(', '),
      help:
        'CETA documents the names of events, not where in a request they are. The first of these fields that holds ' +
        `text is the type: ${usualTypeFields.join(', ')} unless you name others. Looked for in the body, in JSON inside ` +
        'its fields and in the query; without one the type is the name of the source followed by ".received".',
    },
    {
      path: 'event.id',
      label: 'Id',
      kind: 'jsonpath',
      example: '$.id',
      help:
        'CETA documents no event ID. Set a path only if its value is unique for each event. The ID of a project is ' +
        'not: its second change would count as a duplicate of the first.',
    },
    {
      path: 'event.dedupeWindow',
      label: 'Deduplication window',
      kind: 'duration',
      example: '30s',
      help:
        'The same body and query within this time counts as a duplicate. Leave empty to turn off. Windows follow ' +
        'the clock: a duplicate across the edge of two windows counts as new. Two different events with the same ' +
        'content within a window become one.',
    },
    {
      path: 'event.occurredAt',
      label: 'Time',
      kind: 'jsonpath',
      example: '$.timestamp',
      help: 'When the event happened, if the sender includes it. Not documented by CETA.',
    },
    redact,
    ...verification,
  ],
  verification,
  defaults: {
    methods: ['GET', 'POST'],
    answerStatus: 200,
    // Nothing says that it repeats a request.
    rateLimit: noRateLimit,
  },
  sample: {
    document: { event: 'project_status_change', project: { id: 4021, name: 'Spring catalog', status: 'Approved' } },
  },
  prepare({ spec, event, redaction, verify }) {
    const typeFields = event.typeFields ?? usualTypeFields;
    const compile = (name: 'id' | 'occurredAt') => {
      const path = event[name];
      return path === undefined ? null : compilePathSetting(spec.slug, name, path);
    };
    const findId = compile('id');
    const findTime = compile('occurredAt');
    const hashedId = event.dedupeWindow === undefined ? null : createHashedId(durationMs(event.dedupeWindow));

    return {
      read(request, body): ReadEvents {
        const read = readIcfmDocument(request, body, verify.masking.clearQuery);
        if (!read.ok) return read;
        const hash = hashedId?.(request, read.query) ?? null;
        const hasQuery = !read.isQuery && Object.keys(read.query).length > 0;
        const reading = startPathReading();
        const context: Json = hasQuery ? { query: redaction.json(read.query) } : {};
        const draft = (document: Json, type: string | null, place: string): EventDraft => ({
          type: type ?? `${spec.slug}.received`,
          externalId:
            (findId === null ? null : readExternalId(findId(document, reading), request.body)) ??
            (hash && `${hash}${place}`),
          ...occurredAt([event.occurredAt ?? '', findTime?.(document, reading)]),
          context,
          payload: redaction.json(document),
        });

        if (Array.isArray(read.document)) {
          const items = read.document.map((item) => ({
            item,
            type: isJsonObject(item) ? findType([item], typeFields) : null,
          }));
          if (items.length > 0 && items.every(({ type }) => type !== null)) {
            const events = items.map(({ item, type }, i) => draft(item, type, `-${i}`));
            return { ok: true, events, notes: [...(read.notes ?? []), ...reading.notes] };
          }
        }
        const events = [draft(read.document, findType(read.places, typeFields), '')];
        return { ok: true, events, notes: [...(read.notes ?? []), ...reading.notes] };
      },
      redact(delivery) {
        redaction.delivery(delivery);
        if (verify.masking.clearQuery.length === 0) return;
        delivery.url = delivery.url.replace(address, (_all, start: string, rest: string) => start + maskSubpath(rest));
      },
    };
  },
});
