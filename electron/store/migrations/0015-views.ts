/** Lists that operators saved: their query, and how they look (columns, sort, group) as JSON. */
export const sql = `
CREATE TABLE views (
  id TEXT PRIMARY KEY,
  page TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  look TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  saved_by TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX views_by_name ON views (page, name COLLATE NOCASE);
`;
