import { type Conditions, isLeaf } from '../tree.ts';
import { compileLeaf, type EventTest } from './leaf.ts';

/**
 * Compiles a parsed tree to one function, to be kept and called for every event. The function never throws; compiling
 * does when the tree did not come from `parseConditions`.
 */
export function compileConditions(tree: Conditions): EventTest {
  if (isLeaf(tree)) return compileLeaf(tree);
  if ('not' in tree) {
    const inner = compileConditions(tree.not);
    return (event) => !inner(event);
  }
  if ('all' in tree) {
    const tests = tree.all.map(compileConditions);
    const [first, second] = tests;
    if (first === undefined) return () => true;
    if (second === undefined) return first;
    if (tests.length === 2) return (event) => first(event) && second(event);
    return (event) => {
      for (const test of tests) if (!test(event)) return false;
      return true;
    };
  }
  const tests = tree.any.map(compileConditions);
  const [only] = tests;
  if (only === undefined) return () => false;
  if (tests.length === 1) return only;
  return (event) => {
    for (const test of tests) if (test(event)) return true;
    return false;
  };
}
