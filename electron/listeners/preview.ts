import { compileListenerTest, type TestedListener } from '../../shared/conditions/evaluate/listener-test.ts';
import type { ConditionInput } from '../../shared/conditions/tree.ts';
import type { MatchableEvent } from '../store/events/events.ts';

export interface Preview {
  tried: number;
  matched: number;
  items: {
    id: string;
    type: string;
    source: string;
    receivedAt: string;
    nowMatches: boolean;
    didMatch: boolean;
  }[];
}

const maxItems = 50;

/**
 * Tries a definition on events, newest first, as if it were active. `saved` is the definition of today; without one
 * nothing `didMatch`. Listed are the events that either takes; when there are too many, those where the two differ.
 */
export function preview(
  draft: TestedListener,
  saved: TestedListener | null,
  events: readonly MatchableEvent[],
): Preview {
  const nowTest = compileTest(draft);
  const didTest = saved === null ? () => false : compileTest(saved);
  const differing: Preview['items'] = [];
  const same: Preview['items'] = [];
  let matched = 0;
  for (const event of events) {
    const nowMatches = nowTest(event);
    const didMatch = didTest(event);
    if (nowMatches) matched += 1;
    if (!nowMatches && !didMatch) continue;
    const list = nowMatches === didMatch ? same : differing;
    if (list.length >= maxItems) continue;
    const { id, type, source, receivedAt } = event;
    list.push({ id, type, source, receivedAt, nowMatches, didMatch });
  }
  const order = new Map(events.map((event, index) => [event.id, index]));
  const items = [...differing, ...same].slice(0, maxItems);
  items.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  return { tried: events.length, matched, items };
}

function compileTest(listener: TestedListener): (event: ConditionInput) => boolean {
  const { admits, passes } = compileListenerTest(listener);
  return (event) => admits(event.source, event.type) && passes(event);
}
