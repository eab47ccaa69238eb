import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClauseNode,
  clauseAt,
  countLeaves,
  type GroupNode,
  inputOf,
  insertAfter,
  moveClause,
  newGroup,
  newLeaf,
  removeClause,
  setOperator,
  treeOf,
  unwrapGroup,
  verdictsOf,
  wrapClause,
} from '../../../../renderer/model/definitions/condition-tree.ts';
import { textValue } from '../../../../renderer/model/definitions/condition-values.ts';
import { compileConditions } from '../../../../shared/conditions/evaluate/compile.ts';
import { parseConditions } from '../../../../shared/conditions/parse/parse.ts';
import type { ConditionInput, Conditions, JsonValue } from '../../../../shared/conditions/tree.ts';
import type { ClauseVerdict } from '../../../../shared/contract/listeners.ts';

const leaf = fc.oneof(
  fc.record({
    field: fc.constantFrom('payload.a', 'payload.b', 'type'),
    op: fc.constant('eq' as const),
    value: fc.constantFrom(1, '1', 'x', true, null),
  }),
  fc.record({
    field: fc.constantFrom('payload.a', 'payload.b'),
    op: fc.constantFrom('in' as const, 'notIn' as const),
    value: fc.uniqueArray(fc.constantFrom(1, '1', 'x')),
  }),
  fc.record({ field: fc.constant('payload.a'), op: fc.constantFrom('exists' as const, 'missing' as const) }),
  fc.record({
    field: fc.constant('payload.b'),
    op: fc.constant('between' as const),
    value: fc.constant<JsonValue>([1, 2]),
  }),
);
const { tree: anyTree } = fc.letrec<{ tree: Conditions }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
}));
const anyEvent = fc.record({
  a: fc.constantFrom(1, '1', 'x', null),
  b: fc.option(fc.constantFrom(1, 1.5, 'x', true), { nil: undefined }),
});

const eventOf = (payload: unknown): ConditionInput => ({
  type: 'x',
  source: 's',
  system: 'g',
  context: {},
  payload,
  headers: {},
});

