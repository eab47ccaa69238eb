export interface SequenceState {
  /** Null until the first push of a connection. */
  lastSeq: number | null;
}

export const freshSequence: SequenceState = { lastSeq: null };

/** Whether pushes were lost before or within this one: a hole in `seq`, a counter that went back, or dropped rows. */
export function advanceSequence(
  state: SequenceState,
  envelope: { seq: number; dropped: number },
): { state: SequenceState; gap: boolean } {
  const hole = state.lastSeq !== null && envelope.seq !== state.lastSeq + 1;
  return { state: { lastSeq: envelope.seq }, gap: hole || envelope.dropped > 0 };
}
