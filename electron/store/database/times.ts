/** The last that a date can be (ECMA-262, 21.4.1.1); beyond it a cell is damaged, which must not close a list. */
const lastMs = 8.64e15;

/** Times are milliseconds in the database and ISO text at every border. */
export const isoTime = (ms: number): string => new Date(Math.abs(ms) <= lastMs ? ms : 0).toISOString();
export const isoTimeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
