/**
 * Alarms, their versions, what they have raised, and messages that are still to be sent. `subject` of an incident: the
 * source, job or listener as `source/crm`; empty: the app itself. `channel` of a notice: where it goes, as JSON.
 */
export const sql = `
CREATE TABLE alarms (
  slug TEXT PRIMARY KEY,
  spec TEXT NOT NULL,
  owner TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alarm_versions (
  slug TEXT NOT NULL,
  version INTEGER NOT NULL,
  spec TEXT NOT NULL,
  at INTEGER NOT NULL,
  saved_by TEXT,
  PRIMARY KEY (slug, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarm_incidents (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  alarm TEXT NOT NULL,
  subject TEXT NOT NULL,
  message TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  recovered_at INTEGER,
  times INTEGER NOT NULL,
  inbox INTEGER NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  snoozed_until INTEGER,
  notified_at INTEGER NOT NULL,
  problem TEXT
) STRICT;
CREATE UNIQUE INDEX alarm_incidents_raised ON alarm_incidents (alarm, subject) WHERE recovered_at IS NULL;
CREATE INDEX alarm_incidents_inbox ON alarm_incidents (seq) WHERE inbox = 1;
CREATE INDEX alarm_incidents_by_alarm ON alarm_incidents (alarm, seq);

CREATE TABLE alarm_notices (
  seq INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('raised', 'repeated', 'recovered')),
  channel TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0
) STRICT;
`;
