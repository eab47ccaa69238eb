export interface Node {
  type: string;
  [key: string]: unknown;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

export const nodesIn = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const isCooked = (value: unknown): value is { cooked: string } =>
  typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string';

/** Placeholder in a sentence for a value that is known at run time. */
export const gap = '{…}';

/** A literal, a template or a concatenation of them, as one sentence; undefined for anything else. */
export function sentenceOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return textOf(node.value);
  if (node.type === 'TemplateLiteral') {
    return nodesIn(node.quasis)
      .map((quasi) => (isCooked(quasi.value) ? quasi.value.cooked : ''))
      .join(gap);
  }
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    const sides = [...nodesIn(node.left), ...nodesIn(node.right)].map(sentenceOf);
    return sides.every((one) => one === undefined) ? undefined : sides.map((one) => one ?? gap).join('');
  }
  return undefined;
}
