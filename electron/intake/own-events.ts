import type { Logger } from 'pino';
import type { Verification } from '../../shared/contract/events.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { readDeliveryHeaders } from '../store/deliveries.ts';
import { internEventType } from '../store/event-types.ts';
import { insertEvent, parseStoredJson } from '../store/events.ts';
import { newId } from '../store/ids.ts';
import type { WritableDb } from '../store/open.ts';
import type { Intake, Planned, RaisedEvent, RunEventDraft } from './intake-types.ts';
import { maxChainDepth, type PlanDeps, planRuns } from './plan-runs.ts';
import type { JobPlans, ListenerMatcher, Match } from './planning-types.ts';

/** The built-in source: what runs say. */
export const internalSource = 'signalbox';

/** Nobody waits for an answer to what was not just sent. */
const withoutAnswer = (match: Match): Match => (match.enrich === null ? match : { ...match, enrich: null });

export const internalVerification = JSON.stringify({
  state: 'internal',
  scheme: null,
  detail: null,
} satisfies Verification);

/** Events that no delivery brought: what runs say of themselves, and what was raised, by whomever. */
export function createOwnEvents(deps: {
  listeners: ListenerMatcher;
  jobs: JobPlans;
  log: Logger;
  nowMs: () => number;
}): Pick<Intake, 'recordRunEvent' | 'raise'> & { planDeps: PlanDeps } {
  const { listeners, jobs, log, nowMs } = deps;
  const hasListenerFor = (type: string): boolean => listeners.couldTake(internalSource, type);
  const planDeps: PlanDeps = { jobs, nowMs, recordRunEvent, hasListenerFor };

  function recordRunEvent(db: WritableDb, draft: RunEventDraft): Planned {
    const { type, context, payload, runId } = draft;
    const atMs = nowMs();
    const id = newId('evt', atMs);
    const source = internalSource;
    const depth = draft.depth + 1;
    const matches = hasListenerFor(type)
      ? listeners.match({ source, system: source, type, context, payload, headers: {} })
      : [];
    const chainStopped = matches.length > 0 && depth > maxChainDepth;
    const seq = insertEvent(db, {
      id,
      typeId: internEventType(db, source, source, type),
      externalId: null,
      occurredAtMs: atMs,
      receivedAtMs: atMs,
      context: stringifyExact(context),
      payload: stringifyExact(payload),
      verification: internalVerification,
      deliverySeq: null,
      replayOf: null,
      causedByRun: runId,
      depth,
      // A run's outcome that nobody listens to is not an event that anybody missed.
      ignored: false,
      chainStopped,
    });
    const planned: Planned = { eventSeqs: [seq], deliverySeq: null, jobs: [], listeners: [] };
    if (chainStopped) log.warn({ eventId: id, type, depth }, 'chain of jobs stopped: too deep');
    else planRuns(db, { seq, id, source, type, depth }, matches, planDeps, planned);
    return planned;
  }

  function raise(db: WritableDb, event: RaisedEvent): { eventId: string; planned: Planned } {
    const atMs = nowMs();
    const eventId = newId('evt', atMs);
    const { source, system, type, depth, deliverySeq } = event;
    const headers = deliverySeq === null ? {} : readDeliveryHeaders(db, deliverySeq);
    const context = parseStoredJson(event.context);
    const payload = parseStoredJson(event.payload);
    const matches = listeners.match({ source, system, type, context, payload, headers });
    const chainStopped = matches.length > 0 && depth > maxChainDepth;
    const planned: Planned = { eventSeqs: [], deliverySeq: null, jobs: [], listeners: [] };
    const seq = insertEvent(db, {
      id: eventId,
      typeId: internEventType(db, source, system, type),
      externalId: event.externalId,
      occurredAtMs: event.occurredAtMs,
      receivedAtMs: atMs,
      context: event.context,
      payload: event.payload,
      verification: event.verification,
      deliverySeq,
      replayOf: null,
      causedByRun: event.causedByRun,
      depth,
      ignored: matches.length === 0,
      chainStopped,
    });
    planned.eventSeqs.push(seq);
    if (chainStopped) log.warn({ eventId, type, depth }, 'chain of jobs stopped: too deep');
    else planRuns(db, { seq, id: eventId, source, type, depth }, matches.map(withoutAnswer), planDeps, planned);
    return { eventId, planned };
  }

  return { planDeps, recordRunEvent, raise };
}
