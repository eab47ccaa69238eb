import { monotonicFactory } from 'ulid';

const next = monotonicFactory();

/** Ids sort by the time they were made, within a millisecond too. */
export const newId = (kind: 'evt' | 'run' | 'dlv' | 'rpl', nowMs: number = Date.now()): string =>
  `${kind}_${next(nowMs)}`;
