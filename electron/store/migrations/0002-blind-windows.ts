/** When no delivery could be taken, and why. `to_at` is null while it lasts. */
export const sql = `
CREATE TABLE blind_windows (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('off', 'asleep', 'full', 'refusing')),
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  detail TEXT NOT NULL
) STRICT;
`;
