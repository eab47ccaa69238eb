import type { ConditionInput, Conditions } from '../tree.ts';
import { compileConditions } from './compile.ts';
import { compileReach, type Reached } from './reach.ts';
import { compileTypeGate } from './type-gate.ts';

/** What decides whether a listener matches an event. */
export interface TestedListener extends Reached {
  where: Conditions;
}

export interface ListenerTest {
  /** False only when the listener matches no event of this source and type. */
  admits(source: string, type: string): boolean;
  /** For events of a source and type that are admitted. */
  passes(event: ConditionInput): boolean;
}

/** A listener as if it were active, in two steps: what source and type decide, and what the event itself decides. */
export function compileListenerTest(listener: TestedListener): ListenerTest {
  const reach = compileReach(listener);
  const gate = compileTypeGate(listener.where);
  return {
    admits: (source, type) => reach.takesSource(source) && reach.takesType(source, type) && gate.admits(source, type),
    passes: compileConditions(listener.where),
  };
}
