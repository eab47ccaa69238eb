import { z } from 'zod';
import type { Json } from '../../shared/contract/common.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { describeIssue, issueDetails } from '../../shared/contract/explain-issues.ts';
import { isJson, maxJsonDepth } from '../../shared/contract/json-value.ts';
import { maxRaisedBytes } from '../../shared/contract/raise-limits.ts';
import { dueAtOf, type Raised, raiseSchema } from '../../shared/contract/scheduled-events.ts';
import { safeParseEased } from '../../shared/exact-json/ease-numbers.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { ownSource } from '../../shared/own-source.ts';
import { customType } from '../../shared/vendors/revoengine/custom-type.ts';
import type { Bus } from '../runs/announcements.ts';
import { newId } from '../store/database/ids.ts';
import { isoTime } from '../store/database/times.ts';
import { insertScheduled } from '../store/events/scheduled-events.ts';
import type { Writer } from '../store/write/writer.ts';
import { internalVerification, type RaiseEvent } from './own-events.ts';

/** Who raises an event. */
export interface RaiseOrigin {
  /** Null: a person. */
  runId: string | null;
  /** Depth of the run's own event; the new event is one deeper. A person starts a chain of their own. */
  depth: number;
  by: string | null;
}

export interface RaiseDeps {
  writer: Writer;
  bus: Bus;
  raiseEvent: RaiseEvent;
  nowMs: () => number;
}

/** `input` may come from a job, hence is checked. Resolves when the event, or that it is to come, is on disk. Throws AppError `invalid_input`. */
export type Raise = (input: unknown, origin: RaiseOrigin) => Promise<Raised>;

const anyJson = z.custom<Json>((value) => isJson(value), `must be JSON, nested at most ${maxJsonDepth} levels deep`);
const inputSchema = raiseSchema.safeExtend({
  message: anyJson.optional(),
  metadata: z.record(z.string(), anyJson).optional(),
});

function customTypeOf(name: string): string {
  const type = customType(name);
  if (type === null) throw new AppError('invalid_input', `"${name}" has no letters or digits to name an event with.`);
  return type;
}

export function createRaise({ writer, bus, raiseEvent, nowMs }: RaiseDeps): Raise {
  return async (input, { runId, depth, by }) => {
    const parsed = safeParseEased(inputSchema, input, { error: describeIssue });
    if (!parsed.success) {
      const details = issueDetails(parsed.error.issues);
      const [first] = details;
      const what = `${first?.path.join('.') ?? ''} ${first?.message ?? ''}`.trim();
      throw new AppError('invalid_input', `The event cannot be raised: ${what}.`, details);
    }
    const type = customTypeOf(parsed.data.type);
    const context = stringifyExact(parsed.data.metadata ?? {});
    const payload = stringifyExact(parsed.data.message ?? {});
    const bytes = Buffer.byteLength(context) + Buffer.byteLength(payload);
    if (bytes > maxRaisedBytes) {
      throw new AppError(
        'too_large',
        `The event cannot be raised: it has ${bytes} bytes as JSON; the limit is ${maxRaisedBytes}.`,
      );
    }
    const atMs = nowMs();
    const dueAtMs = dueAtOf(parsed.data, atMs);
    const event = {
      source: ownSource,
      system: ownSource,
      type,
      context,
      payload,
      verification: internalVerification,
      externalId: null,
      occurredAtMs: atMs,
      deliverySeq: null,
      causedByRun: runId,
      depth: runId === null ? 0 : depth + 1,
    };
    if (dueAtMs === null) {
      const eventId = await writer.write((tx) => raiseEvent(tx, event));
      return { type, eventId, scheduledId: null, dueAt: null };
    }
    const scheduledId = newId('sch', atMs);
    await writer.write((tx) => {
      insertScheduled(tx.db, { ...event, id: scheduledId, dueAtMs, createdAtMs: atMs, createdBy: by });
      tx.afterCommit(() => bus.emit('event.scheduled', dueAtMs));
    });
    return { type, eventId: null, scheduledId, dueAt: isoTime(dueAtMs) };
  };
}
