import { z } from 'zod';
import { secretRefSchema } from './common.ts';

/** Characters of a body that a source answers with. */
const maxAnswerLength = 64 * 1024;

const nameSchema = z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters');

/** RFC 9110 section 5.1. */
const headerSchema = z
  .string()
  .max(100, 'must be at most 100 characters')
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'must be the name of a header, such as x-signature');

/** These are the receiver's own: they say how the answer is sent. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'signalbox-delivery',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const headersSchema = z
  .record(
    headerSchema,
    z
      .string()
      .max(2000, 'must be at most 2000 characters')
      .regex(/^[\t\u0020-\u007e\u00a0-\u00ff]*$/, 'must be one line of Latin-1 text'),
  )
  .superRefine((headers, context) => {
    const names = Object.keys(headers);
    if (names.length > 50) context.addIssue({ code: 'custom', message: 'must be at most 50 headers' });
    for (const name of names) {
      if (!ownHeaders.has(name.toLowerCase())) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'is set by Signalbox and cannot be given' });
    }
  });

const textSchema = z.string().max(maxAnswerLength, 'must be at most 65536 characters');

/** What an accepted delivery is answered with, once it is stored. */
export const responseSchema = z
  .strictObject({
    status: z
      .number()
      .int()
      .min(200, 'must be a status from 200 to 299')
      .max(299, 'must be a status from 200 to 299')
      .optional(),
    headers: headersSchema.optional(),
    /** As it is. Without it and without a template, the JSON that Signalbox answers with. */
    body: textSchema.optional(),
    /** With placeholders: {delivery}, {event}, {header:NAME}, {query:NAME}, {body:$.path}. */
    template: textSchema.optional(),
  })
  .superRefine(({ body, template }, context) => {
    if (body === undefined || template === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['template'],
      message: 'cannot be combined with "body": give one of them',
    });
  });
export type ResponseSpec = z.infer<typeof responseSchema>;

/** How a challenge is answered: as plain text, as a field of a JSON object, or in a header. */
const challengeAnswerSchema = z.union(
  [z.literal('text'), z.strictObject({ field: nameSchema }), z.strictObject({ header: headerSchema })],
  { error: 'must be text, {field: name} or {header: name}' },
);

/** The kinds of challenge, by the setting that says where the text to answer comes from. */
export const challengeKinds = ['query', 'header', 'field', 'hmacOf'] as const;

const onlyFor: Readonly<Record<string, readonly (typeof challengeKinds)[number][]>> = {
  verify: ['query'],
  when: ['field'],
  secret: ['hmacOf'],
  encoding: ['hmacOf'],
  prefix: ['hmacOf'],
};

/** A request by which a sender checks that the address answers; it is answered and becomes no event. */
export const challengeSchema = z
  .strictObject({
    /** A query parameter, sent back: Microsoft Graph's validationToken, Meta's hub.challenge. */
    query: nameSchema.optional(),
    /** A header, sent back: Okta's x-okta-verification-challenge. */
    header: headerSchema.optional(),
    /** A field of the JSON body, sent back: Monday's challenge. A name, or a JSONPath. */
    field: nameSchema.optional(),
    /** A field or query parameter whose HMAC-SHA256 is sent back: Zoom's plainToken, X's crc_token. */
    hmacOf: nameSchema.optional(),
    /** The secret that a query parameter (hub.verify_token unless named) has to hold. */
    verify: z
      .union([...secretRefSchema.options, z.strictObject({ query: nameSchema.optional(), secret: secretRefSchema })], {
        error: 'must be a secret such as {env: NAME}, or {query: name, secret: {env: NAME}}',
      })
      .optional(),
    /** Fields with the text they have in a challenge: {type: url_verification}. */
    when: z.record(nameSchema, z.string().max(200, 'must be at most 200 characters')).optional(),
    /** The key of the HMAC; that of "verify" when absent. */
    secret: secretRefSchema.optional(),
    encoding: z.enum(['hex', 'base64']).optional(),
    prefix: z.string().max(100, 'must be at most 100 characters').optional(),
    answer: challengeAnswerSchema.optional(),
  })
  .superRefine((settings, context) => {
    const given = challengeKinds.filter((kind) => settings[kind] !== undefined);
    const [kind] = given;
    if (kind === undefined || given.length > 1) {
      context.addIssue({ code: 'custom', message: `must have exactly one of ${challengeKinds.join(', ')}` });
      return;
    }
    for (const [name, kinds] of Object.entries(onlyFor)) {
      if (name in settings && !kinds.includes(kind)) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `can only be combined with "${kinds.join('", "')}"`,
        });
      }
    }
  });
export type ChallengeSpec = z.infer<typeof challengeSchema>;
