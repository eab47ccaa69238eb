import type { Run } from '../../../shared/contract/runs.ts';

/** What left the inbox without this window's doing. `by` is null when several people did it. */
export interface Elsewhere {
  count: number;
  by: string | null;
}

export interface Acknowledging {
  /** Acknowledged here and not yet confirmed: a late push must not bring these back. */
  pending: ReadonlySet<string>;
  /** Acknowledged here in this session: their pushes are no news. */
  mine: ReadonlySet<string>;
  elsewhere: Elsewhere | null;
  /** The latest that undo would bring back. */
  undoable: readonly string[];
}

export const noAcknowledging: Acknowledging = { pending: new Set(), mine: new Set(), elsewhere: null, undoable: [] };

const without = (set: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> => {
  const left = new Set(set);
  for (const id of ids) left.delete(id);
  return left;
};

export const begin = (state: Acknowledging, ids: readonly string[]): Acknowledging => ({
  pending: new Set([...state.pending, ...ids]),
  mine: new Set([...state.mine, ...ids]),
  elsewhere: null,
  undoable: state.undoable,
});

export const confirm = (state: Acknowledging, ids: readonly string[]): Acknowledging => ({
  ...state,
  pending: without(state.pending, ids),
  undoable: [...ids],
});

/** The call failed, or the acknowledgement was taken back. */
export const release = (state: Acknowledging, ids: readonly string[]): Acknowledging => ({
  ...state,
  pending: without(state.pending, ids),
  mine: without(state.mine, ids),
  undoable: state.undoable.filter((id) => !ids.includes(id)),
});

/** A push has come: what of it the list is to take, and what it says about others at work. `shown` are the list's ids. */
export function receive(
  state: Acknowledging,
  shown: ReadonlySet<string>,
  pushed: readonly Run[],
): { state: Acknowledging; rows: Run[] } {
  const rows = pushed.filter((run) => !(run.needsAcknowledgement && state.pending.has(run.id)));
  const gone = rows.filter((run) => run.acknowledgedAt !== null && shown.has(run.id) && !state.mine.has(run.id));
  if (gone.length === 0) return { state, rows };
  const names = new Set(gone.map((run) => run.acknowledgedBy));
  if (state.elsewhere !== null) names.add(state.elsewhere.by);
  const [only] = names;
  const elsewhere = {
    count: gone.length + (state.elsewhere?.count ?? 0),
    by: names.size === 1 ? (only ?? null) : null,
  };
  return { state: { ...state, elsewhere }, rows };
}

export const forgetElsewhere = (state: Acknowledging): Acknowledging =>
  state.elsewhere === null ? state : { ...state, elsewhere: null };
