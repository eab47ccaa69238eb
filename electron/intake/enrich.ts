import type { Json } from '../../shared/contract/common.ts';
import { printDuration } from '../../shared/contract/duration.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Answer, AnswerReason } from '../../shared/contract/events.ts';
import { errorText } from '../../shared/error-text.ts';
import type { RunEnd } from '../runs/run-end.ts';
import type { ReadableDb } from '../store/database/open.ts';
import { isoTime } from '../store/database/times.ts';
import { insertAnswer, noteUnanswered, readAnswer, setDeliveryStatus } from '../store/events/answers.ts';
import { parseStoredJson } from '../store/events/events.ts';
import { findPlannedRun } from '../store/runs/find-run.ts';
import type { RunRow } from '../store/runs/run-rows.ts';
import { type Commands, localCommands } from '../store/write/commands.ts';
import type { Writer } from '../store/write/writer.ts';
import type { AnswerAsk } from './intake-types.ts';
import type { EnrichTerms } from './planning-types.ts';

/** A decision in the words of the sender's protocol, or why it cannot be said in them. */
export type WrittenDecision =
  | { ok: true; status: number; contentType: string; body: string }
  | { ok: false; message: string };

export interface AnswerRequest {
  ask: AnswerAsk;
  deliveryId: string;
  /** By performance.now(). */
  arrivedMs: number;
  /** The outcome of a run that failed, where it has one, is written too. */
  takesFailures?: boolean;
  write(decision: Json): WrittenDecision | Promise<WrittenDecision>;
}

/** Answers requests with what jobs decide. */
export interface Enricher {
  /**
   * Resolves when the answer is on disk; null when there is none to give, for a repeat of an event that never had one.
   * Rejects when not even the listener's fallback can be written, or the disk takes nothing.
   */
  answer(request: AnswerRequest): Promise<Answer | null>;
}

export interface EnrichDeps {
  db: ReadableDb;
  writer: Writer;
  /** Present in a cluster: answers are stored by way of its log. */
  commands?: Commands | undefined;
  prioritize(run: { seq: number; job: string }, onEnd: (end: RunEnd) => void): () => void;
  nowMs: () => number;
}

interface Verdict {
  runId: string | null;
  /** Null: the job has decided. */
  reason: AnswerReason | null;
  message: string | null;
  decision: Json;
}

/** What a sender gets that should ask again. */
export const unansweredStatus = 503;

/** Kept back from the deadline for signing and storing the answer. */
const reserveMs = (deadlineMs: number): number => Math.min(50, deadlineMs / 10);

