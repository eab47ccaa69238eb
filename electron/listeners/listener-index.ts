import { compileConditions } from '../../shared/conditions/evaluate/compile.ts';
import { compileReach, type Reach } from '../../shared/conditions/evaluate/reach.ts';
import {
  compileTypeGate,
  looseType,
  narrower,
  type TypeGate,
  type TypeKeys,
  typePatternKeys,
} from '../../shared/conditions/evaluate/type-gate.ts';
import { firstSegment } from '../../shared/conditions/patterns/type-pattern.ts';
import type { ConditionInput } from '../../shared/conditions/tree.ts';
import { parseFieldPath } from '../../shared/conditions/values/paths.ts';
import { type ListenerBatch, listenerBatchDefaults, maxBatchBytes } from '../../shared/contract/batches.ts';
import { durationMs } from '../../shared/contract/duration.ts';
import type { EnrichTerms, ListenerMatcher, Match } from '../intake/planning-types.ts';
import type { BatchTerms } from '../store/events/batch-terms.ts';
import { answersBefore, compareText } from './enrich-order.ts';
import type { ListenerDefinition } from './listener-definition.ts';

export interface ListenerIndex extends ListenerMatcher {
  /** The definitions of today; those that are not active are left out. Only new versions are compiled. */
  replaceAll(listeners: readonly ListenerDefinition[]): void;
  /** Jobs that get runs without anybody's approval. */
  unattendedJobs(): Set<string>;
}

interface Compiled {
  match: Match;
  reach: Reach;
  /** Which types its conditions let pass at all, such as those of a vendor's filter that names a topic. */
  gate: TypeGate;
  keys: TypeKeys | null;
  passes(event: ConditionInput): boolean;
}

/** Candidates of a (source, type) are kept for so many pairs, twice; senders choose the types, so it must be bounded. */
const memoPairs = 2048;
/** A longer type is looked up each time instead of being kept. */
const memoTypeLength = 256;

/** Finds the listeners of an event without looking at those that cannot take its type. Matches come in order of slug. */
export function createListenerIndex(): ListenerIndex {
  let bySlug = new Map<string, Compiled>();
  let byLooseType = new Map<string, Compiled[]>();
  let byFirstSegment = new Map<string, Compiled[]>();
  let rest: Compiled[] = [];
  // Two generations instead of a list of uses: a hit in the young one costs one lookup and no write.
  let young = new Map<string, readonly Compiled[]>();
  let old = new Map<string, readonly Compiled[]>();

  function candidates(source: string, type: string): readonly Compiled[] {
    if (type.length > memoTypeLength) return find(source, type);
    const key = `${source}\n${type}`;
    const kept = young.get(key);
    if (kept !== undefined) return kept;
    const found = old.get(key) ?? find(source, type);
    if (young.size >= memoPairs) {
      old = young;
      young = new Map();
    }
    young.set(key, found);
    return found;
  }

  function find(source: string, type: string): readonly Compiled[] {
    const sameType = byLooseType.get(looseType(type)) ?? [];
    const sameFirst = byFirstSegment.get(firstSegment(type)) ?? [];
    return [...sameType, ...sameFirst, ...rest]
      .filter(
        ({ reach, gate }) => reach.takesSource(source) && reach.takesType(source, type) && gate.admits(source, type),
      )
      .sort((a, b) => compareText(a.match.listener, b.match.listener));
  }

  return {
    match(event) {
      const matches: Match[] = [];
      let enriching = 0;
      for (const candidate of candidates(event.source, event.type)) {
        if (!candidate.passes(event)) continue;
        matches.push(candidate.match);
        if (candidate.match.enrich !== null) enriching += 1;
      }
      return enriching > 1 ? withOneAnswer(matches) : matches;
    },
    couldTake: (source, type) => candidates(source, type).length > 0,
    find: (listener) => bySlug.get(listener)?.match ?? null,
    unattendedJobs: () =>
      new Set([...bySlug.values()].flatMap(({ match }) => (match.needsApproval || match.isShadow ? [] : [match.job]))),
    replaceAll(listeners) {
      const next = new Map<string, Compiled>();
      const looseTypes = new Map<string, Compiled[]>();
      const firstSegments = new Map<string, Compiled[]>();
      const others: Compiled[] = [];
      for (const listener of listeners) {
        if (listener.state !== 'active') continue;
        const known = bySlug.get(listener.slug);
        const compiled = known?.match.version === listener.version ? known : compile(listener);
        next.set(listener.slug, compiled);
        const { keys } = compiled;
        if (keys === null) others.push(compiled);
        else if ('loose' in keys) for (const type of keys.loose) add(looseTypes, type, compiled);
        else for (const first of keys.first) add(firstSegments, first, compiled);
      }
      bySlug = next;
      byLooseType = looseTypes;
      byFirstSegment = firstSegments;
      rest = others;
      young = new Map();
      old = new Map();
    },
  };
}

function compile(listener: ListenerDefinition): Compiled {
  const reach = compileReach(listener);
  const gate = compileTypeGate(listener.where);
  return {
    match: {
      listener: listener.slug,
      version: listener.version,
      job: listener.job,
      needsApproval: listener.approval === 'required',
      resolves: listener.resolves,
      batch: listener.batch === undefined ? null : batchTermsOf(listener.batch),
      isShadow: listener.mode === 'shadow',
      enrich: listener.mode === 'enrich' ? termsOf(listener) : null,
    },
    reach,
    gate,
    keys: narrower(typePatternKeys(reach.pattern), gate.keys),
    passes: compileConditions(listener.where),
  };
}

function batchTermsOf(batch: ListenerBatch): BatchTerms {
  const { count, period, by } = { ...listenerBatchDefaults, ...batch };
  const path = by === undefined ? null : parseFieldPath(by);
  return { count, periodMs: durationMs(period), bytes: maxBatchBytes, by: path?.ok === true ? path.path : null };
}

const termsOf = ({ priority, deadline, fallback }: ListenerDefinition): EnrichTerms => ({
  priority,
  deadlineMs: durationMs(deadline),
  fallback,
  passedOver: [],
});

/** A request has one answer: of the listeners that would give it the first stays, and knows the others' names. */
function withOneAnswer(matches: readonly Match[]): Match[] {
  const enriching = matches.flatMap(({ listener, enrich }) => (enrich === null ? [] : [{ slug: listener, ...enrich }]));
  const [winner, ...others] = enriching.sort(answersBefore);
  const passedOver = others.map(({ slug }) => slug);
  return matches.flatMap((match) => {
    if (match.enrich === null) return [match];
    return match.listener === winner?.slug ? [{ ...match, enrich: { ...match.enrich, passedOver } }] : [];
  });
}

function add(map: Map<string, Compiled[]>, key: string, compiled: Compiled): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [compiled]);
  else list.push(compiled);
}
