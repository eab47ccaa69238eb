import { z } from 'zod';
import type { IncomingRequest, ReadSecret, Verified } from '../../source-types.ts';
import type { PreparedVerify } from '../../verify/verify-scheme.ts';
import { defineScheme } from '../../verify/verify-scheme.ts';
import type { HookRequest } from './hook-request.ts';
import { compileRule, type HookRule, hookRuleSchema } from './hook-rule.ts';
import type { HookValue } from './hook-values.ts';

const schema = z.strictObject({
  scheme: z.literal('rule'),
  rule: hookRuleSchema,
  /** A wrong signature inside an `any` only does not pass, and the next one is tried. */
  toleratesInvalid: z.boolean().optional(),
});

type PrepareRule = (
  settings: unknown,
  readSecret: ReadSecret,
  read: (request: IncomingRequest) => HookRequest,
) => PreparedVerify;

/** Codes of refusals: the request is not what the rule wants, or carries a wrong signature. */
export const ruleNotSatisfied = 'rule_not_satisfied';
export const ruleSignatureMismatch = 'signature_mismatch';

const verification = { state: 'verified', scheme: 'rule', detail: null } as const;

/** Values of the request that hold a secret in clear, or a signature. */
function valuesIn(rule: HookRule, wanted: 'secret' | 'hmac'): HookValue[] {
  if ('all' in rule) return rule.all.flatMap((inner) => valuesIn(inner, wanted));
  if ('any' in rule) return rule.any.flatMap((inner) => valuesIn(inner, wanted));
  if ('not' in rule) return valuesIn(rule.not, wanted);
  if ('hmac' in rule) return wanted === 'hmac' ? [rule.of] : [];
  return 'value' in rule && 'secret' in rule && wanted === 'secret' ? [rule.value] : [];
}

const headersOf = (values: readonly HookValue[]): string[] =>
  values.flatMap((value) => ('header' in value ? [value.header] : []));

export const prepareRule: PrepareRule = (settings, readSecret, read) => {
  const { rule, toleratesInvalid = false } = schema.parse(settings);
  const compiled = compileRule(rule, readSecret, toleratesInvalid);
  const secrets = valuesIn(rule, 'secret');
  return {
    verify(request): Verified {
      const { passed, problem } = compiled.judge(read(request), request.receivedAtMs);
      if (problem === 'invalid') {
        const message = 'a signature in this request does not match its body, or is too old: check the secret';
        return { ok: false, code: ruleSignatureMismatch, message };
      }
      if (passed) return { ok: true, verification };
      const message =
        problem === 'missing'
          ? 'the request lacks a value that the rule of this source checks'
          : 'the request does not satisfy the rule of this source';
      return { ok: false, code: ruleNotSatisfied, message };
    },
    sign: () => null,
    problem: compiled.problem,
    challenge: '',
    isOpen: false,
    codesWithoutBody: [],
    masking: {
      clearHeaders: headersOf(secrets),
      clearQuery: secrets.flatMap((value) => ('query' in value ? [value.query] : [])),
      keepHeaders: headersOf(valuesIn(rule, 'hmac')),
    },
  };
};

/** Needs the request as the hook reads it, which only the preset knows: it prepares the rule itself. */
export const ruleScheme = defineScheme({
  id: 'rule',
  label: 'Rule (from a config file)',
  schema,
  fields: [],
  prepare: (settings, readSecret) =>
    prepareRule(settings, readSecret, ({ headers, method, remoteAddress, body }) => ({
      payload: null,
      query: {},
      headers,
      method,
      remoteAddress,
      body,
    })),
});
