/**
 * Failures: failed runs that ended alike, by the key that the Inbox groups by. A failure outlives its runs, with what
 * operators did about it. `unresolved` of a run: failed, not acknowledged, and no later run of its event and listener
 * completed, or failed and was acknowledged. `failure_key`, `failure_message`, `context_hash` and `new_failure_id` are functions of the app
 * (database/migration-functions.ts).
 */
export const sql = `
CREATE TABLE failures (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL UNIQUE,
  job TEXT NOT NULL,
  listener TEXT,
  reason TEXT,
  exit_code INTEGER,
  signal TEXT,
  message TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'snoozed', 'resolved')),
  state_at INTEGER NOT NULL,
  state_by TEXT,
  count INTEGER NOT NULL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  last_run TEXT NOT NULL,
  first_listener_version INTEGER,
  last_listener_version INTEGER,
  first_job_version INTEGER,
  last_job_version INTEGER,
  snoozed_until INTEGER,
  snoozed_count INTEGER,
  snoozed_for_change INTEGER NOT NULL DEFAULT 0,
  snoozed_listener_version INTEGER,
  snoozed_job_version INTEGER,
  assignee TEXT,
  regressions INTEGER NOT NULL DEFAULT 0,
  regressed_at INTEGER
) STRICT;
CREATE INDEX failures_by_time ON failures (last_seen_at, seq);
CREATE INDEX failures_by_state ON failures (state, last_seen_at, seq);
CREATE INDEX failures_snoozed ON failures (snoozed_until) WHERE state = 'snoozed';

-- What happened to a failure: notes, and every change of its state; \`actor\` is null where Signalbox changed it.
CREATE TABLE failure_entries (
  seq INTEGER PRIMARY KEY,
  failure INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT,
  text TEXT,
  detail TEXT
) STRICT;
CREATE INDEX failure_entries_by_failure ON failure_entries (failure, seq);

ALTER TABLE runs ADD COLUMN failure INTEGER;
ALTER TABLE runs ADD COLUMN unresolved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN context_hash TEXT;

CREATE TEMP TABLE failed_runs AS
  SELECT seq, failure_key(job, listener, reason, exit_code, signal, error, outcome) AS key,
    failure_message(reason, error, outcome) AS message
  FROM runs WHERE state = 'failed';

INSERT INTO failures (id, key, job, listener, reason, exit_code, signal, message, state, state_at, count, first_seen_at,
    last_seen_at, last_run, first_listener_version, last_listener_version)
  SELECT new_failure_id(min(ifnull(r.finished_at, r.queued_at))), f.key, r.job, r.listener, r.reason, r.exit_code, r.signal,
    f.message, 'open', max(ifnull(r.finished_at, r.queued_at)), count(*), min(ifnull(r.finished_at, r.queued_at)),
    max(ifnull(r.finished_at, r.queued_at)), '', min(r.listener_version), max(r.listener_version)
  FROM failed_runs f CROSS JOIN runs r ON r.seq = f.seq GROUP BY f.key;

UPDATE runs SET
    failure = (SELECT g.seq FROM temp.failed_runs f CROSS JOIN failures g ON g.key = f.key WHERE f.seq = runs.seq),
    context_hash = (SELECT context_hash(e.context) FROM events e WHERE e.seq = runs.event_seq),
    unresolved = acknowledged_at IS NULL AND NOT EXISTS (SELECT 1 FROM runs later
      WHERE later.event_seq = runs.event_seq AND later.listener IS runs.listener AND later.job = runs.job
        AND later.retry_no > runs.retry_no
        AND (later.state = 'completed' OR (later.state = 'failed' AND later.acknowledged_at IS NOT NULL)))
  WHERE state = 'failed';

CREATE INDEX runs_by_failure ON runs (failure, seq) WHERE failure IS NOT NULL;
CREATE INDEX runs_unresolved ON runs (failure, seq) WHERE unresolved = 1;
CREATE INDEX runs_unresolved_context ON runs (listener, context_hash) WHERE unresolved = 1;

UPDATE failures SET
    last_run = (SELECT r.id FROM runs r WHERE r.failure = failures.seq ORDER BY r.seq DESC LIMIT 1),
    message = (SELECT f.message FROM temp.failed_runs f WHERE f.seq =
      (SELECT max(r.seq) FROM runs r WHERE r.failure = failures.seq)),
    first_job_version = (SELECT j.version FROM jobs j WHERE j.slug = failures.job),
    last_job_version = (SELECT j.version FROM jobs j WHERE j.slug = failures.job);
UPDATE failures SET state = 'acknowledged',
    state_at = (SELECT max(r.acknowledged_at) FROM runs r WHERE r.failure = failures.seq),
    state_by = (SELECT r.acknowledged_by FROM runs r WHERE r.failure = failures.seq AND r.acknowledged_at IS NOT NULL
      ORDER BY r.acknowledged_at DESC LIMIT 1)
  WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.failure = failures.seq AND r.unresolved = 1)
    AND EXISTS (SELECT 1 FROM runs r WHERE r.failure = failures.seq AND r.acknowledged_at IS NOT NULL);
UPDATE failures SET state = 'resolved'
  WHERE state = 'open' AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.failure = failures.seq AND r.unresolved = 1);

DROP TABLE temp.failed_runs;
`;
