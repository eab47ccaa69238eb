/** Listeners and jobs that could not be read: events after `after_seq` have not been matched with them yet. */
export const sql = `
CREATE TABLE definition_gaps (
  kind TEXT NOT NULL CHECK (kind IN ('listener', 'job')),
  slug TEXT NOT NULL,
  after_seq INTEGER NOT NULL,
  PRIMARY KEY (kind, slug)
) STRICT, WITHOUT ROWID;
`;
