import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import { runReasonSchema } from '../../../shared/contract/runs.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { endKeyOf } from '../../../shared/failures/failure-key.ts';
import { messageOf } from '../../../shared/failures/failure-message.ts';
import { contextHash } from './context-hash.ts';
import { newId } from './ids.ts';

const text = z.string().nullable();
const keyRow = z.tuple([z.string(), text, text, z.number().nullable(), text, text, text]);
const messageRow = z.tuple([text, text, text]);

// A word that this version does not know, or a damaged one, as where rows are read.
const readReason = (reason: string | null) => runReasonSchema.nullable().catch(null).parse(reason);

function readOutcome(outcome: string | null): Json {
  if (outcome === null) return null;
  try {
    return parseExact(outcome);
  } catch {
    return null;
  }
}

type SqlFunction = (...values: unknown[]) => string | null;

/** What migrations may call in SQL. */
export const migrationFunctions: Readonly<Record<string, SqlFunction>> = {
  failure_key(...values) {
    const [job, listener, reason, exitCode, signal, error, outcome] = keyRow.parse(values);
    return endKeyOf({
      state: 'failed',
      job,
      listener,
      reason: readReason(reason),
      exitCode,
      signal,
      error,
      outcome: readOutcome(outcome),
    });
  },
  failure_message(...values) {
    const [reason, error, outcome] = messageRow.parse(values);
    return messageOf({ state: 'failed', reason: readReason(reason), error, outcome: readOutcome(outcome) });
  },
  context_hash: (context) => (typeof context === 'string' ? contextHash(context) : null),
  new_failure_id: (atMs) => newId('fail', typeof atMs === 'number' ? atMs : Date.now()),
};
