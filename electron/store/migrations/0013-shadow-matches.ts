/** What listeners in shadow mode would have run: a count for each version, and the latest events. */
export const sql = `
CREATE TABLE shadow_counts (
  listener TEXT NOT NULL,
  version INTEGER NOT NULL,
  matched INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (listener, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE shadow_matches (
  listener TEXT NOT NULL,
  event_seq INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (listener, event_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX shadow_matches_by_event ON shadow_matches (event_seq);
`;
