/**
 * Repeated deliveries of a source in a stretch of time are counted from an index alone; others do not pay for it.
 * Readings of the app itself, one every few minutes: what charts of its latency, queue and size are drawn from.
 * `answers`: JSON, how many answers since the reading before took how long, see shared/answer-times.ts.
 */
export const sql = `
CREATE INDEX deliveries_repeated ON deliveries (source, seq) WHERE result = 'duplicate';
CREATE TABLE readings (
  at INTEGER PRIMARY KEY,
  answers TEXT NOT NULL,
  waiting INTEGER NOT NULL,
  running INTEGER NOT NULL,
  database_bytes INTEGER NOT NULL,
  free_bytes INTEGER
) STRICT;
`;
