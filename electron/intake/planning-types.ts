import type { ConditionInput } from '../../shared/conditions/tree.ts';
import type { Json } from '../../shared/contract/common.ts';
import type { ListenerResolves } from '../../shared/contract/listeners.ts';
import type { BatchTerms } from '../store/events/batch-terms.ts';

/** A listener that takes an event, as the index answers. */
export interface Match {
  listener: string;
  version: number;
  job: string;
  /** Its runs wait for an approval, whatever the job says. */
  needsApproval: boolean;
  /** Which later successes deal with its failed runs, retries apart. */
  resolves: ListenerResolves;
  /** Its events are gathered; null: as the job has it. */
  batch: BatchTerms | null;
  /** The match is recorded, and no run starts. */
  isShadow: boolean;
  /** Set when this listener answers the request that brought the event; at most one of an event's matches has it. */
  enrich: EnrichTerms | null;
}

/** On what terms a listener answers a request. */
export interface EnrichTerms {
  priority: number;
  /** From the arrival of the request. */
  deadlineMs: number;
  /** The decision when the job has none in time. */
  fallback: Json;
  /** Listeners that would have answered too, had they come first. */
  passedOver: readonly string[];
}

/** Active listeners, indexed so that the cost does not grow with listeners that cannot match. */
export interface ListenerMatcher {
  match(event: ConditionInput): Match[];
  /** Cheap: does any active listener take this source and type, whatever else its conditions say? */
  couldTake(source: string, type: string): boolean;
  /** Whether `listener` exists and is active; what it would start. For replays to chosen listeners. */
  find(listener: string): Match | null;
}
