/** In single quotes nothing is special to a POSIX shell but the quote itself. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
