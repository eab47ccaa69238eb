import { z } from 'zod';
import type { Json } from '../../../../shared/contract/common.ts';
import type { EventDraft } from '../../../intake/intake-types.ts';
import { fieldOf, isJsonObject, type JsonObject, presentFields } from '../../body/json-object.ts';
import { type Claims, decodeClaims, findToken, usualTokenFields } from '../../body/jwt-text.ts';
import { noRateLimit } from '../../default-rates.ts';
import { definePreset } from '../../define-preset.ts';
import { checkType, readExternalId } from '../../events/event-fields.ts';
import { occurredAt } from '../../events/event-time.ts';
import { type ReadItem, readEach } from '../../events/read-items.ts';
import type { IncomingRequest, ReadEvents } from '../../source-types.ts';
import { jwt, verifiedClaims } from '../../verify/schemes/jwt.ts';
import { none } from '../../verify/schemes/none.ts';
import { offerSchemes } from '../../verify/verify-choice.ts';
import { nextIdentityType, typeMappingSchema } from './next-identity-types.ts';
import { signDecision } from './signed-decision.ts';

const eventSchema = z.strictObject({
  types: typeMappingSchema.optional(),
});

const verification = offerSchemes(jwt, none);

type Refused = Extract<ReadEvents, { ok: false }>;
const refuse = (code: string, message: string): Refused => ({ ok: false, code, message });

/** For a source without verification: the claims of a token that anyone may have made, or written out as JSON. */
function unverifiedClaims(request: IncomingRequest): ({ ok: true } & Claims) | Refused {
  const found = findToken(request, usualTokenFields);
  if (found.kind === 'none') {
    return isJsonObject(found.value)
      ? { ok: true, claims: found.value, notes: found.notes }
      : refuse('token_missing', 'the body is neither a token nor JSON with one');
  }
  if (found.kind === 'jwe') {
    return refuse('token_encrypted', 'the token is encrypted, which a source without verification cannot read');
  }
  const decoded = decodeClaims(found.token);
  return decoded.ok ? decoded : refuse('token_malformed', decoded.message);
}

function contextOf(claims: JsonObject, event: JsonObject, sentType: string | undefined): JsonObject {
  const info = fieldOf(event, 'dataSourceInfo');
  return presentFields({
    clientId: event.clientId ?? fieldOf(info, 'clientId'),
    propertyId: event.propertyId ?? fieldOf(info, 'propertyId'),
    sub: event.sub ?? fieldOf(info, 'sub') ?? claims.sub,
    entityType: fieldOf(info, 'entityType'),
    globalSub: fieldOf(info, 'globalSub'),
    captureApplicationId: fieldOf(info, 'captureApplicationId'),
    captureClientId: fieldOf(info, 'captureClientId'),
    issuer: claims.iss,
    audience: claims.aud,
    sentType,
  });
}

/**
 * A signed token with its content in between, so that the one stays to be looked at without the other. It starts where
 * no letter of a token precedes: from each `-` on, a hostile body would be read to its end a million times.
 */
const signedToken = /(?<![\w-])(eyJ[\w-]*)\.eyJ[\w-]*\.([\w-]*)/g;

/**
 * Next Identity Workflows: a Security Event Token (RFC 8417), signed and perhaps encrypted. Each key of its `events` is
 * one event: the key is the type, the object beneath it the payload, and the context names client, property, user and
 * who sent it to whom. Repeats are told by `jti`, with the key behind it where a token holds several events.
 */
