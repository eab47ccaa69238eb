import { compileReach } from '../../shared/conditions/evaluate/reach.ts';
import { describeLeaf } from '../../shared/conditions/explain/describe.ts';
import { compileExplainer, type Explanation } from '../../shared/conditions/explain/explain.ts';
import { nearestType } from '../../shared/conditions/explain/leaf-texts.ts';
import type { ConditionInput } from '../../shared/conditions/tree.ts';
import type { ClauseVerdict, Verdict } from '../../shared/contract/listeners.ts';
import { ownSource } from '../../shared/own-source.ts';
import { answersBefore, compareText } from './enrich-order.ts';
import type { ListenerDefinition } from './listener-definition.ts';
import { differenceOf, type Nearness, nearnessOf, nearSlug } from './nearness.ts';

export interface ExplainedListener extends ListenerDefinition {
  name: string;
}

/**
 * Every listener's verdict on an event: those that matched first, then the nearest miss. A text that only reads like the
 * one that is wanted is all but no miss; of equal misses, the one with the closest texts comes first. Deleted listeners
 * have none.
 * `hasJob` says whether a job of that slug exists: a listener whose job is gone starts nothing.
 */
export function explain(
  listeners: readonly ExplainedListener[],
  event: ConditionInput,
  hasJob: (slug: string) => boolean,
): Verdict[] {
  const explained = listeners
    .filter((listener) => listener.state !== 'deleted')
    .map((listener) => ({ listener, ...judge(listener, event, hasJob(listener.job)) }));
  const [winner] = explained
    .filter(({ listener, verdict }) => listener.mode === 'enrich' && takesEvent(listener, verdict))
    .map(({ listener }) => listener)
    .sort(answersBefore);
  return explained
    .map(({ listener, verdict, ...rank }) => ({
      ...rank,
      // One that only lost the answer to another listener misses by no text at all.
      closeness: takesEvent(listener, verdict) ? Number.POSITIVE_INFINITY : rank.closeness,
      verdict: winner === undefined ? verdict : judgeMode(listener, verdict, winner),
    }))
    .sort(
      (a, b) =>
        Number(b.verdict.matched) - Number(a.verdict.matched) ||
        a.verdict.distance - a.alike - (b.verdict.distance - b.alike) ||
        a.verdict.distance - b.verdict.distance ||
        Number(isMeant(b.verdict)) - Number(isMeant(a.verdict)) ||
        b.closeness - a.closeness ||
        compareText(a.verdict.listener, b.verdict.listener),
    )
    .map(({ verdict }) => verdict);
}

/** Whether the index gives it the event; what became of its job shows only when the run is planned. */
const takesEvent = ({ state }: ExplainedListener, { clauses }: Verdict): boolean =>
  state === 'active' && clauses.every(({ kind, passed }) => passed || kind === 'state');

/** A request has one answer, so only one of the listeners that would give it takes the event. */
function judgeMode(listener: ExplainedListener, verdict: Verdict, winner: ExplainedListener): Verdict {
  if (listener.mode !== 'enrich' || !takesEvent(listener, verdict)) return verdict;
  const passed = listener.slug === winner.slug;
  const why =
    winner.priority === listener.priority
      ? `has the same priority ${winner.priority} and comes first by its slug`
      : `has priority ${winner.priority}, this one ${listener.priority}`;
  const text = passed ? 'answers the request' : `${winner.slug} answers the request: it ${why}`;
  const clauses: ClauseVerdict[] = [...verdict.clauses, { kind: 'mode', passed, text }];
  if (passed) return { ...verdict, clauses };
  return { ...verdict, clauses, matched: false, distance: verdict.distance + 1 };
}

/** Of two that miss by one clause, the one made for events of this source and type is what its author asks about. */
const isMeant = ({ clauses }: Verdict): boolean =>
  clauses.every(({ kind, passed }) => passed || (kind !== 'source' && kind !== 'type'));

