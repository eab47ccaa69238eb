/** The code of an error of the system, of Node or of SQLite, such as `ENOENT`; null for others. */
export const errorCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
