/**
 * Where destinations stand that are not simply active, and the order of runs that are sent one after the other: looked up
 * whenever a run with the same key might start.
 */
export const sql = `
CREATE TABLE destinations (
  job TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending_verification', 'active', 'inactive')),
  reason TEXT,
  changed_at INTEGER NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN order_key TEXT;
CREATE INDEX runs_ordered ON runs (job, order_key, seq)
  WHERE order_key IS NOT NULL AND state NOT IN ('completed', 'failed', 'canceled');
`;
