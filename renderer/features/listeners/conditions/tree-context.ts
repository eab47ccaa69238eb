import { createContext, use } from 'react';
import type { Output } from '../../../../shared/contract/index.ts';
import type { ClauseVerdict } from '../../../../shared/contract/listeners.ts';
import type { GroupNode } from '../../../model/definitions/condition-tree.ts';
import type { FieldWarning } from '../../../model/definitions/field-warnings.ts';

export interface TreeEdits {
  change: (edit: (root: GroupNode) => GroupNode) => void;
  addAfter: (id: string, isGroup: boolean) => void;
  remove: (id: string) => void;
  move: (id: string, step: 1 | -1) => void;
  wrap: (id: string) => void;
  unwrap: (id: string) => void;
}

export interface TreeView {
  readOnly: boolean;
  errors: ReadonlyMap<string, string>;
  warnings: ReadonlyMap<string, FieldWarning>;
  verdicts: ReadonlyMap<string, ClauseVerdict>;
  event: Output<'events.get'> | undefined;
  /** Of the event on the bench first, then from elsewhere. */
  paths: { seen: readonly string[]; known: readonly string[] };
  edits: TreeEdits;
  domId: (id: string) => string;
}

/** What every clause of one tree shares. */
export const TreeContext = createContext<TreeView | null>(null);

export function useTree(): TreeView {
  const tree = use(TreeContext);
  if (tree === null) throw new Error('A clause must be inside a condition editor.');
  return tree;
}

/**
 * Keys of a clause: with Alt, so that they work while typing in it. For `onKeyDownCapture`: the fields would open their
 * lists at the arrows. The element has `data-clause`.
 */
export function clauseKeys(edits: TreeEdits, id: string, isGroup: boolean) {
  return (event: React.KeyboardEvent): void => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    // On the way down the groups around are asked first: the key is the innermost clause's.
    if (!(event.target instanceof Element) || event.target.closest('[data-clause]') !== event.currentTarget) return;
    // `key` is another letter with Alt on a Mac.
    switch (event.code) {
      case 'ArrowUp':
        edits.move(id, -1);
        break;
      case 'ArrowDown':
        edits.move(id, 1);
        break;
      case 'Enter':
      case 'NumpadEnter':
        edits.addAfter(id, event.shiftKey);
        break;
      case 'Backspace':
        edits.remove(id);
        break;
      case 'KeyG':
        if (event.shiftKey && isGroup) edits.unwrap(id);
        else edits.wrap(id);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
}
