/**
 * What a node of a cluster knows of the shared log: how far it has applied it, which processes take part, and which of them
 * runs what. Empty on a single machine.
 */
export const sql = `
CREATE TABLE log_position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  cluster TEXT NOT NULL,
  -- When the log was created: another log of the same name begins again at 1.
  log TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;

-- One row for each process that takes part: a node has another one after each start.
CREATE TABLE log_members (
  member TEXT PRIMARY KEY,
  node TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('live', 'gone')),
  -- The last of its numbered writes, which it may have to send again.
  turn INTEGER NOT NULL DEFAULT 0,
  joined_at INTEGER NOT NULL,
  gone_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE log_claims (
  run_seq INTEGER PRIMARY KEY,
  attempt INTEGER NOT NULL,
  member TEXT NOT NULL
) STRICT;
CREATE INDEX log_claims_by_member ON log_claims (member);
`;
