/**
 * Events that listeners gather for one run. A batch with `due_at` is open; without, its run is planned, and `runs.batch_seq`
 * of that run and its retries names it. An event is in one batch of a listener at most.
 */
export const sql = `
CREATE TABLE batches (
  seq INTEGER PRIMARY KEY,
  listener TEXT NOT NULL,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  job TEXT NOT NULL,
  needs_approval INTEGER NOT NULL,
  depth INTEGER NOT NULL,
  order_key TEXT,
  events INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  count INTEGER NOT NULL,
  due_at INTEGER
) STRICT;
CREATE UNIQUE INDEX batches_open ON batches (listener, key) WHERE due_at IS NOT NULL;
CREATE INDEX batches_due ON batches (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE batch_events (
  event_seq INTEGER NOT NULL,
  listener TEXT NOT NULL,
  batch_seq INTEGER NOT NULL,
  PRIMARY KEY (event_seq, listener)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_events_by_batch ON batch_events (batch_seq, event_seq);

ALTER TABLE runs ADD COLUMN batch_seq INTEGER;
CREATE INDEX runs_by_batch ON runs (batch_seq) WHERE batch_seq IS NOT NULL;
`;
