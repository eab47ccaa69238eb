import { operatorInfo } from '../../../shared/conditions/operators.ts';
import { type Conditions, isLeaf, type Operator } from '../../../shared/conditions/tree.ts';
import type { Json } from '../../../shared/contract/common.ts';
import type { ClauseVerdict } from '../../../shared/contract/listeners.ts';
import { type DraftValue, draftValueOf, fitValue, readDraftValue, textValue } from './condition-values.ts';

/** `none` is a `not`: around its one clause, or around `any` of several. */
export type GroupKind = 'all' | 'any' | 'none';

export interface GroupNode {
  id: string;
  kind: GroupKind;
  children: readonly ClauseNode[];
}

export interface LeafNode {
  id: string;
  kind: 'leaf';
  field: string;
  op: Operator;
  values: readonly DraftValue[];
  ignoreCase: boolean;
}

/** Conditions as they are being edited: values half typed, and an id at each clause for the focus to hold on to. */
export type ClauseNode = GroupNode | LeafNode;

let lastId = 0;
const nextId = (): string => {
  lastId += 1;
  return `clause-${lastId}`;
};

export const newGroup = (kind: GroupKind, children: readonly ClauseNode[] = []): GroupNode => ({
  id: nextId(),
  kind,
  children,
});

export const newLeaf = (
  field = '',
  op: Operator = 'eq',
  values: readonly DraftValue[] = [textValue('')],
): LeafNode => ({
  id: nextId(),
  kind: 'leaf',
  field,
  op,
  values,
  ignoreCase: false,
});

function nodeOf(tree: Conditions): ClauseNode {
  if (isLeaf(tree)) {
    const { arity } = operatorInfo(tree.op);
    const value = tree.value ?? null;
    const values = arity === 'none' ? [] : arity === 'one' || !Array.isArray(value) ? [value] : value;
    return { ...newLeaf(tree.field, tree.op, values.map(draftValueOf)), ignoreCase: tree.ignoreCase === true };
  }
  if ('all' in tree) return newGroup('all', tree.all.map(nodeOf));
  if ('any' in tree) return newGroup('any', tree.any.map(nodeOf));
  return newGroup('none', !isLeaf(tree.not) && 'any' in tree.not ? tree.not.any.map(nodeOf) : [nodeOf(tree.not)]);
}

/** The root is always a group, so that a second clause has where to go. */
export function treeOf(conditions: Conditions): GroupNode {
  const node = nodeOf(conditions);
  return node.kind === 'leaf' ? newGroup('all', [node]) : node;
}

export interface TreeInput {
  /** For the app, which may still refuse it. */
  input: Json;
  /** Which clause stands at a path of the input (joined by `/`). */
  ids: ReadonlyMap<string, string>;
  /** Values that are no values yet. */
  problems: readonly { id: string; message: string }[];
}

export function inputOf(root: ClauseNode): TreeInput {
  const ids = new Map<string, string>();
  const problems: { id: string; message: string }[] = [];
  const read = (id: string, draft: DraftValue): Json => {
    const value = readDraftValue(draft);
    if (value.ok) return value.value;
    problems.push({ id, message: value.message });
    return null;
  };
  const write = (node: ClauseNode, path: readonly (string | number)[]): Json => {
    ids.set(path.join('/'), node.id);
    if (node.kind === 'leaf') {
      const { arity, ignoreCase } = operatorInfo(node.op);
      const values = node.values.map((draft) => read(node.id, draft));
      const leaf: { [key: string]: Json } = { field: node.field.trim(), op: node.op };
      if (arity !== 'none') leaf.value = arity !== 'one' ? values : values[0] === undefined ? '' : values[0];
      if (node.ignoreCase && ignoreCase) leaf.ignoreCase = true;
      return leaf;
    }
    const list = (at: readonly (string | number)[]): Json[] =>
      node.children.map((child, index) => write(child, [...at, index]));
    if (node.kind === 'all') return { all: list([...path, 'all']) };
    if (node.kind === 'any') return { any: list([...path, 'any']) };
    const [only, second] = node.children;
    if (only !== undefined && second === undefined) return { not: write(only, [...path, 'not']) };
    return { not: { any: list([...path, 'not', 'any']) } };
  };
  return { input: write(root, []), ids, problems };
}

/** The clause that a problem's path leads to, or the nearest one around it. */
export function clauseAt(ids: ReadonlyMap<string, string>, path: readonly (string | number)[]): string | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const id = ids.get(path.slice(0, length).join('/'));
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The app's verdict at each clause. Empty when it does not fit the tree, which has changed since. */
export function verdictsOf(root: ClauseNode, verdict: ClauseVerdict): ReadonlyMap<string, ClauseVerdict> {
  const found = new Map<string, ClauseVerdict>();
  const walk = (node: ClauseNode, clause: ClauseVerdict | undefined): boolean => {
    if (clause === undefined) return false;
    if (node.kind === 'leaf') {
      if (clause.kind !== 'leaf' || clause.op !== node.op) return false;
      found.set(node.id, clause);
      return true;
    }
    if (clause.kind !== (node.kind === 'none' ? 'not' : node.kind)) return false;
    found.set(node.id, clause);
    const inside =
      node.kind === 'none' && node.children.length !== 1 ? (clause.children?.[0]?.children ?? []) : clause.children;
    return (
      (inside ?? []).length === node.children.length &&
      node.children.every((child, index) => walk(child, inside?.[index]))
    );
  };
  return walk(root, verdict) ? found : new Map();
}

