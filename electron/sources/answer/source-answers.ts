import type { SourceSpec } from '../../../shared/contract/sources.ts';
import type { PreparedSource, Preset, ReadSecret } from '../source-types.ts';
import { compileChallenge, looksLikeToken, ownSecret } from './challenge.ts';
import { compileResponse } from './response.ts';

/** The source with what its own settings say about answers, which go before the preset's. */
export function withAnswers(
  prepared: PreparedSource,
  spec: SourceSpec,
  preset: Preset,
  readSecret: ReadSecret,
): PreparedSource {
  const { slug, response = {}, challenge } = spec;
  const hasBody = response.body !== undefined || response.template !== undefined;
  const answer = { ...(hasBody ? { headers: preset.response?.headers } : preset.response), ...response };
  const isUsual = answer.headers === undefined && answer.body === undefined && answer.template === undefined;
  const answering: PreparedSource = isUsual ? prepared : { ...prepared, respond: compileResponse(slug, answer) };
  if (challenge === undefined) return answering;

  const { verify, isOpen, masking } = prepared;
  const respond = compileChallenge(challenge, { slug, readSecret, verify, isOpen, secret: ownSecret(spec) });
  const proof = challenge.verify !== undefined && 'query' in challenge.verify ? challenge.verify.query : undefined;
  return {
    ...answering,
    async handshake(request, body) {
      return (await respond(request, body)) ?? (await prepared.handshake?.(request, body)) ?? null;
    },
    ...(challenge.hmacOf === undefined || isOpen
      ? {}
      : {
          verify: (request) =>
            looksLikeToken(request.body)
              ? {
                  ok: false,
                  code: 'signature_mismatch',
                  message:
                    'the body is empty or a single token, whose HMAC this source answers to anyone (challenge.hmacOf): ' +
                    'a signature over it proves nothing',
                }
              : verify(request),
        }),
    ...(proof === undefined
      ? {}
      : {
          masking: {
            clearHeaders: masking?.clearHeaders ?? [],
            clearQuery: [...(masking?.clearQuery ?? []), proof],
            keepHeaders: masking?.keepHeaders ?? [],
          },
        }),
  };
}
