import type { TestedListener } from '../../shared/conditions/evaluate/listener-test.ts';
import type { ListenerBatch } from '../../shared/contract/batches.ts';
import type { Json } from '../../shared/contract/common.ts';
import type { ListenerMode, ListenerResolves, ListenerState } from '../../shared/contract/listeners.ts';

/** What matching needs of a listener. */
export interface ListenerDefinition extends TestedListener {
  slug: string;
  version: number;
  state: ListenerState;
  job: string;
  mode: ListenerMode;
  /** Such as `3s`. */
  deadline: string;
  fallback: Json;
  priority: number;
  approval: 'required' | 'none';
  resolves: ListenerResolves;
  /** Absent: each event gets its own run. */
  batch?: ListenerBatch | undefined;
}
