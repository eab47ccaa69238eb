import type { Logger } from 'pino';
import type { DestinationEventType } from '../../../shared/contract/destination-events.ts';
import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';
import type { OwnEvents } from '../../runs/run-announcer.ts';
import { destinationEvent } from '../../runs/run-event.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import {
  deleteDestination,
  putDestination,
  readDestinations,
  type StoredDestination,
} from '../../store/definitions/destinations.ts';
import { type Commands, localCommands } from '../../store/write/commands.ts';
import type { Transaction, Writer } from '../../store/write/writer.ts';

/** After so long without one success a destination is switched off. */
const patienceMs = 5 * 86_400_000;
/** Failures of less than this are not written down: they begin anew after a start. */
const notedAfterMs = 60_000;

export type DestinationStanding = Omit<StoredDestination, 'job' | 'url'>;

export type AnswerKind = 'accepted' | 'failed' | 'gone';

export interface DestinationStates {
  standing(spec: HttpJobSpec): DestinationStanding;
  canSend(spec: HttpJobSpec): boolean;
  /** A request was answered, or was not. */
  note(spec: HttpJobSpec, answer: AnswerKind): void;
  setPaused(spec: HttpJobSpec, isPaused: boolean): Promise<void>;
  /** → active; changes nothing when it is. `reason`: a sentence. */
  activate(spec: HttpJobSpec, reason: string): Promise<void>;
  /** Its job is removed. */
  remove(tx: Transaction, job: string): void;
}

export interface DestinationStateDeps {
  db: ReadableDb;
  writer: Writer;
  /** Present in a cluster. */
  shared?: { commands: Commands } | undefined;
  events: Pick<OwnEvents, 'record'>;
  log: Logger;
  nowMs: () => number;
  /** Stored; `isActive`: it may send now. */
  onChanged(job: string, isActive: boolean): void;
}

/**
 * `pending_verification → active → inactive → active`, and whether it is paused. Kept in memory; the store has a row for
 * those alone that are not simply active, so that a request which succeeds writes nothing here.
 */
export function createDestinationStates(deps: DestinationStateDeps): DestinationStates {
  const { db, writer, events, log, nowMs, onChanged } = deps;
  const rows = new Map(readDestinations(db).map((row) => [row.job, row]));
  /** Since when each destination has failed at its address, noted or not. */
  const failing = new Map(
    [...rows.values()].flatMap(({ job, url, failingSinceMs: sinceMs }) =>
      sinceMs === null ? [] : [[job, { url, sinceMs }]],
    ),
  );
  const failingSince = ({ slug, url }: HttpJobSpec): number | null => {
    const known = failing.get(slug);
    return known?.url === url ? known.sinceMs : null;
  };

  function rowOf({ slug, url, verification }: HttpJobSpec): StoredDestination {
    const row = rows.get(slug);
    const needsProof = verification !== undefined && verification !== 'none';
    if (row !== undefined && row.url === url) {
      const isProofWaived = row.state === 'pending_verification' && !needsProof;
      return isProofWaived ? { ...row, state: 'active' } : row;
    }
    return {
      job: slug,
      url,
      state: needsProof ? 'pending_verification' : 'active',
      reason: null,
      changedAtMs: nowMs(),
      isPaused: row?.isPaused ?? false,
      failingSinceMs: null,
    };
  }

  const canSend = (spec: HttpJobSpec): boolean => {
    const { state, isPaused } = rowOf(spec);
    return state === 'active' && !isPaused;
  };

  const store = (deps.shared?.commands ?? localCommands(writer)).define(
    'destination',
    (tx, after: StoredDestination, type: DestinationEventType | null) => {
      putDestination(tx.db, after);
      if (type !== null) events.record(tx, destinationEvent(type, after.job, after));
      // Another node may have written it.
      if (deps.shared !== undefined) tx.afterCommit(() => rows.set(after.job, after));
    },
  );

  async function change(spec: HttpJobSpec, after: StoredDestination, type: DestinationEventType | null): Promise<void> {
    const before = rows.get(spec.slug);
    // Before the write: nothing more is to be sent to one that is being switched off.
    rows.set(spec.slug, after);
    try {
      await store(after, type);
    } catch (error) {
      if (before === undefined) rows.delete(spec.slug);
      else rows.set(spec.slug, before);
      throw error;
    }
    onChanged(spec.slug, canSend(spec));
  }

  function changeSoon(spec: HttpJobSpec, after: StoredDestination, type: DestinationEventType | null): void {
    change(spec, after, type).catch((error: unknown) => {
      log.error({ err: error, job: spec.slug }, 'the state of a destination could not be stored');
    });
  }

  const deactivate = (spec: HttpJobSpec, reason: string): void =>
    changeSoon(
      spec,
      {
        ...rowOf(spec),
        state: 'inactive',
        reason,
        changedAtMs: nowMs(),
        failingSinceMs: failingSince(spec),
      },
      'event_destination.deactivated',
    );

  return {
    standing: rowOf,
    canSend,
    note(spec, answer) {
      const row = rowOf(spec);
      if (answer === 'accepted') {
        if (!failing.delete(spec.slug) || row.failingSinceMs === null) return;
        changeSoon(spec, { ...row, failingSinceMs: null }, null);
        return;
      }
      const now = nowMs();
      const sinceMs = failingSince(spec) ?? now;
      failing.set(spec.slug, { url: spec.url, sinceMs });
      if (row.state !== 'active') return;
      if (answer === 'gone') deactivate(spec, 'It answered 410 Gone.');
      else if (now - sinceMs >= patienceMs) deactivate(spec, 'Every request has failed for 5 days.');
      else if (row.failingSinceMs === null && now - sinceMs >= notedAfterMs) {
        changeSoon(spec, { ...row, failingSinceMs: sinceMs }, null);
      }
    },
    setPaused: (spec, isPaused) => change(spec, { ...rowOf(spec), isPaused }, null),
    async activate(spec, reason) {
      const row = rowOf(spec);
      failing.delete(spec.slug);
      if (row.state === 'active' && row.failingSinceMs === null) return;
      const type = row.state === 'active' ? null : 'event_destination.activated';
      await change(spec, { ...row, state: 'active', reason, changedAtMs: nowMs(), failingSinceMs: null }, type);
    },
    remove(tx, job) {
      if (!deleteDestination(tx.db, job)) return;
      tx.afterCommit(() => {
        rows.delete(job);
        failing.delete(job);
      });
    },
  };
}
