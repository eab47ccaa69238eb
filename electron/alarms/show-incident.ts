import type { AlarmIncident } from '../../shared/contract/alarms.ts';
import type { IncidentRow } from '../store/alarms/incidents.ts';
import { isoTime, isoTimeOrNull } from '../store/database/times.ts';
import { subjectOf, subjectPath } from './alarm-text.ts';

/** `name`: of its alarm. */
export function showIncident(row: IncidentRow, name: string): AlarmIncident {
  const subject = subjectOf(row.subject);
  return {
    id: row.id,
    alarm: row.alarm,
    name,
    subject,
    message: row.message,
    raisedAt: isoTime(row.raised_at),
    recoveredAt: isoTimeOrNull(row.recovered_at),
    times: row.times,
    isInInbox: row.inbox === 1,
    acknowledgedAt: isoTimeOrNull(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
    snoozedUntil: isoTimeOrNull(row.snoozed_until),
    problem: row.problem,
    path: subjectPath(subject),
  };
}
