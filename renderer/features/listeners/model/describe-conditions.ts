import { describeLeaf } from '../../../../shared/conditions/explain/describe.ts';
import { type Conditions, isLeaf } from '../../../../shared/conditions/tree.ts';

function describe(tree: Conditions, isInside: boolean): string {
  if (isLeaf(tree)) return describeLeaf(tree);
  if ('not' in tree) return `not (${describe(tree.not, false)})`;
  const [clauses, word] = 'all' in tree ? [tree.all, ' and '] : [tree.any, ' or '];
  if (clauses.length === 0) return 'all' in tree ? 'always' : 'never';
  const text = clauses.map((clause) => describe(clause, clauses.length > 1)).join(word);
  return isInside && clauses.length > 1 ? `(${text})` : text;
}

/** Conditions as one line: `payload.size is more than 10 and (context.space is "a" or …)`. */
export const describeConditions = (tree: Conditions): string => describe(tree, false);