export const explainListener = (listener: ExplainedListener, event: ConditionInput, jobExists: boolean): Verdict =>
  judge(listener, event, jobExists).verdict;

interface Judged extends Nearness {
  verdict: Verdict;
}

function judge(listener: ExplainedListener, event: ConditionInput, jobExists: boolean): Judged {
  const reach = compileReach(listener);
  const conditions = compileExplainer(listener.where)(event);
  const takesSource = reach.takesSource(event.source);
  // With a source that it never takes, the type is judged separately, so that one cause is not counted twice.
  const takesType = takesSource ? reach.takesType(event.source, event.type) : reach.pattern.matches(event.type);
  const nearSource = takesSource || listener.source === null ? null : nearSlug(listener.source, event.source);
  const nearType = takesType ? null : nearestType(listener.type, event.type);
  const clauses: ClauseVerdict[] = [
    stateClause(listener, jobExists),
    { ...sourceClause(listener, event, takesSource), ...differenceOf(nearSource) },
    { ...typeClause(listener, event, takesType), ...differenceOf(nearType) },
  ];
  const distance = clauses.filter((clause) => !clause.passed).length + conditions.distance;
  if (conditions.kind !== 'all' || conditions.children.length > 0) clauses.push(conditionClause(conditions));
  if (listener.mode === 'shadow') {
    clauses.push({ kind: 'mode', passed: true, text: 'shadow mode: the match is recorded and no run starts' });
  }
  return {
    verdict: {
      ...(listener.mode === 'shadow' ? { shadow: true } : {}),
      listener: listener.slug,
      name: listener.name,
      state: listener.state,
      matched: distance === 0,
      distance,
      clauses,
    },
    ...nearnessOf([nearSource, nearType], conditions),
  };
}

function stateClause({ state, job }: ExplainedListener, jobExists: boolean): ClauseVerdict {
  if (state !== 'active') return { kind: 'state', passed: false, text: `the listener is ${state}` };
  if (!jobExists) return { kind: 'state', passed: false, text: `its job ${job} does not exist` };
  return { kind: 'state', passed: true, text: 'the listener is active' };
}

function sourceClause({ source }: ExplainedListener, event: ConditionInput, passed: boolean): ClauseVerdict {
  const seen = { present: true, value: event.source };
  if (source !== null) return { kind: 'source', passed, text: `source is ${source}`, expected: source, seen };
  const text = passed
    ? 'any source'
    : `any source but ${ownSource}, since no type pattern begins with a literal word such as job:*`;
  return { kind: 'source', passed, text, seen };
}

function typeClause({ source, type }: ExplainedListener, event: ConditionInput, passed: boolean): ClauseVerdict {
  const seen = { present: true, value: event.type };
  if (type.length === 0) return { kind: 'type', passed, text: 'any type', seen };
  const isOwn = source === null && event.source === ownSource;
  const note = isOwn && !passed ? ` (of ${ownSource} only patterns that begin with a literal word count)` : '';
  return { kind: 'type', passed, text: `type is ${type.join(' or ')}${note}`, expected: [...type], seen };
}

const groupText = { all: 'all of these', any: 'any of these', not: 'not this' } as const;

function conditionClause(explanation: Explanation): ClauseVerdict {
  if (explanation.kind !== 'leaf') {
    const { kind, passed, children } = explanation;
    return { kind, passed, text: groupText[kind], children: children.map(conditionClause) };
  }
  const { field, op, expected, ignoreCase, passed, seen, near } = explanation;
  const leaf = {
    field,
    op,
    ...(expected === undefined ? {} : { value: expected }),
    ...(ignoreCase ? { ignoreCase: true as const } : {}),
  };
  return {
    kind: 'leaf',
    passed,
    text: describeLeaf(leaf),
    field,
    op,
    ...(expected === undefined ? {} : { expected }),
    seen: { present: seen.present, ...(seen.value === undefined ? {} : { value: seen.value }) },
    ...differenceOf(near),
  };
}
