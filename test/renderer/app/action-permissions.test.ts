import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parse } from '@babel/parser';
import { expect, it } from 'vitest';

const renderer = resolve(import.meta.dirname, '../../../renderer');

type Node = { type: string; [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit);
  if (!isNode(value)) return;
  visit(value);
  for (const [key, child] of Object.entries(value)) if (key !== 'loc') walk(child, visit);
}

/** The text of a literal, a template without its values, or the choices of a condition. */
function textOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'StringLiteral') return String(node.value);
  if (node.type === 'TSAsExpression') return textOf(node.expression);
  if (node.type === 'ConditionalExpression') return `${textOf(node.consequent)} or ${textOf(node.alternate)}`;
  if (node.type === 'TemplateLiteral' && Array.isArray(node.quasis)) {
    return node.quasis.map((part: { value: { cooked: string } }) => part.value.cooked).join('…');
  }
  return '?';
}

function fieldsOf(node: Node): Map<string, unknown> {
  const properties = Array.isArray(node.properties) ? node.properties.filter(isNode) : [];
  return new Map(
    properties.flatMap((property) =>
      isNode(property.key) ? [[String(property.key.name), property.value ?? property] as const] : [],
    ),
  );
}

const jsxName = (node: Node): string => {
  const { name } = node;
  if (!isNode(name)) return '';
  if (name.type !== 'JSXMemberExpression' || !isNode(name.object) || !isNode(name.property)) return String(name.name);
  return `${String(name.object.name)}.${String(name.property.name)}`;
};

interface Action {
  file: string;
  label: string;
  needs: string | null;
}

/** Shortcuts, commands of the palette, and items of menus, wherever the window declares them. */
function actions(): Action[] {
  const found: Action[] = [];
  for (const file of globSync('**/*.{ts,tsx}', { cwd: renderer })) {
    const tree = parse(readFileSync(join(renderer, file), 'utf8'), {
      sourceType: 'module',
      plugins: ['typescript', 'jsx'],
    });
    const add = (text: string, needs: string | null): void => {
      const label = /\p{L}/u.test(text) ? text : `${text} of ${basename(file)}`;
      found.push({ file: basename(file), label, needs });
    };
    walk(tree.program, (node) => {
      if (node.type === 'ObjectExpression') {
        const fields = fieldsOf(node);
        if (!fields.has('label') || !fields.has('run') || !(fields.has('keys') || fields.has('group'))) return;
        add(textOf(fields.get('label')), fields.has('needs') ? textOf(fields.get('needs')) : null);
      }
      if (node.type === 'JSXElement' && isNode(node.openingElement)) {
        const name = jsxName(node.openingElement);
        if (name !== 'Menu.Item' && name !== 'PermittedMenuItem') return;
        const attributes = Array.isArray(node.openingElement.attributes)
          ? node.openingElement.attributes.filter(isNode)
          : [];
        const needs = attributes.find(({ name: given }) => isNode(given) && given.name === 'needs')?.value;
        const children = Array.isArray(node.children) ? node.children.filter(isNode) : [];
        const label = children.map((child) => (child.type === 'JSXText' ? String(child.value).trim() : '…')).join('');
        add(label, needs === undefined ? null : textOf(needs));
      }
    });
  }
  return found;
}

