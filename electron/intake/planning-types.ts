import type { ConditionInput } from '../../shared/conditions/tree.ts';

/** A listener that takes an event, as the index answers. */
export interface Match {
  listener: string;
  version: number;
  job: string;
}

/** Active listeners, indexed so that the cost does not grow with listeners that cannot match. */
export interface ListenerMatcher {
  match(event: ConditionInput): Match[];
  /** Cheap: does any active listener's source and type pattern take this, whatever its conditions say? */
  couldTake(source: string, type: string): boolean;
  /** Whether `listener` exists and is active; what it would start. For replays to chosen listeners. */
  find(listener: string): Match | null;
}

/** What planning must know of a job. */
export interface JobPlan {
  attempts: number;
  acknowledge: 'required' | 'none';
  /** Runs that may wait. */
  queue: number;
}

export interface JobPlans {
  plan(job: string): JobPlan | null;
  /** Runs of the job now waiting, as counted in memory. */
  waiting(job: string): number;
}
