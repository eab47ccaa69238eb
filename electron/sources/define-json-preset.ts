import { createHash } from 'node:crypto';
import type { Json } from '../../shared/contract/common.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { presentFields, requireJson } from './body/json-object.ts';
import { highRateLimit } from './default-rates.ts';
import { definePreset, noSettings, type PresetDefinition } from './define-preset.ts';
import { checkType, readExternalId } from './events/event-fields.ts';
import { occurredAt } from './events/event-time.ts';
import { type ReadItem, readEach } from './events/read-items.ts';
import type { IncomingRequest, Preset } from './source-types.ts';
import type { PreparedVerify } from './verify/verify-scheme.ts';

type Definition = PresetDefinition<typeof noSettings>;

/** An event of a delivery, with the request that brought it and the document that it was in. */
export interface FoundItem {
  item: Json;
  document: Json;
  request: IncomingRequest;
}

type Extras = Pick<Definition, 'challenge' | 'response' | 'secretFields' | 'maxBodyBytes'> & {
  prepare?(verify: PreparedVerify): Partial<ReturnType<Definition['prepare']>>;
};

/** A preset of a vendor that posts JSON: where its events, and their types, ids and times are. */
export interface JsonPresetDefinition
  extends Pick<Definition, 'id' | 'label' | 'description' | 'verification' | 'sample'>,
    Extras {
  defaults?: Partial<Definition['defaults']>;
  /** The events of a delivery that holds several; undefined for what is not one of this vendor's. */
  split?(document: Json): readonly Json[] | undefined;
  /** For messages, after "the event type in". */
  typeIn: string;
  type(found: FoundItem): Json | undefined;
  externalId?(found: FoundItem): Json | undefined;
  time?(found: FoundItem): readonly [where: string, value: Json | undefined];
  context?(found: FoundItem): { [name: string]: Json | undefined };
}

/** For senders without ids: a repeat says the same, its time included. */
export const contentId = (...parts: readonly (Json | undefined)[]): string =>
  `sha256-${createHash('sha256')
    .update(stringifyExact(parts.map((part) => part ?? null)))
    .digest('hex')}`;

function readItem(definition: JsonPresetDefinition, found: FoundItem): ReadItem {
  const checked = checkType(definition.type(found) ?? null);
  if (!checked.ok) return { ok: false, problem: `the event type in ${definition.typeIn} ${checked.problem}` };
  return {
    ok: true,
    event: {
      type: checked.type,
      externalId: readExternalId(definition.externalId?.(found), found.request.body),
      ...(definition.time === undefined ? { occurredAtMs: null } : occurredAt(definition.time(found))),
      context: presentFields(definition.context?.(found) ?? {}),
      payload: found.item,
    },
  };
}

export function defineJsonPreset(definition: JsonPresetDefinition): Preset {
  const { id, label, description, verification, sample, defaults, prepare, split, ...rest } = definition;
  const { challenge, response, secretFields, maxBodyBytes } = rest;
  return definePreset({
    id,
    label,
    description,
    settings: noSettings,
    verification,
    sample,
    challenge,
    response,
    secretFields,
    maxBodyBytes,
    defaults: { answerStatus: 200, rateLimit: highRateLimit, ...defaults },
    prepare: ({ redaction, verify }) => ({
      read(request, body) {
        const json = requireJson(body);
        if (!json.ok) return json;
        const document = redaction.json(json.value);
        if (split === undefined) {
          const read = readItem(definition, { item: document, document, request });
          return read.ok
            ? { ok: true, events: [read.event] }
            : { ok: false, code: 'type_not_found', message: read.problem };
        }
        const items = split(document);
        if (items === undefined) {
          return { ok: false, code: 'not_an_event', message: `the body is not a delivery of ${label}` };
        }
        const { events, notes, problem } = readEach(items, (item) => readItem(definition, { item, document, request }));
        return problem !== null && events.length === 0
          ? { ok: false, code: 'type_not_found', message: `${problem}; none of the events was taken` }
          : { ok: true, events, notes };
      },
      ...prepare?.(verify),
    }),
  });
}
