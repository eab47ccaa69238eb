import { extname } from 'node:path';
import { type ParserPlugin, parse } from '@babel/parser';
import { errorText } from '../../../shared/error-text.ts';

/** What a module loads, as far as its text says. */
export interface ModuleImports {
  /** As written, each once. */
  specifiers: string[];
  /** What only a run will show; each the rest of a sentence that begins with the file. */
  open: string[];
}

/** A node of the tree, as far as it matters here. */
interface Node {
  type: string;
  line: number;
  get(key: string): unknown;
  children(): Node[];
}

/**
 * Reads what a module imports. A parser rather than es-module-lexer, which knows neither `require` nor all of TypeScript's
 * syntax: what it overlooks would run without having been approved.
 */
export function readImports(text: string, file: string): ModuleImports {
  const found: ModuleImports = { specifiers: [], open: [] };
  const seen = new Set<string>();
  const open = (node: Node, what: string): void => {
    found.open.push(`line ${node.line}: ${what}`);
  };
  const add = (node: Node, argument: Node | null, what: string): void => {
    const specifiers = argument === null ? null : literalsOf(argument);
    if (specifiers === null) open(node, `${what} of what is only known when it runs`);
    for (const specifier of specifiers ?? []) seen.add(specifier);
  };

  let tree: Node;
  try {
    tree = parseModule(text, extname(file).toLowerCase());
  } catch (error) {
    found.open.push(`cannot be parsed (${errorText(error)})`);
    return found;
  }
  const requires = requireNames(tree);
  walk(tree, (node, parent) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        // Types alone are gone when the module runs.
        if (node.get('importKind') !== 'type' && node.get('exportKind') !== 'type' && node.get('source') != null) {
          add(node, childOf(node, 'source'), 'an import');
        }
        break;
      case 'ImportExpression':
        add(node, childOf(node, 'source'), 'an import()');
        break;
      case 'TSExternalModuleReference':
        add(node, childOf(node, 'expression'), 'a require()');
        break;
      case 'NewExpression':
        if (isNamed(childOf(node, 'callee'), 'URL') && isImportMeta(argumentOf(node, 1), 'url')) {
          add(node, argumentOf(node, 0), 'a file beside it');
        }
        if (isNamed(childOf(node, 'callee'), 'Function')) open(node, 'a function made of text');
        break;
      case 'CallExpression': {
        const callee = childOf(node, 'callee');
        if (callee === null) break;
        if (isRequire(callee, requires)) add(node, argumentOf(node, 0), 'a require()');
        else if (isImportMeta(callee, 'resolve')) add(node, argumentOf(node, 0), 'an import.meta.resolve()');
        else if (isNamed(callee, 'eval')) open(node, 'code made of text (eval)');
        else if (isNamed(callee, 'Function')) open(node, 'a function made of text');
        break;
      }
      case 'Identifier':
        if (requires.has(String(node.get('name'))) && isHandedOn(node, parent)) open(node, 'require, passed on');
        break;
      default:
    }
  });
  found.specifiers = [...seen];
  return found;
}

function parseModule(text: string, extension: string): Node {
  const isTypeScript = /^\.[mc]?tsx?$/.test(extension);
  const plugins: ParserPlugin[] = ['decorators', 'explicitResourceManagement', 'importAttributes'];
  if (isTypeScript) plugins.push('typescript');
  if (extension !== '.ts' && extension !== '.mts' && extension !== '.cts') plugins.push('jsx');
  const tree: unknown = parse(text, {
    sourceType: 'unambiguous',
    errorRecovery: true,
    createImportExpressions: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowUndeclaredExports: true,
    attachComment: false,
    plugins,
  }).program;
  const root = toNode(tree);
  if (root === null) throw new Error('no program');
  return root;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function toNode(value: unknown): Node | null {
  if (!isRecord(value) || typeof value.type !== 'string') return null;
  const { type, loc } = value;
  const start = isRecord(loc) && isRecord(loc.start) ? loc.start.line : 0;
  return {
    type,
    line: typeof start === 'number' ? start : 0,
    get: (key) => value[key],
    children: () =>
      Object.entries(value).flatMap(([key, child]) => {
        if (key === 'loc' || key === 'errors') return [];
        return (Array.isArray(child) ? child : [child]).map(toNode).filter((node) => node !== null);
      }),
  };
}

/** Without recursion: a generated module may be nested deeper than the stack. */
function walk(root: Node, visit: (node: Node, parent: Node | null) => void): void {
  const waiting: { node: Node; parent: Node | null }[] = [{ node: root, parent: null }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, parent } = next;
    visit(node, parent);
    for (const child of node.children().reverse()) waiting.push({ node: child, parent: node });
  }
}

