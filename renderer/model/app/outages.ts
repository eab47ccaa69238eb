import type { BlindWindow } from '../../../shared/contract/app.ts';

/** The word for each kind of time in which nothing was received. */
export const outageWords: Record<BlindWindow['kind'], string> = {
  off: 'off',
  asleep: 'asleep',
  full: 'disk full',
  refusing: 'refusing',
};

/**
 * The times that ended between two events that stand next to each other in a list; `older` is null under the last. A
 * beginning is known to ten seconds only after a crash, so that it may lie before the older event: the end decides.
 */
export const outagesBetween = (
  windows: readonly BlindWindow[],
  newer: { receivedAt: string },
  older: { receivedAt: string } | null,
): readonly BlindWindow[] =>
  older === null ? [] : windows.filter(({ to }) => to !== null && to <= newer.receivedAt && to > older.receivedAt);
