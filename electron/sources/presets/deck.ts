import { z } from 'zod';
import { AppError } from '../../../shared/contract/errors.ts';
import { fieldOf, isJsonObject, presentFields } from '../body/json-object.ts';
import { noRateLimit } from '../default-rates.ts';
import { definePreset } from '../define-preset.ts';
import { bodyPayload, guessType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import { compilePathSetting, startPathReading } from '../json-path/path-setting.ts';
import type { DirectAnswer, IncomingRequest, ReadEvents, Verified } from '../source-types.ts';
import { none } from '../verify/schemes/none.ts';
import { readWebhookHeaders, standardWebhooks } from '../verify/schemes/standard-webhooks.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const eventSchema = z.strictObject({
  challenge: z.string().min(1).max(1000).optional(),
  challengeAnswer: z.enum(['json', 'text']).optional(),
});

const verification = offerSchemes(standardWebhooks, none);

const maxChallengeLength = 4096;

/** Signatures of this preset are checked at once; a scheme that had to wait could not be asked from a handshake. */
function isVerified(verify: () => Verified | Promise<Verified>): boolean {
  try {
    const verified = verify();
    return !(verified instanceof Promise) && verified.ok;
  } catch (error) {
    // A secret that cannot be read: the ordinary way of the delivery answers that, with 503 and the reason.
    if (error instanceof AppError) return false;
    throw error;
  }
}

/**
 * Deck: `{id, object: "event", type, data, created_at}`, signed by Standard Webhooks. The payload is the whole envelope,
 * so that conditions read `payload.data.status`; the context names the resource. Events come at least once and in any
 * order: repeats are told by `id`, and `created_at` is when it happened.
 */
export const deck = definePreset({
  id: 'deck',
  label: 'Deck',
  description:
    'For event destinations of Deck. Paste the signing secret of the destination (whsec_…). After a rotation, ' +
    'keep the old secret as well for the 24 hours in which Deck signs with both.',
  settings: eventSchema,
  fields: ({ verification, redact }) => [
    {
      path: 'event.challenge',
      label: 'Challenge',
      kind: 'jsonpath',
      defaultValue: '$.challenge',
      help:
        'Where the challenge is in the body. Deck does not document how it verifies a new destination. Assumed: a ' +
        'signed POST that expects a 2xx, and its challenge back if it contains one. A challenge without a valid ' +
        'signature is refused like any other delivery.',
    },
    {
      path: 'event.challengeAnswer',
      label: 'Answer to a challenge',
      kind: 'choice',
      choices: [
        { value: 'json', label: 'JSON: {"challenge": "…"}' },
        { value: 'text', label: 'The challenge alone, as text' },
      ],
      help: 'Not documented by Deck. The default is JSON.',
    },
    redact,
    ...verification,
  ],
  verification,
  defaults: {
    answerStatus: 200,
    // Three retries, after which it deactivates the destination.
    rateLimit: noRateLimit,
  },
  sample: {
    document: {
      id: 'evt_4T9ZK2',
      object: 'event',
      type: 'task_run.completed',
      data: {
        id: 'trun_81',
        object: 'task_run',
        status: 'completed',
        task_id: 'task_12',
        output: { invoices: [{ number: 'INV-204', total: 99.5 }] },
      },
      created_at: '2026-01-31T08:00:00Z',
    },
  },
  prepare({ spec, event, redaction, verify }) {
    const findChallenge = compilePathSetting(spec.slug, 'challenge', event.challenge ?? '$.challenge');

    function answerChallenge(request: IncomingRequest, challenge: string): DirectAnswer | null {
      if (!isVerified(() => verify.verify(request))) return null;
      return event.challengeAnswer === 'text'
        ? { status: 200, body: challenge }
        : {
            status: 200,
            headers: { 'content-type': 'application/json; charset=utf-8' },
            body: JSON.stringify({ challenge }),
          };
    }

    return {
      handshake(request, body) {
        if (request.method !== 'POST' || body.kind !== 'json') return null;
        const challenge = findChallenge(body.value, startPathReading());
        // An event with a field of that name is an event.
        const isEvent = fieldOf(body.value, 'object') === 'event';
        if (isEvent || typeof challenge !== 'string' || challenge.length > maxChallengeLength) return null;
        return answerChallenge(request, challenge);
      },
      read(request, body): ReadEvents {
        if (body.kind === 'problem') return { ok: false, code: 'unreadable_body', message: body.message };
        if (body.kind === 'text' || body.kind === 'form') {
          return { ok: false, code: 'not_json', message: 'the body is not JSON, which is all this sender posts' };
        }
        const payload = redaction.json(bodyPayload(body));
        if (payload !== null && !isJsonObject(payload)) {
          return {
            ok: false,
            code: 'not_an_event',
            message: 'the body is not a JSON object, which each event of Deck is',
          };
        }
        const headers = readWebhookHeaders(request.headers);
        const data = fieldOf(payload, 'data');
        return {
          ok: true,
          events: [
            {
              // A destination is tried out with whatever its owner likes, and that wants a 2xx too.
              type: guessType(payload, spec.slug),
              externalId: readExternalId(fieldOf(payload, 'id') ?? headers.id, request.body),
              ...occurredAt(
                ['created_at', fieldOf(payload, 'created_at')],
                ['the header webhook-timestamp', headers.timestamp],
              ),
              context: presentFields({ resource: fieldOf(data, 'object'), resourceId: fieldOf(data, 'id') }),
              payload,
            },
          ],
        };
      },
    };
  },
});
