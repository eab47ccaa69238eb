import type { Explanation } from '../../shared/conditions/explain/explain.ts';
import type { NearText } from '../../shared/conditions/explain/leaf-texts.ts';
import {
  describeTextDifference,
  nameDifference,
  textSimilarity,
} from '../../shared/conditions/explain/text-difference.ts';
import type { ClauseVerdict } from '../../shared/contract/listeners.ts';

/** How near a listener that missed was, by the texts it compares. */
export interface Nearness {
  /** How many of its misses are texts that read like what is wanted. */
  alike: number;
  /** The greatest likeness, from 0 to 1, of a text to what a failed clause wants. */
  closeness: number;
}

export function nearnessOf(texts: readonly (NearText | null)[], conditions: Explanation): Nearness {
  const near = texts.filter((one) => one !== null);
  const inside = nearIn(conditions);
  return {
    alike: near.filter(({ difference }) => difference !== null).length + inside.alike,
    closeness: Math.max(0, inside.closeness, ...near.map(({ closeness }) => closeness)),
  };
}

export const nearSlug = (wanted: string, seen: string): NearText => ({
  closeness: textSimilarity(wanted, seen),
  difference: describeTextDifference(wanted, seen),
});

/** For the clause of a verdict. */
export const differenceOf = (near: NearText | null | undefined): Pick<ClauseVerdict, 'difference'> => {
  if (near?.difference == null) return {};
  const { wanted, seen } = near.difference;
  return { difference: { text: `differs in ${nameDifference(near.difference)}`, wanted, seen } };
};

/** What the failed clauses of a tree add to a rank. Of `any`, the branch that would be the cheapest to turn counts. */
function nearIn(explanation: Explanation): Nearness {
  const none = { alike: 0, closeness: 0 };
  if (explanation.passed || explanation.kind === 'not') return none;
  if (explanation.kind === 'leaf') {
    const { near } = explanation;
    return near === undefined ? none : { alike: near.difference === null ? 0 : 1, closeness: near.closeness };
  }
  const failed = explanation.children.filter(({ passed }) => !passed);
  const nearest = failed.filter(({ distance }) => explanation.kind === 'all' || distance === explanation.distance);
  const parts = nearest.map(nearIn);
  const closeness = Math.max(0, ...parts.map((part) => part.closeness));
  const counts = parts.map((part) => part.alike);
  return {
    alike: explanation.kind === 'all' ? counts.reduce((sum, one) => sum + one, 0) : Math.max(0, ...counts),
    closeness,
  };
}
