import { useEffect, useMemo, useRef } from 'react';
import type { Output } from '../../../../shared/contract/index.ts';
import type { ClauseVerdict } from '../../../../shared/contract/listeners.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import {
  findClause,
  type GroupNode,
  insertAfter,
  moveClause,
  newGroup,
  newLeaf,
  parentOf,
  removeClause,
  unwrapGroup,
  wrapClause,
} from '../../../model/definitions/condition-tree.ts';
import type { FieldWarning } from '../../../model/definitions/field-warnings.ts';
import { addPaths } from '../../../model/events/known-paths.ts';
import { Kbd } from '../../../ui/text/kbd.tsx';
import classes from '../listeners.module.css';
import { ConditionGroup } from './condition-group.tsx';
import { TreeContext, type TreeEdits } from './tree-context.ts';

interface ConditionEditorProps {
  where: GroupNode;
  readOnly: boolean;
  errors: ReadonlyMap<string, string>;
  warnings: ReadonlyMap<string, FieldWarning>;
  verdicts: ReadonlyMap<string, ClauseVerdict>;
  event: Output<'events.get'> | undefined;
  onChange: (edit: (where: GroupNode) => GroupNode) => void;
}

const domId = (id: string): string => `condition-${id}`;

/** A tree of clauses. Everything a button does is a key as well, while the focus is in the clause. */
export function ConditionEditor({
  where,
  readOnly,
  errors,
  warnings,
  verdicts,
  event,
  onChange,
}: ConditionEditorProps) {
  const known = useCatalog((state) => state.paths);
  const paths = useMemo(() => {
    const seen = event === undefined ? [] : addPaths([], [event]);
    return { seen, known: ['type', 'source', 'system', ...known.filter((path) => !seen.includes(path))] };
  }, [event, known]);

  // Where the focus goes once the changed tree is on screen.
  const focusNext = useRef<string | null>(null);
  useEffect(() => {
    const id = focusNext.current;
    if (id === null) return;
    focusNext.current = null;
    const element = document.getElementById(domId(id));
    (element?.querySelector<HTMLElement>('[data-first]') ?? element)?.focus();
  });

  const edits = useMemo<TreeEdits>(() => {
    const addAfter = (id: string, isGroup: boolean): void => {
      const node = isGroup ? newGroup('any', [newLeaf()]) : newLeaf();
      focusNext.current = isGroup && node.kind !== 'leaf' ? (node.children[0]?.id ?? node.id) : node.id;
      onChange((root) => insertAfter(root, id, node));
    };
    return {
      change: onChange,
      addAfter,
      remove: (id) =>
        onChange((root) => {
          const siblings = parentOf(root, id)?.children ?? [];
          const at = siblings.findIndex((child) => child.id === id);
          focusNext.current = siblings[at + 1]?.id ?? siblings[at - 1]?.id ?? parentOf(root, id)?.id ?? null;
          return removeClause(root, id);
        }),
      move: (id, step) => {
        focusNext.current = id;
        onChange((root) => moveClause(root, id, step));
      },
      wrap: (id) => {
        focusNext.current = id;
        onChange((root) => wrapClause(root, id, 'any'));
      },
      unwrap: (id) =>
        onChange((root) => {
          const group = findClause(root, id);
          focusNext.current = group === undefined || group.kind === 'leaf' ? null : (group.children[0]?.id ?? null);
          return unwrapGroup(root, id);
        }),
    };
  }, [onChange]);

  return (
    <TreeContext value={{ readOnly, errors, warnings, verdicts, event, paths, edits, domId }}>
      <div className={classes.tree}>
        <ConditionGroup group={where} isRoot />
        {!readOnly && where.children.length > 0 && (
          <p className={classes.keys}>
            In a clause: <Kbd keys="alt+arrowup" /> <Kbd keys="alt+arrowdown" /> move, <Kbd keys="alt+enter" /> add
            below, <Kbd keys="alt+g" /> wrap in a group, <Kbd keys="alt+⌫" /> remove.
          </p>
        )}
      </div>
    </TreeContext>
  );
}