export function findClause(root: ClauseNode, id: string): ClauseNode | undefined {
  if (root.id === id) return root;
  if (root.kind === 'leaf') return undefined;
  for (const child of root.children) {
    const found = findClause(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const parentOf = (root: GroupNode, id: string): GroupNode | undefined => {
  for (const child of root.children) {
    if (child.id === id) return root;
    const found = child.kind === 'leaf' ? undefined : parentOf(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The tree with the children of each group replaced where `edit` gives others. */
function mapGroups(root: GroupNode, edit: (group: GroupNode) => readonly ClauseNode[]): GroupNode {
  const children = edit(root).map((child) => (child.kind === 'leaf' ? child : mapGroups(child, edit)));
  return { ...root, children };
}

/** What `edit` gives is not looked into again: it may hold the clause itself. */
const replaceIn = (node: ClauseNode, id: string, edit: (node: ClauseNode) => ClauseNode): ClauseNode =>
  node.id === id
    ? edit(node)
    : node.kind === 'leaf'
      ? node
      : { ...node, children: node.children.map((child) => replaceIn(child, id, edit)) };

export function replaceClause(root: GroupNode, id: string, edit: (node: ClauseNode) => ClauseNode): GroupNode {
  const next = replaceIn(root, id, edit);
  return next.kind === 'leaf' ? root : next;
}

export const setGroupKind = (root: GroupNode, id: string, kind: GroupKind): GroupNode =>
  replaceClause(root, id, (node) => (node.kind === 'leaf' ? node : { ...node, kind }));

export const editLeaf = (root: GroupNode, id: string, change: Partial<Omit<LeafNode, 'id' | 'kind'>>): GroupNode =>
  replaceClause(root, id, (node) => (node.kind === 'leaf' ? { ...node, ...change } : node));

/** Another operator, the values carried over as far as they fit. */
export function setOperator(root: GroupNode, id: string, op: Operator): GroupNode {
  return replaceClause(root, id, (node) => {
    if (node.kind !== 'leaf') return node;
    const info = operatorInfo(op);
    const before = operatorInfo(node.op);
    const kept = node.values.map((value) => fitValue(value, info));
    const first = kept[0] ?? fitValue(textValue(''), info);
    const values =
      info.arity === 'none'
        ? []
        : info.arity === 'one'
          ? [first]
          : info.arity === 'two'
            ? [first, kept[1] ?? { ...first, text: '' }]
            : before.arity === 'many' || (first.text !== '' && first.type === 'text') || first.type !== 'text'
              ? kept
              : [];
    return { ...node, op, values, ignoreCase: node.ignoreCase && info.ignoreCase };
  });
}

export const appendClause = (root: GroupNode, groupId: string, node: ClauseNode): GroupNode =>
  root.id === groupId
    ? { ...root, children: [...root.children, node] }
    : replaceClause(root, groupId, (group) =>
        group.kind === 'leaf' ? group : { ...group, children: [...group.children, node] },
      );

export const insertAfter = (root: GroupNode, id: string, node: ClauseNode): GroupNode =>
  root.id === id
    ? appendClause(root, id, node)
    : mapGroups(root, (group) => group.children.flatMap((child) => (child.id === id ? [child, node] : [child])));

export const removeClause = (root: GroupNode, id: string): GroupNode =>
  mapGroups(root, (group) => group.children.filter((child) => child.id !== id));

/** Puts a clause into a group of its own; around the root everything goes into one. */
export function wrapClause(root: GroupNode, id: string, kind: GroupKind): GroupNode {
  if (root.id === id) return newGroup('all', [root]);
  return replaceClause(root, id, (node) => newGroup(kind, [node]));
}

/** Takes a group away and leaves its clauses in its place. */
export const unwrapGroup = (root: GroupNode, id: string): GroupNode =>
  mapGroups(root, (group) =>
    group.children.flatMap((child) => (child.id === id && child.kind !== 'leaf' ? child.children : [child])),
  );

/**
 * One step up or down in reading order: past a clause beside it, into a group beside it, and out of its own group at the
 * group's end.
 */
export function moveClause(root: GroupNode, id: string, step: 1 | -1): GroupNode {
  const node = findClause(root, id);
  const parent = parentOf(root, id);
  if (node === undefined || parent === undefined) return root;
  const at = parent.children.findIndex((child) => child.id === id);
  const beside = parent.children[at + step];
  const without = removeClause(root, id);
  if (beside === undefined) {
    const grandparent = parentOf(root, parent.id);
    if (grandparent === undefined) return root;
    return mapGroups(without, (group) =>
      group.id !== grandparent.id
        ? group.children
        : group.children.flatMap((child) =>
            child.id !== parent.id ? [child] : step === 1 ? [child, node] : [node, child],
          ),
    );
  }
  if (beside.kind !== 'leaf') {
    return replaceClause(without, beside.id, (group) =>
      group.kind === 'leaf'
        ? group
        : { ...group, children: step === 1 ? [node, ...group.children] : [...group.children, node] },
    );
  }
  const children = [...parent.children];
  children[at] = beside;
  children[at + step] = node;
  return root.id === parent.id
    ? { ...root, children }
    : replaceClause(root, parent.id, (group) => (group.kind === 'leaf' ? group : { ...group, children }));
}

export const countLeaves = (node: ClauseNode): number =>
  node.kind === 'leaf' ? 1 : node.children.reduce((sum, child) => sum + countLeaves(child), 0);