export const nextIdentity = definePreset({
  id: 'next-identity',
  label: 'Next Identity Workflows',
  description:
    'For notifications of Next Identity, including Akamai Identity Cloud. They are signed tokens (JWT), ' +
    'encrypted or not, bare or inside JSON. Set the public keys of the sender, its issuer and your audience. ' +
    'Test deliveries are not signed, because only the sender has the key.',
  settings: eventSchema,
  fields: ({ verification, redact }) => [
    {
      path: 'event.types',
      label: 'Names of types',
      kind: 'list',
      example: 'account/v1/signIn = account/v1/login',
      help:
        'Names for the keys under "events". The keys of the transactional events (pre-registration, ' +
        'registration, resend verification, forgot password, password updated, login) are not documented: they are ' +
        'told by their last part and stored as account/v1/preRegistration and so on, with the sent key in ' +
        'context.sentType. What you name here goes first.',
    },
    redact,
    ...verification,
  ],
  verification,
  defaults: {
    answerStatus: 200,
    // Not every answer outside 2xx is repeated, and a login waits for the answer to an enrich request.
    rateLimit: noRateLimit,
  },
  sample: {
    document: {
      iss: 'https://idp.example.com',
      iat: 1769846400,
      jti: '7d0b6c1e-3f52-4f1a-8a55-0d6a2f9f4b10',
      aud: ['https://hooks.example.com'],
      events: {
        'account/v1/userUpdated': {
          sub: 'b1c7e1d2-6a54-4c0e-9f0a-2f8d3e4c5b6a',
          propertyId: 'prop_12',
          clientId: 'client_34',
          dataSourceInfo: {
            attributes: ['/displayName', '/primaryAddress/city'],
            captureApplicationId: 'app_56',
            captureClientId: 'capture_78',
            entityType: 'user',
            globalSub: 'capture-v1://idp.example.com/app_56/user/b1c7e1d2',
            sub: 'b1c7e1d2-6a54-4c0e-9f0a-2f8d3e4c5b6a',
          },
        },
      },
    },
  },
  prepare({ spec, event, redaction, maskedFields }) {
    const isUnverified = spec.verify?.scheme === 'none';

    function readEvents({ claims, notes }: Claims, request: IncomingRequest): ReadEvents {
      const { events, jti } = claims;
      if (!isJsonObject(events) || Object.keys(events).length === 0) {
        return refuse('type_not_found', 'the token has no "events", whose keys are the types (RFC 8417)');
      }
      const id = readExternalId(typeof jti === 'string' ? jti : undefined, request.body);
      if (id === null) return refuse('id_not_found', 'the token has no "jti", by which repeats are told (RFC 8417)');
      const time = occurredAt(['toe', claims.toe], ['iat', claims.iat]);
      const entries: [string, Json][] = Object.entries(events);
      const read = readEach(entries, ([key, value]): ReadItem => {
        const type = nextIdentityType(key, event.types ?? {});
        const checked = checkType(type);
        if (!checked.ok) return { ok: false, problem: `its key, which is the event type, ${checked.problem}` };
        if (!isJsonObject(value)) return { ok: false, problem: `the value of "${type}" is not a JSON object` };
        const draft: EventDraft = {
          type,
          externalId: entries.length === 1 ? id : readExternalId(`${id} ${key}`, request.body),
          ...time,
          context: redaction.json(contextOf(claims, value, type === key ? undefined : key)),
          payload: redaction.json(value),
        };
        return { ok: true, event: draft };
      });
      if (read.problem !== null && read.events.length === 0) {
        return refuse('not_an_event', `no event of the token can be read: ${read.problem}`);
      }
      return { ok: true, events: read.events, notes: [...(notes ?? []), ...read.notes] };
    }

    return {
      enrich: signDecision,
      read(request): ReadEvents {
        const verified = verifiedClaims(request);
        if (verified !== undefined) return readEvents(verified, request);
        if (!isUnverified) return refuse('token_missing', 'the body holds no token that was verified');
        const found = unverifiedClaims(request);
        return found.ok ? readEvents(found, request) : found;
      },
      redact(delivery) {
        redaction.delivery(delivery);
        if (maskedFields.length === 0) return;
        // Base64 hides nothing: what is masked in the event would still be in the token.
        const text = delivery.body.toString('latin1');
        delivery.body = Buffer.from(text.replace(signedToken, '$1.***.$2'), 'latin1');
      },
    };
  },
});