export function createEnricher({ db, writer, commands, prioritize, nowMs }: EnrichDeps): Enricher {
  const { define } = commands ?? localCommands(writer);
  const storeAnswer = define('answer', ({ db: handle }, answer: Parameters<typeof insertAnswer>[1]) =>
    insertAnswer(handle, answer),
  );
  const storeStatus = define('answer.repeat', ({ db: handle }, deliveryId: string, status: number) =>
    setDeliveryStatus(handle, deliveryId, status),
  );
  const storeUnanswered = define('answer.none', ({ db: handle }, deliveryId: string, status: number, message: string) =>
    noteUnanswered(handle, deliveryId, status, message),
  );
  /** A repeat that comes while its event is being decided gets the same answer. */
  const underWay = new Map<string, Promise<Answer | null>>();

  /** Tells how the run ended, or that it had not at `endMs` (by performance.now()). */
  function waitForEnd(row: RunRow, endMs: number): Promise<RunEnd | 'late'> {
    return new Promise((resolve) => {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return resolve('late');
      const timer = setTimeout(() => settle('late'), leftMs);
      const forget = prioritize({ seq: row.seq, job: row.job }, (end) => {
        const isTriedAgain = end.retryAtMs !== null && end.retryAtMs - nowMs() < endMs - performance.now();
        if (!isTriedAgain) settle(end);
      });
      function settle(result: RunEnd | 'late'): void {
        clearTimeout(timer);
        forget();
        resolve(result);
      }
    });
  }

  async function judge(
    row: RunRow | null,
    terms: EnrichTerms,
    arrivedMs: number,
    takesFailures: boolean,
  ): Promise<Verdict> {
    const fallBack = (reason: AnswerReason, message: string): Verdict => ({
      runId: row?.id ?? null,
      reason,
      message,
      decision: terms.fallback,
    });
    if (row === null) return fallBack('no_run', 'no run was planned: the job does not exist');
    if (row.state === 'pending') {
      return fallBack('approval', 'needs approval, which is not possible while the sender waits');
    }
    const endMs = arrivedMs + terms.deadlineMs - reserveMs(terms.deadlineMs);
    const end = endOf(row) ?? (await waitForEnd(row, endMs));
    if (end === 'late') return fallBack('timeout', `no decision within ${printDuration(terms.deadlineMs)}`);
    if (end.state === 'completed') {
      return end.outcome === null
        ? fallBack('invalid', 'the job left no outcome to answer with')
        : { runId: row.id, reason: null, message: null, decision: end.outcome };
    }
    if (takesFailures && end.state === 'failed' && end.outcome !== null) {
      return { runId: row.id, reason: null, message: null, decision: end.outcome };
    }
    if (end.reason === 'queue') return fallBack('queue', end.error ?? 'the queue of the job is full');
    return fallBack(end.state, end.error ?? `the run was ${end.state}`);
  }

  async function decide({
    ask,
    deliveryId,
    arrivedMs,
    write,
    takesFailures = false,
  }: AnswerRequest): Promise<Answer | null> {
    const { enrich } = ask;
    if (enrich === null) return null;
    const row = findPlannedRun(db, ask.eventId, enrich.listener);
    // The event came before this listener did.
    if (row === null && !ask.isNew) return null;
    let verdict = await judge(row, enrich.terms, arrivedMs, takesFailures);
    let written = await write(verdict.decision);
    if (!written.ok && verdict.reason === null) {
      verdict = { ...verdict, reason: 'invalid', message: written.message, decision: enrich.terms.fallback };
      written = await write(verdict.decision);
    }
    if (!written.ok) {
      throw new AppError('invalid_input', `the fallback of listener ${enrich.listener}: ${written.message}`);
    }
    const { status, contentType, body } = written;
    const atMs = nowMs();
    const answer = {
      ...verdict,
      listener: enrich.listener,
      decided: verdict.reason === null ? ('job' as const) : ('fallback' as const),
      status,
      contentType,
      body,
      passedOver: [...enrich.terms.passedOver],
    };
    await storeAnswer({ ...answer, deliveryId, eventId: ask.eventId, atMs });
    return { ...answer, at: isoTime(atMs) };
  }

  async function findOrDecide(request: AnswerRequest): Promise<Answer | null> {
    const { ask, deliveryId } = request;
    const before = underWay.get(ask.eventId) ?? (ask.isNew ? null : readAnswer(db, ask.eventId));
    if (before !== null) {
      const answer = await before;
      if (answer !== null) await storeStatus(deliveryId, answer.status);
      return answer;
    }
    const deciding = decide(request).finally(() => underWay.delete(ask.eventId));
    underWay.set(ask.eventId, deciding);
    return deciding;
  }

  return {
    async answer(request) {
      try {
        return await findOrDecide(request);
      } catch (error) {
        const message = errorText(error);
        // Where the disk takes nothing, that is what the error says already.
        await storeUnanswered(request.deliveryId, unansweredStatus, message).catch(() => undefined);
        throw error;
      }
    },
  };
}

/** Of a run that has ended already, such as one whose queue was full. */
function endOf(row: RunRow): RunEnd | null {
  const { state, reason, error, outcome } = row;
  if (state !== 'completed' && state !== 'failed' && state !== 'canceled') return null;
  return { state, reason, error, outcome: outcome === null ? null : parseStoredJson(outcome), retryAtMs: null };
}
