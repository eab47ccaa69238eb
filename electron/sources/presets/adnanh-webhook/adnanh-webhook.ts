import { z } from 'zod';
import type { Json } from '../../../../shared/contract/common.ts';
import { noRateLimit } from '../../default-rates.ts';
import { definePreset } from '../../define-preset.ts';
import { guessType } from '../../events/event-fields.ts';
import { isSecretHeaderName, isSecretQueryName } from '../../redact/sensitive-names.ts';
import type { IncomingRequest } from '../../source-types.ts';
import { none } from '../../verify/schemes/none.ts';
import { offerSchemes } from '../../verify/verify-choice.ts';
import { answerOf, headersOf, hookAnswersSchema, writeOutput } from './hook-answers.ts';
import { type HookRequest, hasLostCharacters, readHookRequest } from './hook-request.ts';
import { prepareRule, ruleScheme } from './rule-scheme.ts';

const fieldName = z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters');

const settings = z.strictObject({
  contentType: z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters').optional(),
  parseJson: z
    .array(z.union([z.strictObject({ payload: fieldName }), z.strictObject({ query: fieldName })]))
    .max(50, 'must be at most 50')
    .optional(),
  keepBody: z.boolean().optional(),
  keepHeaders: z.boolean().optional(),
  answers: hookAnswersSchema.optional(),
});

const verification = offerSchemes(none, ruleScheme);

/** Without parameters that hold secrets: what is stored can be read by every operator. */
const keptQuery = (query: HookRequest['query'], secretNames: readonly string[]): Json =>
  Object.fromEntries(Object.entries(query).filter(([name]) => !isSecretQueryName(name) && !secretNames.includes(name)));

/** Names as programs in Go spell them; the host is none of theirs. */
const keptHeaders = (headers: HookRequest['headers'], secretNames: readonly string[]): Json =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== 'host' && !isSecretHeaderName(name) && !secretNames.includes(name))
      .map(([name, value]) => [name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase()), value]),
  );

/** Hooks of github.com/adnanh/webhook, as `signalbox config import` writes them: read, judged and answered as there. */
export const adnanhWebhook = definePreset({
  id: 'adnanh-webhook',
  label: 'webhook (adnanh)',
  description:
    'Takes over a hook of the program webhook by adnanh: requests are read and answered as it does. The command ' +
    '"signalbox config import --from adnanh-webhook hooks.json" writes such sources; for anything new, choose the ' +
    'preset of the sender or the generic one.',
  settings,
  fields: ({ verification: proof, redact }) => [
    {
      path: 'event.contentType',
      label: 'Content type',
      kind: 'text',
      example: 'application/json',
      help: 'Used instead of the Content-Type header of the request.',
    },
    {
      path: 'event.keepBody',
      label: 'Keep the body as text',
      kind: 'boolean',
      help: 'Adds the body as received to the event, as context.body.',
    },
    {
      path: 'event.keepHeaders',
      label: 'Keep the headers in the context',
      kind: 'boolean',
      help: 'Adds the headers to the event as context.headers, without those that hold secrets.',
    },
    ...proof,
    redact,
  ],
  verification,
  defaults: {
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    answerStatus: 200,
    rateLimit: noRateLimit,
  },
  maxBodyBytes: 25 * 1024 * 1024,
  sample: { document: { event: 'push', ref: 'refs/heads/main', head_commit: { id: '1481a2d' } } },
  prepare({ spec, event, redaction, verify, readSecret }) {
    const reading = { contentType: event.contentType, parseJson: event.parseJson ?? [] };
    // The rule and the event look at the same one.
    const readOnce = new WeakMap<IncomingRequest, HookRequest>();
    const readRequest = (request: IncomingRequest): HookRequest => {
      const known = readOnce.get(request) ?? readHookRequest(request, reading);
      readOnce.set(request, known);
      return known;
    };
    const proof = spec.verify?.scheme === 'rule' ? prepareRule(spec.verify, readSecret, readRequest) : verify;
    const { answers } = event;
    return {
      ...proof,
      read(request) {
        const hook = readRequest(request);
        const payload = redaction.json(hook.payload);
        const message = 'Bytes of the body that are not UTF-8 were read as U+FFFD.';
        return {
          ok: true,
          ...(hasLostCharacters(hook) ? { notes: [{ code: 'charset_mismatch', message }] } : {}),
          events: [
            {
              type: guessType(payload, spec.slug),
              externalId: null,
              occurredAtMs: null,
              context: {
                method: hook.method,
                remoteAddress: hook.remoteAddress,
                query: keptQuery(hook.query, proof.masking.clearQuery),
                ...(event.keepHeaders === true
                  ? { headers: keptHeaders(hook.headers, proof.masking.clearHeaders) }
                  : {}),
                ...(event.keepBody === true ? { body: hook.body.toString('utf8') } : {}),
              },
              payload,
            },
          ],
        };
      },
      ...(answers === undefined
        ? {}
        : {
            answer: (answered) => answerOf(answers, answered),
            enrichesFailures: true,
            decidedHeaders: headersOf(answers),
            enrich: (decision) => writeOutput(answers, decision),
          }),
    };
  },
});
