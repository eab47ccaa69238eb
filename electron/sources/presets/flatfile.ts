import type { Json } from '../../../shared/contract/common.ts';
import type { EventDraft } from '../../intake/intake-types.ts';
import { fieldOf, isJsonObject, type JsonObject, omitFields, requireJson } from '../body/json-object.ts';
import { noRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { checkType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import { readEach } from '../events/read-items.ts';
import type { ReadEvents } from '../source-types.ts';
import { basic } from '../verify/schemes/basic.ts';
import { none } from '../verify/schemes/none.ts';
import { token } from '../verify/schemes/token.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(none, token, basic);

/** What the forwarder's object says again that its `src` lacks, when it lacks it, under the raw event's name. */
const mirrored: readonly (readonly [string, string])[] = [
  ['domain', 'domain'],
  ['topic', 'topic'],
  ['context', 'context'],
  ['payload', 'payload'],
  ['target', 'target'],
  ['origin', 'origin'],
  ['namespace', 'namespaces'],
  ['createdAt', 'createdAt'],
];

/** The event as the API gives it, out of either shape. */
function toRawEvent(sent: JsonObject): JsonObject {
  const src = fieldOf(sent, 'src');
  if (!isJsonObject(src)) return sent;
  const raw = { ...src };
  for (const [outer, inner] of mirrored) {
    const value = fieldOf(sent, outer);
    if (raw[inner] === undefined && value !== undefined) raw[inner] = value;
  }
  return raw;
}

/** `problem` fits after "the body". */
type Read = { ok: true; event: EventDraft } | { ok: false; code: string; problem: string };

function readEvent(sent: Json, body: Buffer): Read {
  if (!isJsonObject(sent)) return { ok: false, code: 'not_an_event', problem: 'is not a JSON object' };
  const raw = toRawEvent(sent);
  const checked = checkType(raw.topic ?? '');
  if (!checked.ok) {
    return { ok: false, code: 'type_not_found', problem: `has no topic: the field "topic" ${checked.problem}` };
  }
  const { context, payload } = raw;
  return {
    ok: true,
    event: {
      type: checked.type,
      externalId: readExternalId(raw.id, body),
      ...occurredAt(['createdAt', raw.createdAt]),
      context: {
        ...(isJsonObject(context) ? context : {}),
        flatfile: omitFields(raw, ['topic', 'context', 'payload']),
      },
      payload: payload ?? null,
    },
  };
}

/**
 * Flatfile. Two shapes arrive: the raw event, as the API gives it, and the object that the vendor's webhook forwarder
 * posts, which has the raw event under `src` and repeats parts of it around. Both are stored alike:
 *
 * | of the raw event | in the stored event |
 * |---|---|
 * | `topic` | the type |
 * | `payload` | the payload, null when absent |
 * | `context.x` | `context.x` |
 * | all else (`id`, `domain`, `namespaces`, `attributes`, `origin`, `target`, `callbackUrl`, `dataUrl`, `createdAt`, …) | `context.flatfile.x` |
 *
 * So nothing of the raw event is lost (bar the masked secrets), and the object that the vendor's listener filters,
 * `{src, domain, topic, context, payload, target, origin, action, namespace, createdAt, …}`, can be made of the
 * stored event: `src` is `{...context.flatfile, topic: type, context: <context without flatfile>, payload}`,
 * `namespace` is `src.namespaces` or `[]`, `target` is `src.target` or `''`, `origin` is `src.origin` or `{}`,
 * `action` is `src.context.actionName` or `''`. The forwarder's own `_apiUrl`, `cache` and `afterAllCallbacks` say
 * nothing of the event and stay in the raw delivery alone, where `_accessToken` and any bearer token are masked.
 */
export const flatfile = definePreset({
  id: 'flatfile',
  label: 'Flatfile',
  description:
    'Accepts events of the Flatfile API and of its webhook forwarder. Access tokens in the body are masked ' +
    'before anything is stored.',
  settings: noSettings,
  fields: ({ verification, redact }) => [
    redact,
    ...verification.map((field) =>
      field.path === 'verify.scheme'
        ? {
            ...field,
            help:
              'Flatfile does not sign, and its forwarder sends no custom header. Add a token to the query of the ' +
              'address, or a user name and password, so that the address alone is not enough to post.',
          }
        : field,
    ),
  ],
  verification,
  defaults: {
    answerStatus: 200,
    // Its webhook forwarder posts once and never again.
    rateLimit: noRateLimit,
  },
  sample: {
    document: {
      id: 'us_evt_7Qm2',
      domain: 'job',
      topic: 'job:ready',
      createdAt: '2026-01-31T08:00:00.000Z',
      context: {
        accountId: 'us_acc_51',
        environmentId: 'us_env_52',
        spaceId: 'us_sp_53',
        jobId: 'us_jb_54',
        actorId: 'us_usr_55',
      },
      payload: { job: 'space:configure', domain: 'space', operation: 'configure', status: 'ready', info: null },
      attributes: { progress: { current: 0, total: 1, percent: 0 } },
      origin: { id: 'us_sp_53', slug: 'space' },
      namespaces: ['space'],
    },
  },
  prepare({ redaction }) {
    return {
      read(request, body): ReadEvents {
        const json = requireJson(body);
        if (!json.ok) return json;
        const document = redaction.json(json.value);
        if (!Array.isArray(document)) {
          const read = readEvent(document, request.body);
          return read.ok
            ? { ok: true, events: [read.event] }
            : { ok: false, code: read.code, message: `the body ${read.problem}` };
        }
        const { events, notes, problem } = readEach(document, (item) => {
          const read = readEvent(item, request.body);
          return read.ok ? read : { ok: false, problem: `it ${read.problem}` };
        });
        return problem === null || events.length > 0
          ? { ok: true, events, notes }
          : { ok: false, code: 'not_an_event', message: `${problem}; none of them was taken` };
      },
    };
  },
});
