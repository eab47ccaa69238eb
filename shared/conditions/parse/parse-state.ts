import { CONDITION_LIMITS, type Conditions } from '../tree.ts';

/** `path` leads from the input to the clause at fault: `['all', 0, 'value']`, or `['payload.status']` in the short form. */
export interface ConditionError {
  path: (string | number)[];
  message: string;
}

export type ConditionsResult = { ok: true; conditions: Conditions } | { ok: false; errors: ConditionError[] };

export interface ParseState {
  errors: ConditionError[];
  leaves: number;
}

export function countLeaf(path: (string | number)[], state: ParseState): void {
  state.leaves += 1;
  if (state.leaves === CONDITION_LIMITS.leaves + 1) {
    state.errors.push({ path, message: `Conditions have at most ${CONDITION_LIMITS.leaves} fields to check` });
  }
}
