import { z } from 'zod';
import type { Json } from '../../../../shared/contract/common.ts';
import { isJsonRecord } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import type { WrittenDecision } from '../../../intake/enrich.ts';
import type { AnswerCase, DirectAnswer } from '../../source-types.ts';
import { headerNameSchema } from '../../verify/header-name.ts';
import { ruleNotSatisfied, ruleSignatureMismatch } from './rule-scheme.ts';

const answerSchema = z.strictObject({
  status: z.number().int().min(200).max(599).optional(),
  headers: z
    .record(
      headerNameSchema,
      z
        .string()
        .max(2000)
        .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be one line'),
    )
    .optional(),
  body: z.string().max(65_536, 'must be at most 65536 characters').optional(),
});
type AnswerSpec = z.infer<typeof answerSchema>;

/** What senders are answered with; absent: Signalbox's own answers. */
export const hookAnswersSchema = z.strictObject({
  /** A listener takes the request. With a listener in the mode `enrich`, the body is what its command writes. */
  matched: answerSchema.optional(),
  /** No listener takes it, or it does not satisfy the rule. */
  unmatched: answerSchema.optional(),
  /** Its signature is wrong. */
  invalid: answerSchema.optional(),
  /** The command of a listener in the mode `enrich` failed. Without a body, it is what the command wrote. */
  failed: answerSchema.optional(),
});
type HookAnswers = z.infer<typeof hookAnswersSchema>;

const text = 'text/plain; charset=utf-8';

const direct = ({ status = 200, headers = {}, body = '' }: AnswerSpec): DirectAnswer => ({ status, headers, body });

export function answerOf(answers: HookAnswers, answered: AnswerCase): DirectAnswer | null {
  if (answered.kind === 'accepted') {
    const spec = answered.ignored ? answers.unmatched : answers.matched;
    return spec === undefined ? null : direct(spec);
  }
  if (answered.code === ruleNotSatisfied) return answers.unmatched === undefined ? null : direct(answers.unmatched);
  if (answered.code === ruleSignatureMismatch) return answers.invalid === undefined ? null : direct(answers.invalid);
  return answered.code === 'method_not_allowed' ? { status: answered.status, body: '' } : null;
}

/** The outcome of a command that yields its output; any other is sent as JSON. */
export function writeOutput({ matched = {}, failed = {} }: HookAnswers, decision: Json): WrittenDecision {
  if (!isJsonRecord(decision) || !('exitCode' in decision)) {
    return { ok: true, status: 200, contentType: 'application/json; charset=utf-8', body: stringifyExact(decision) };
  }
  const output = typeof decision.output === 'string' ? decision.output : '';
  const contentType = matched.headers?.['content-type'] ?? text;
  return decision.exitCode === 0
    ? { ok: true, status: matched.status ?? 200, contentType, body: output }
    : {
        ok: true,
        status: failed.status ?? 500,
        contentType: failed.body === undefined ? contentType : text,
        body: failed.body ?? output,
      };
}

export const headersOf = ({ matched }: HookAnswers): Record<string, string> => {
  const { 'content-type': _own, ...others } = matched?.headers ?? {};
  return others;
};
