import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { compileRegex } from '../../../../shared/conditions/patterns/regex.ts';
import type { SecretRef } from '../../../../shared/contract/common.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import type { ReadSecret } from '../../source-types.ts';
import { addressRangesSchema, createAddressList } from '../../verify/address-list.ts';
import { isSameMac, isSameSecret, secretDigest } from '../../verify/compare.ts';
import { createSecretList, secretSchema } from '../../verify/secret-list.ts';
import type { HookRequest } from './hook-request.ts';
import { type HookValue, hookValueSchema, readHookValue } from './hook-values.ts';
import { isScalrSigned } from './scalr-signature.ts';

export type HookRule =
  | { all: HookRule[] }
  | { any: HookRule[] }
  | { not: HookRule }
  | { hmac: 'sha1' | 'sha256' | 'sha512'; of: HookValue; secret: SecretRef }
  | { scalr: SecretRef }
  | { addresses: string[] }
  | { value: HookValue; secret: SecretRef }
  | { value: HookValue; is: string }
  | { value: HookValue; matches: string };

const listSchema = z.lazy(() => z.array(hookRuleSchema).max(200, 'must be at most 200'));
const regexSchema = z.string().superRefine((text, context) => {
  const compiled = compileRegex(text, false);
  if (!compiled.ok) context.addIssue({ code: 'custom', message: compiled.message });
});

/** What a request has to be to be accepted. */
export const hookRuleSchema: z.ZodType<HookRule> = z.lazy(() =>
  z.union(
    [
      z.strictObject({ all: listSchema }),
      z.strictObject({ any: listSchema }),
      z.strictObject({ not: hookRuleSchema }),
      z.strictObject({ hmac: z.enum(['sha1', 'sha256', 'sha512']), of: hookValueSchema, secret: secretSchema }),
      z.strictObject({ scalr: secretSchema }),
      z.strictObject({ addresses: addressRangesSchema }),
      z.strictObject({ value: hookValueSchema, secret: secretSchema }),
      z.strictObject({ value: hookValueSchema, is: z.string().max(10_000) }),
      z.strictObject({ value: hookValueSchema, matches: regexSchema }),
    ],
    {
      error:
        'must be a rule: {all: […]}, {any: […]}, {not: …}, {hmac: sha256, of: …, secret: …}, {scalr: …}, {addresses: […]} or {value: …, is: …}',
    },
  ),
);

/** `missing`: a value is not there, which counts as not passed but ends an `all`. `invalid`: a signature is wrong. */
export interface Judged {
  passed: boolean;
  problem: 'missing' | 'invalid' | null;
}

export interface CompiledRule {
  judge(request: HookRequest, nowMs: number): Judged;
  /** Why it cannot judge just now; null when it can. */
  problem(): string | null;
}

const passed: Judged = { passed: true, problem: null };
const failed: Judged = { passed: false, problem: null };
const missing: Judged = { passed: false, problem: 'missing' };
const invalid: Judged = { passed: false, problem: 'invalid' };

/** `toleratesInvalid`: in an `any`, a wrong signature is one that did not pass; else it ends the whole. */
export function compileRule(rule: HookRule, readSecret: ReadSecret, toleratesInvalid: boolean): CompiledRule {
  const compile = (inner: HookRule): CompiledRule => compileRule(inner, readSecret, toleratesInvalid);
  if ('all' in rule) {
    const parts = rule.all.map(compile);
    return {
      judge(request, nowMs) {
        for (const part of parts) {
          const judged = part.judge(request, nowMs);
          if (judged.problem !== null || !judged.passed) return { passed: false, problem: judged.problem };
        }
        return passed;
      },
      problem: () => firstProblem(parts),
    };
  }
  if ('any' in rule) {
    const parts = rule.any.map(compile);
    return {
      judge(request, nowMs) {
        for (const part of parts) {
          const judged = part.judge(request, nowMs);
          if (judged.problem === 'invalid' && !toleratesInvalid) return invalid;
          if (judged.passed) return passed;
        }
        return failed;
      },
      problem: () => firstProblem(parts),
    };
  }
  if ('not' in rule) {
    const inner = compile(rule.not);
    return {
      judge(request, nowMs) {
        const judged = inner.judge(request, nowMs);
        return { passed: !judged.passed, problem: judged.problem };
      },
      problem: inner.problem,
    };
  }
  return compileMatch(rule, readSecret);
}

const firstProblem = (parts: readonly CompiledRule[]): string | null => {
  for (const part of parts) {
    const problem = part.problem();
    if (problem !== null) return problem;
  }
  return null;
};

type MatchRule = Exclude<HookRule, { all: HookRule[] } | { any: HookRule[] } | { not: HookRule }>;

const noProblem = (): null => null;

function compileMatch(rule: MatchRule, readSecret: ReadSecret): CompiledRule {
  if ('addresses' in rule) {
    const find = createAddressList(rule.addresses);
    return { judge: ({ remoteAddress }) => (find(remoteAddress) === null ? failed : passed), problem: noProblem };
  }
  if ('scalr' in rule) {
    const secrets = createSecretList({ secret: rule.scalr }, readSecret, (secret) => secret);
    return {
      judge(request, nowMs) {
        const signed = isScalrSigned(request, secrets.first(), nowMs);
        return signed === null ? failed : signed ? passed : invalid;
      },
      problem: secrets.problem,
    };
  }
  if ('hmac' in rule) return compileHmac(rule, readSecret);
  const judgeText =
    (test: (text: string) => boolean): CompiledRule['judge'] =>
    (request) => {
      const text = readHookValue(rule.value, request);
      return text === undefined ? missing : test(text) ? passed : failed;
    };
  if ('secret' in rule) {
    const secrets = createSecretList({ secret: rule.secret }, readSecret, (secret) =>
      secretDigest(Buffer.from(secret)),
    );
    return { judge: judgeText((text) => isSameSecret(Buffer.from(text), secrets.first())), problem: secrets.problem };
  }
  if ('is' in rule) return { judge: judgeText((text) => text === rule.is), problem: noProblem };
  const compiled = compileRegex(rule.matches, false);
  if (!compiled.ok) throw new AppError('invalid_input', compiled.message);
  return { judge: judgeText(compiled.regex.test), problem: noProblem };
}

/** The header may list several signatures with commas between them; one of them has to be right. */
function compileHmac(rule: Extract<MatchRule, { hmac: string }>, readSecret: ReadSecret): CompiledRule {
  const secrets = createSecretList({ secret: rule.secret }, readSecret, (secret) => secret);
  const prefix = `${rule.hmac}=`;
  return {
    judge(request) {
      const given = readHookValue(rule.of, request);
      if (given === undefined) return missing;
      const expected = Buffer.from(createHmac(rule.hmac, secrets.first()).update(request.body).digest('hex'));
      const signatures = given.includes(',') ? given.split(',').filter((part) => part.startsWith(prefix)) : [given];
      const isRight = signatures.some((signature) =>
        isSameMac(Buffer.from(signature.startsWith(prefix) ? signature.slice(prefix.length) : signature), expected),
      );
      return isRight ? passed : invalid;
    },
    problem: secrets.problem,
  };
}
