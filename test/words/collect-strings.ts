import { parse } from '@babel/parser';
import { type Accept, hasWords, isAccepted } from './reads-as-text.ts';
import { gap, isNode, type Node, nodesIn, sentenceOf, textOf } from './syntax-tree.ts';

/** Attributes and properties whose value is shown, even if it is one word in lower case. */
const shownNames = new Set([
  'aria-description',
  'aria-label',
  'description',
  'error',
  'help',
  'hint',
  'label',
  'message',
  'note',
  'placeholder',
  'secretHelp',
  'secretLabel',
  'summary',
  'text',
  'title',
]);

/** Attributes that hold identifiers. */
const technicalNames = new Set([
  'className',
  'classNames',
  'href',
  'htmlFor',
  'id',
  'key',
  'rel',
  'role',
  'style',
  'type',
]);

/** All strings of a source file that users read, in the order of the file. Log lines are left out. */
export function collectStrings(source: string, accept: Accept): string[] {
  const found: string[] = [];
  const add = (text: string): void => {
    const line = text.replaceAll(/\s+/g, ' ').trim();
    if (hasWords(line.replaceAll(gap, ''))) found.push(line);
  };

  /** `isShown`: the string is rendered, so that any word counts. */
  function visit(node: Node, isShown: boolean): void {
    const sentence = sentenceOf(node);
    if (sentence !== undefined) {
      const isRead = isShown || isAccepted(sentence, accept);
      if (isRead) add(sentence);
      visitWithin(node, isRead);
      return;
    }
    visitByType(node, isShown);
  }

  /** The expressions inside a sentence; its own parts are already collected. */
  function visitWithin(node: Node, isShown: boolean): void {
    const parts = node.type === 'TemplateLiteral' ? nodesIn(node.expressions) : [];
    const sides = node.type === 'BinaryExpression' ? [...nodesIn(node.left), ...nodesIn(node.right)] : [];
    for (const part of parts) visit(part, isShown);
    for (const side of sides) {
      if (sentenceOf(side) === undefined) visit(side, isShown);
      else visitWithin(side, isShown);
    }
  }

  function visitChildren(node: Node): void {
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'loc' && !key.endsWith('Comments')) for (const child of nodesIn(value)) visit(child, false);
    }
  }

  /** The text of an element with a gap for each value, such as `{…} of {…} runs`. */
  function flowOf(children: readonly Node[]): string {
    return children
      .map((child) => {
        if (child.type === 'JSXText') return textOf(child.value).replaceAll(/^\s*\n\s*|\s*\n\s*$/g, '');
        if (child.type === 'JSXElement')
          return nodesIn(child.children).length === 0 ? gap : flowOf(nodesIn(child.children));
        const inner = nodesIn(child.expression)[0];
        if (inner === undefined || inner.type === 'JSXEmptyExpression') return '';
        return inner.type === 'StringLiteral' ? textOf(inner.value) : gap;
      })
      .join('');
  }

  function visitFlow(children: readonly Node[], isRead: boolean): void {
    const reads = !isRead && children.some((child) => child.type === 'JSXText' && hasWords(textOf(child.value)));
    if (reads) add(flowOf(children));
    for (const child of children) {
      if (child.type === 'JSXElement') {
        visitAttributes(child);
        visitFlow(nodesIn(child.children), isRead || reads);
      } else if (child.type === 'JSXFragment') visitFlow(nodesIn(child.children), isRead || reads);
      else if (child.type === 'JSXExpressionContainer') {
        for (const inner of nodesIn(child.expression)) {
          if (inner.type !== 'StringLiteral' || !(isRead || reads)) visit(inner, true);
        }
      }
    }
  }

  const visitAttributes = (element: Node): void => {
    for (const opening of nodesIn(element.openingElement))
      for (const one of nodesIn(opening.attributes)) visit(one, false);
  };

  const visitNamed = (name: string, value: unknown, isShown: boolean): void => {
    if (technicalNames.has(name) || name.startsWith('data-')) return;
    for (const child of nodesIn(value)) visit(child, isShown || shownNames.has(name));
  };

  const visitAll = (value: unknown, isShown: boolean): void => {
    for (const child of nodesIn(value)) visit(child, isShown);
  };

  function visitByType(node: Node, isShown: boolean): void {
    switch (node.type) {
      case 'JSXElement':
        visitAttributes(node);
        visitFlow(nodesIn(node.children), false);
        break;
      case 'JSXFragment':
        visitFlow(nodesIn(node.children), false);
        break;
      case 'JSXAttribute':
        visitNamed(textOf(nodesIn(node.name)[0]?.name), node.value, false);
        break;
      case 'JSXExpressionContainer':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        visitAll(node.expression, isShown);
        break;
      case 'ObjectProperty': {
        const key = nodesIn(node.key)[0];
        if (node.computed === true) visitAll(node.key, false);
        visitNamed(textOf(key?.name ?? key?.value), node.value, false);
        break;
      }
      case 'ConditionalExpression':
        visitAll(node.test, false);
        visitAll(node.consequent, isShown);
        visitAll(node.alternate, isShown);
        break;
      case 'LogicalExpression':
        visitAll(node.left, isShown && node.operator !== '&&');
        visitAll(node.right, isShown);
        break;
      case 'BinaryExpression':
        if (!/^[!=]==?$/.test(textOf(node.operator))) visitChildren(node);
        break;
      case 'SwitchCase':
        visitAll(node.consequent, false);
        break;
      case 'ExportNamedDeclaration':
        visitAll(node.declaration, false);
        break;
      case 'CallExpression': {
        const owner = nodesIn(nodesIn(node.callee)[0]?.object)[0];
        const isLog = textOf(owner?.name) === 'log' || textOf(nodesIn(owner?.property)[0]?.name) === 'log';
        if (!isLog) visitChildren(node);
        break;
      }
      case 'ImportDeclaration':
      case 'ImportExpression':
      case 'ExportAllDeclaration':
      case 'TaggedTemplateExpression':
        break;
      default:
        if (!node.type.startsWith('TS')) visitChildren(node);
    }
  }

  for (const statement of parse(source, { sourceType: 'module', plugins: ['typescript', 'jsx'] }).program.body) {
    if (isNode(statement)) visit(statement, false);
  }
  return found;
}
