import type { Bus } from '../runs/announcements.ts';
import type { RunLifecycle } from '../runs/lifecycle.ts';
import type { PlannedEvent } from '../runs/new-run.ts';
import { insertShadowMatch } from '../store/events/shadow-matches.ts';
import type { Transaction } from '../store/write/writer.ts';
import type { Match } from './planning-types.ts';

/** Plans a run of an event for a listener that takes it, or records the match of one in shadow mode. */
export type PlanMatch = (tx: Transaction, event: PlannedEvent, match: Match) => void;

/** Whether no run comes of these matches: there are none, or only listeners in shadow mode. */
export const startsNothing = (matches: readonly Match[]): boolean => matches.every(({ isShadow }) => isShadow);

export function createPlanMatch(deps: { plan: RunLifecycle['plan']; bus: Bus; nowMs: () => number }): PlanMatch {
  return (tx, event, match) => {
    if (!match.isShadow) {
      deps.plan(tx, event, match);
      return;
    }
    const atMs = deps.nowMs();
    const { listener, version } = match;
    insertShadowMatch(tx.db, { listener, version, eventSeq: event.seq, atMs });
    tx.afterCommit(() => deps.bus.emit('listener.matched', listener, atMs));
  };
}
