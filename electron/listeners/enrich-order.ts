/** By code units, as SQLite sorts text and unlike localeCompare the same on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Order of the listeners that would answer a request: by priority, highest first, then by slug. */
export const answersBefore = (a: { slug: string; priority: number }, b: { slug: string; priority: number }): number =>
  b.priority - a.priority || compareText(a.slug, b.slug);
