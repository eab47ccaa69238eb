import { type AlarmChannel, type AlarmSpec, alarmDefaults } from '../../shared/contract/alarms.ts';
import { durationMs } from '../../shared/contract/duration.ts';
import { type IncidentRow, insertIncident, readReopenable, updateIncident } from '../store/alarms/incidents.ts';
import { deleteNoticesOf, insertNotice, type NoticeRow } from '../store/alarms/notices.ts';
import type { WritableDb } from '../store/database/open.ts';
import { subjectKey } from './alarm-text.ts';
import type { Finding } from './measure-condition.ts';

/** A rate about its limit would recover and be raised every minute; silence ends with a delivery. */
export const recoverAfterMs = 5 * 60_000;

/** Since when a raised alarm would have recovered, by alarm and subject: kept in memory, so a restart waits once more. */
export type FineSince = Map<string, number>;

interface RecordDeps {
  db: WritableDb;
  spec: AlarmSpec;
  /** Of this alarm. */
  raised: readonly IncidentRow[];
  fineSince: FineSince;
  nowMs: number;
}

/**
 * Inside a transaction: what an evaluation changes in the incidents of an alarm, with the messages it calls for. Gives
 * the incidents that changed.
 */
export function recordFindings(
  { db, spec, raised, fineSince, nowMs }: RecordDeps,
  findings: readonly Finding[],
): IncidentRow[] {
  const changed: IncidentRow[] = [];
  const bySubject = new Map(raised.map((row) => [row.subject, row]));
  const put = (row: IncidentRow): void => {
    updateIncident(db, row);
    changed.push(row);
  };
  for (const { subject, isRaised, message } of findings) {
    const key = subjectKey(subject);
    const known = bySubject.get(key);
    bySubject.delete(key);
    const fineKey = `${spec.slug} ${key}`;
    if (isRaised) {
      fineSince.delete(fineKey);
      if (known === undefined) put(raise(db, spec, key, message, nowMs));
      else put(remind(db, spec, { ...known, message }, nowMs));
      continue;
    }
    if (known === undefined) continue;
    const since = fineSince.get(fineKey) ?? nowMs;
    fineSince.set(fineKey, since);
    if (spec.when.kind !== 'source_silent' && nowMs - since < recoverAfterMs) continue;
    fineSince.delete(fineKey);
    put(recover(db, spec, known, message, nowMs));
  }
  // Their source, job or listener is gone or disabled.
  for (const row of bySubject.values()) put(closeSilently(db, row, nowMs));
  return changed;
}

function raise(db: WritableDb, spec: AlarmSpec, subject: string, message: string, nowMs: number): IncidentRow {
  const before = readReopenable(db, spec.slug, subject, nowMs);
  if (before === null) {
    const made = insertIncident(db, { alarm: spec.slug, subject, message, atMs: nowMs });
    tell(db, spec, made, 'raised', message, nowMs);
    return made;
  }
  const again: IncidentRow = {
    ...before,
    message,
    raised_at: nowMs,
    recovered_at: null,
    times: before.times + 1,
    notified_at: nowMs,
  };
  if (again.snoozed_until === null) tell(db, spec, again, 'raised', message, nowMs);
  return again;
}

/** It lasts. */
function remind(db: WritableDb, spec: AlarmSpec, row: IncidentRow, nowMs: number): IncidentRow {
  if (row.snoozed_until !== null) {
    if (row.snoozed_until > nowMs) return row;
    tell(db, spec, row, 'repeated', row.message, nowMs);
    return { ...row, snoozed_until: null, inbox: 1, notified_at: nowMs };
  }
  const repeat = spec.repeat ?? alarmDefaults.repeat;
  const isDue = repeat !== 'never' && nowMs - row.notified_at >= durationMs(repeat);
  if (!isDue || row.acknowledged_at !== null) return row;
  tell(db, spec, row, 'repeated', row.message, nowMs);
  return { ...row, notified_at: nowMs };
}

function recover(db: WritableDb, spec: AlarmSpec, row: IncidentRow, message: string, nowMs: number): IncidentRow {
  const isSnoozed = row.snoozed_until !== null;
  if ((spec.recovery ?? alarmDefaults.recovery) && !isSnoozed) tell(db, spec, row, 'recovered', message, nowMs);
  return { ...row, recovered_at: nowMs };
}

/** Ends it without a message, and takes it out of the inbox. */
export function closeSilently(db: WritableDb, row: IncidentRow, nowMs: number): IncidentRow {
  deleteNoticesOf(db, row.seq);
  return { ...row, recovered_at: row.recovered_at ?? nowMs, inbox: 0, snoozed_until: null };
}

function tell(
  db: WritableDb,
  spec: AlarmSpec,
  row: IncidentRow,
  kind: NoticeRow['kind'],
  message: string,
  nowMs: number,
): void {
  const channels = new Set((spec.notify ?? []).map((channel: AlarmChannel) => JSON.stringify(channel)));
  for (const channel of channels) insertNotice(db, { incident: row.seq, kind, channel, text: message, at: nowMs });
}
