import { ensureSyntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

/** A name of an object, or an index of a list. */
export type JsonStep = string | number;

type SyntaxNode = NonNullable<ReturnType<typeof ensureSyntaxTree>>['topNode'];

const values = new Set(['String', 'Number', 'True', 'False', 'Null', 'Object', 'Array']);
const parseWithinMs = 200;

/** The way to the value at a position of a JSON text, or to the one a name stands for; null where there is none. */
export function jsonValueAt(state: EditorState, at: number): JsonStep[] | null {
  const tree = ensureSyntaxTree(state, at, parseWithinMs);
  if (tree === null) return null;
  let node: SyntaxNode | null = tree.resolveInner(at, 1);
  if (node.name === 'PropertyName') node = node.parent?.lastChild ?? null;
  while (node !== null && !values.has(node.name)) node = node.parent;
  const path: JsonStep[] = [];
  for (; node !== null && node.parent !== null; node = node.parent) {
    const { parent }: SyntaxNode = node;
    if (parent.name === 'Array') path.unshift(indexIn(node));
    else if (parent.name === 'Property') {
      const name = parent.getChild('PropertyName');
      if (name === null) return null;
      path.unshift(String(JSON.parse(state.sliceDoc(name.from, name.to))));
    }
  }
  return path;
}

function indexIn(item: SyntaxNode): number {
  let index = 0;
  for (let before = item.prevSibling; before !== null; before = before.prevSibling) {
    if (values.has(before.name)) index += 1;
  }
  return index;
}