const childOf = (node: Node, key: string): Node | null => toNode(node.get(key));

function argumentOf(node: Node, index: number): Node | null {
  const list = node.get('arguments');
  return Array.isArray(list) ? toNode(list[index]) : null;
}

const isNamed = (node: Node | null, name: string): boolean => node?.type === 'Identifier' && node.get('name') === name;

/** `import.meta.<name>` */
function isImportMeta(node: Node | null, name: string): boolean {
  if (node?.type !== 'MemberExpression') return false;
  return childOf(node, 'object')?.type === 'MetaProperty' && isNamed(childOf(node, 'property'), name);
}

/** `require` and what `createRequire` was assigned to. */
function requireNames(tree: Node): Set<string> {
  const names = new Set(['require']);
  walk(tree, (node) => {
    if (node.type !== 'VariableDeclarator') return;
    const [id, init] = [childOf(node, 'id'), childOf(node, 'init')];
    if (id?.type === 'Identifier' && isCreateRequire(init)) names.add(String(id.get('name')));
  });
  return names;
}

function isCreateRequire(node: Node | null): boolean {
  if (node?.type !== 'CallExpression') return false;
  const callee = childOf(node, 'callee');
  return isNamed(callee, 'createRequire') || (callee !== null && isNamed(childOf(callee, 'property'), 'createRequire'));
}

/** `require`, `require.resolve`, `module.require`, `createRequire(…)`. */
function isRequire(callee: Node, names: ReadonlySet<string>): boolean {
  if (callee.type === 'Identifier') return names.has(String(callee.get('name')));
  if (isCreateRequire(callee)) return true;
  if (callee.type !== 'MemberExpression') return false;
  const [object, property] = [childOf(callee, 'object'), childOf(callee, 'property')];
  if (isNamed(property, 'require')) return isNamed(object, 'module');
  return isNamed(property, 'resolve') && object !== null && isRequire(object, names);
}

/** Given to something else, which may then load anything. */
function isHandedOn(node: Node, parent: Node | null): boolean {
  if (parent === null) return false;
  const name = String(node.get('name'));
  const isAt = (key: string): boolean => isNamed(childOf(parent, key), name);
  switch (parent.type) {
    case 'CallExpression':
    case 'OptionalCallExpression':
      return !isAt('callee');
    case 'MemberExpression':
      return parent.get('computed') === true && isAt('property');
    case 'AssignmentExpression':
      return isAt('right');
    case 'VariableDeclarator':
      return isAt('init');
    case 'ReturnStatement':
    case 'ArrayExpression':
    case 'ConditionalExpression':
    case 'LogicalExpression':
      return true;
    default:
      return false;
  }
}

/** Of one expression; alternatives that are put together multiply. */
const maxLiterals = 64;

/** The texts an expression can have; null: others as well. */
function literalsOf(node: Node): string[] | null {
  const both = (...nodes: (Node | null)[]): string[] | null => {
    const lists = nodes.map((one) => (one === null ? null : literalsOf(one)));
    return lists.some((list) => list === null) ? null : lists.flatMap((list) => list ?? []);
  };
  switch (node.type) {
    case 'StringLiteral':
      return [String(node.get('value'))];
    case 'TemplateLiteral': {
      const parts = node.get('quasis');
      const [only, ...more] = Array.isArray(parts) ? parts : [];
      const value = isRecord(only) && isRecord(only.value) ? only.value.cooked : undefined;
      return more.length === 0 && typeof value === 'string' ? [value] : null;
    }
    case 'ConditionalExpression':
      return both(childOf(node, 'consequent'), childOf(node, 'alternate'));
    case 'LogicalExpression':
      return both(childOf(node, 'left'), childOf(node, 'right'));
    case 'BinaryExpression': {
      const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
      if (node.get('operator') !== '+' || left === null || right === null) return null;
      const [before, after] = [literalsOf(left), literalsOf(right)];
      if (before === null || after === null || before.length * after.length > maxLiterals) return null;
      return before.flatMap((one) => after.map((two) => one + two));
    }
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression': {
      const inner = childOf(node, 'expression');
      return inner === null ? null : literalsOf(inner);
    }
    default:
      return null;
  }
}