/** What each action that changes something needs, as the call behind it (shared/contract/access/call-permissions.ts). */
const needed: Record<string, string> = {
  Acknowledge: 'operate',
  'Acknowledge selected': 'operate',
  'Acknowledge with a note': 'operate',
  Approve: 'approve',
  'Approve with a note': 'approve',
  Assign: 'operate',
  Cancel: 'operate',
  'Cancel selected': 'operate',
  'Create listener for value': 'define',
  'Create listener from event': 'define',
  'Describe this type': 'define',
  'New …': 'define',
  'New alarm': 'define',
  'New job': 'define',
  'New listener': 'define',
  'New source': 'define',
  Raise: 'define',
  'Raise an event': 'define',
  'Raise an event…': 'define',
  'Reject…': 'approve',
  Reopen: 'operate',
  Replay: 'operate',
  'Replay all matching events…': 'operate',
  'Replay edited': 'define',
  'Replay selected': 'operate',
  'Replay … selected': 'operate',
  'Replay this event': 'operate',
  'Replay this event with an edited payload': 'define',
  'Replay with an edited payload': 'define',
  Resolve: 'operate',
  'Resolve with a note': 'operate',
  Retry: 'operate',
  'Retry selected': 'operate',
  Save: 'define',
  Send: 'define',
  Snooze: 'operate',
  'Save as view': 'operate',
  'Save as view…': 'operate',
  'Save changes': 'operate',
  'Save changes to “…”': 'operate',
  'Save changes to the view': 'operate',
  'Rename view': 'operate',
  'Rename…': 'operate',
  'Delete view': 'operate',
  'Undo acknowledge': 'operate',
};

/** Items of menus whose button is not there, or is disabled, without the permission. */
const behindButton = new Set([
  'inbox-alarms.tsx',
  'assign-menu.tsx',
  'snooze-menu.tsx',
  'run-listener-menu.tsx',
  'remove-menu.tsx',
]);

/** Those that only look: what they show or change is in this window alone. */
const looking = new Set<string>([
  'Export events',
  'Export matching events…',
  'Export … selected',
  'Export',
  'Show as column',
  '… of order-items.tsx',
  'Group by…',
  'Move left',
  'Move right',
  'Remove column',
  'Reset columns',
  '… of view-menu.tsx',
  '? of nav-views.tsx',
  ' of permitted-menu-item.tsx',
  '? of filter-field.tsx',
  '? of palette-commands.tsx',
  '? or ?',
  'Back to the event',
  'Clear selection',
  'Clear the selection',
  'Clear the selection or close the event',
  'Close',
  'Close the destination',
  'Close the failure',
  'Close the run',
  'Close the …',
  'Collapse or expand navigation',
  'Command palette',
  'Compare two selected',
  'Compare with the original',
  'Connect to a server',
  'Copy ID',
  'Copy address',
  'Copy as curl',
  'Copy event ID',
  'Copy link',
  'Copy link to this page',
  'Copy path',
  'Copy value',
  'Dark theme',
  'Events with a failed run',
  'Exclude value',
  'Expand or collapse the group',
  'Expand the run',
  'Extend selection down',
  'Extend selection up',
  'Filter',
  'Filter by value',
  'Filter, or find in page',
  'Find in page',
  'Follow output',
  'Go to …',
  'Ignored events',
  'Inbox',
  'Insights',
  'Jobs',
  'Keyboard shortcuts',
  'Light theme',
  'Listeners',
  'Live',
  'Next row',
  'Open',
  'Open event …',
  'Open run …',
  'Open the failure’s history',
  'Open the run or expand the group',
  'Previous row',
  'Resume or Pause',
  'Runs',
  'Scheduled events',
  'Schema of this type',
  'Search the output',
  'Search “…” in Live',
  'Select row',
  'Select up to this row',
  'Settings',
  'Show failed runs',
  'Show or hide internal events',
  'Show running jobs',
  'Show scheduled events',
  'Set up a first event',
  'Show timestamps',
  'Show … failures',
  'Sign out',
  'Sources',
  'Swap',
  'System theme',
  'Undo the last action',
  'Wrap long lines',
  'Your account',
  '… rows',
]);

it('names the permission of every shortcut, command and menu item that changes something', () => {
  const found = actions().filter(({ file }) => !behindButton.has(file));
  const said = found.map(({ file, label, needs }) => ({ file, label, needs }));
  const expected = found.map(({ file, label }) => ({
    file,
    label,
    needs: needed[label] ?? (looking.has(label) ? null : 'unknown: add it to one of the lists of this test'),
  }));
  expect(said).toEqual(expected);
  const labels = new Set(found.map(({ label }) => label));
  expect([...Object.keys(needed), ...looking].filter((label) => !labels.has(label))).toEqual([]);
});
