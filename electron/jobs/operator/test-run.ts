import { AppError } from '../../../shared/contract/errors.ts';
import type { Run } from '../../../shared/contract/runs.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { ownSource } from '../../../shared/own-source.ts';
import type { RunLifecycle } from '../../runs/lifecycle.ts';
import { missingJob } from '../../runs/missing-job.ts';
import type { PlannedEvent } from '../../runs/new-run.ts';
import { newId } from '../../store/database/ids.ts';
import type { WritableDb } from '../../store/database/open.ts';
import { internEventType } from '../../store/events/event-types.ts';
import { insertEvent, readEventRow } from '../../store/events/events.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { JobCatalog } from '../attempt/job-catalog.ts';
import type { GivenEvent, TestRunInput } from './runner-types.ts';

/** Inside a transaction: a run of this job alone, for a stored event or one of its own. Throws AppError. */
export function planTestRun(
  tx: Transaction,
  input: TestRunInput,
  nowMs: number,
  { catalog, lifecycle }: { catalog: JobCatalog; lifecycle: RunLifecycle },
): Run {
  const job = catalog.get(input.slug);
  if (job === null) throw missingJob(catalog, input.slug, `There is no job ${input.slug}.`);
  const event =
    'eventId' in input
      ? readEventRow(tx.db, input.eventId)
      : insertTestEvent(tx.db, input.event ?? { type: 'test', payload: {} }, nowMs);
  if (event === null) throw new AppError('not_found', `There is no event ${'eventId' in input ? input.eventId : ''}.`);
  const run = lifecycle.test(tx, event, job.slug, job);
  if (run === null) throw new Error(`no test run was planned for ${event.id}`);
  return run;
}

/** Stored for the run to have an event; no listener is asked, for only this job was to be tried. */
function insertTestEvent(db: WritableDb, { type, payload, context }: GivenEvent, nowMs: number): PlannedEvent {
  const id = newId('evt', nowMs);
  const seq = insertEvent(db, {
    id,
    typeId: internEventType(db, ownSource, ownSource, type),
    externalId: null,
    occurredAtMs: null,
    receivedAtMs: nowMs,
    context: stringifyExact(context ?? {}),
    payload: stringifyExact(payload),
    verification: JSON.stringify({ state: 'internal', scheme: null, detail: 'made for a test run' }),
    deliverySeq: null,
    replayOf: null,
    causedByRun: null,
    depth: 0,
    ignored: false,
    chainStopped: false,
  });
  return { seq, id, source: ownSource, type, depth: 0 };
}
