import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Json, jsonSchema } from '../../../../shared/contract/common.ts';
import type { WrittenDecision } from '../../../intake/enrich.ts';
import type { DecisionContext } from '../../source-types.ts';

const decisionSchema = z.object({
  action: z.enum(['allow', 'block', 'challenge']),
  custom_claims: z.record(z.string(), jsonSchema).nullish(),
});

/** Next Identity's answer to an event that enriches: a token of our own with an action and claims to add. */
export async function signDecision(decision: Json, { signToken }: DecisionContext): Promise<WrittenDecision> {
  const parsed = decisionSchema.safeParse(decision);
  if (!parsed.success) {
    const [field] = parsed.error.issues[0]?.path ?? [];
    const message =
      field === 'custom_claims'
        ? 'the custom_claims of a decision must be an object'
        : 'a decision must be an object with the action allow, block or challenge';
    return { ok: false, message };
  }
  const { action, custom_claims } = parsed.data;
  const body = await signToken({ jti: randomUUID(), action, custom_claims: custom_claims ?? {} });
  return { ok: true, status: 200, contentType: 'application/jwt', body };
}