function conditionsOf(root: GroupNode): Conditions {
  const parsed = parseConditions(inputOf(root).input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.conditions;
}

const flat = (node: ClauseNode): string =>
  node.kind === 'leaf' ? node.field : `${node.kind}(${node.children.map(flat).join(' ')})`;

const a = newLeaf('payload.a');
const b = newLeaf('payload.b');
const c = newLeaf('payload.c');

describe('conditions as a tree to edit', () => {
  it('says the same after it went through the editor, for any tree and event', () => {
    fc.assert(
      fc.property(anyTree, anyEvent, (tree, payload) => {
        const edited = conditionsOf(treeOf(tree));
        expect(compileConditions(edited)(eventOf(payload))).toBe(compileConditions(tree)(eventOf(payload)));
      }),
    );
  });

  it('shows "not any" as one group and writes it back', () => {
    const root = treeOf({
      all: [
        {
          not: {
            any: [
              { field: 'payload.a', op: 'exists' },
              { field: 'payload.b', op: 'exists' },
            ],
          },
        },
      ],
    });
    expect(flat(root)).toBe('all(none(payload.a payload.b))');
    expect(inputOf(root).input).toEqual({
      all: [
        {
          not: {
            any: [
              { field: 'payload.a', op: 'exists' },
              { field: 'payload.b', op: 'exists' },
            ],
          },
        },
      ],
    });
  });

  it('moves past a clause, into a group beside it and out at its end', () => {
    const inner = newGroup('any', [b]);
    let root = newGroup('all', [a, inner, c]);
    root = moveClause(root, a.id, 1);
    expect(flat(root)).toBe('all(any(payload.a payload.b) payload.c)');
    root = moveClause(root, a.id, 1);
    expect(flat(root)).toBe('all(any(payload.b payload.a) payload.c)');
    root = moveClause(root, a.id, 1);
    expect(flat(root)).toBe('all(any(payload.b) payload.a payload.c)');
    root = moveClause(root, a.id, 1);
    expect(flat(root)).toBe('all(any(payload.b) payload.c payload.a)');
    expect(moveClause(root, a.id, 1)).toBe(root);
    root = moveClause(moveClause(root, a.id, -1), a.id, -1);
    expect(flat(root)).toBe('all(any(payload.b payload.a) payload.c)');
  });

  it('loses no clause however clauses are moved', () => {
    fc.assert(
      fc.property(anyTree, fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 20 }), (tree, moves) => {
        let root = treeOf(tree);
        const before = countLeaves(root);
        for (const [pick, isDown] of moves) {
          const ids: string[] = [];
          const collect = (node: ClauseNode): void => {
            if (node !== root) ids.push(node.id);
            if (node.kind !== 'leaf') node.children.forEach(collect);
          };
          collect(root);
          const id = ids[pick % Math.max(1, ids.length)];
          if (id !== undefined) root = moveClause(root, id, isDown ? 1 : -1);
        }
        expect(countLeaves(root)).toBe(before);
      }),
    );
  });

  it('wraps, unwraps, inserts and removes', () => {
    let root = newGroup('all', [a, b]);
    root = wrapClause(root, b.id, 'any');
    expect(flat(root)).toBe('all(payload.a any(payload.b))');
    const group = root.children[1];
    root = insertAfter(root, b.id, c);
    expect(flat(root)).toBe('all(payload.a any(payload.b payload.c))');
    root = unwrapGroup(root, group?.id ?? '');
    expect(flat(root)).toBe('all(payload.a payload.b payload.c)');
    expect(flat(removeClause(root, b.id))).toBe('all(payload.a payload.c)');
  });

  it('carries a value over to another operator as far as it fits', () => {
    const start = newLeaf('payload.a', 'eq', [textValue('10')]);
    const values = (root: GroupNode) => (root.children[0]?.kind === 'leaf' ? root.children[0].values : []);
    const root = newGroup('all', [start]);
    expect(values(setOperator(root, start.id, 'gt'))).toEqual([{ type: 'number', text: '10' }]);
    expect(values(setOperator(root, start.id, 'between'))).toEqual([
      { type: 'number', text: '10' },
      { type: 'number', text: '' },
    ]);
    expect(values(setOperator(root, start.id, 'in'))).toEqual([textValue('10')]);
    expect(values(setOperator(root, start.id, 'exists'))).toEqual([]);
    expect(values(setOperator(setOperator(root, start.id, 'exists'), start.id, 'eq'))).toEqual([textValue('')]);
  });

  it('leads from a problem to its clause', () => {
    const bad = newLeaf('payload..x');
    const root = newGroup('all', [a, newGroup('none', [b, bad])]);
    const { input, ids } = inputOf(root);
    const parsed = parseConditions(input);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.errors.map((error) => clauseAt(ids, error.path))).toEqual([bad.id]);
  });

  it('names half-typed numbers at their clause', () => {
    const number = newLeaf('payload.a', 'gt', [{ type: 'number', text: 'ten' }]);
    expect(inputOf(newGroup('all', [number])).problems).toEqual([{ id: number.id, message: '"ten" is not a number' }]);
  });

  it('finds each clause its verdict, and none when the tree has changed since', () => {
    const one = newGroup('none', [b]);
    const two = newGroup('none', [a, c]);
    const root = newGroup('all', [one, two]);
    const said = (kind: ClauseVerdict['kind'], passed: boolean, children?: ClauseVerdict[]): ClauseVerdict => ({
      kind,
      passed,
      text: '',
      ...(kind === 'leaf' ? { op: 'eq' } : {}),
      ...(children === undefined ? {} : { children }),
    });
    const verdict = said('all', false, [
      said('not', true, [said('leaf', false)]),
      said('not', false, [said('any', true, [said('leaf', true), said('leaf', false)])]),
    ]);
    const found = verdictsOf(root, verdict);
    expect([root.id, one.id, b.id, two.id, a.id, c.id].map((id) => found.get(id)?.passed)).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(verdictsOf(removeClause(root, a.id), verdict).size).toBe(0);
  });
});
