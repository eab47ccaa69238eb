import { Button } from '@mantine/core';
import { IconGitCompare } from '@tabler/icons-react';
import { useState } from 'react';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { createDefinitionEditors, Editing } from '../../model/definitions/definition-editor.ts';
import { DiffView } from '../../ui/code/diff-view.tsx';
import classes from './definition-pane.module.css';

interface ConflictNoteProps<D> {
  what: string;
  slug: string;
  editors: ReturnType<typeof createDefinitionEditors<D>>;
  editing: Editing<D> | undefined;
  /** What saving a draft would send. */
  inputOf: (draft: D) => unknown;
}

/**
 * Another operator saved while this definition was being edited. Nothing is lost before one of the two is chosen.
 * Nothing is shown while there is no conflict.
 */
export function ConflictNote<D>({ what, slug, editors, editing, inputOf }: ConflictNoteProps<D>) {
  if (editing === undefined || editing.newer === null) return null;
  const { draft, newer } = editing;
  return (
    <Conflict
      what={what}
      version={newer.version}
      theirs={stringifyExact(inputOf(newer.draft), 2)}
      mine={stringifyExact(inputOf(draft), 2)}
      onTakeTheirs={() => editors.takeNewer(slug)}
      onKeepMine={() => editors.keepMine(slug)}
    />
  );
}

interface ConflictProps {
  what: string;
  version: number;
  /** As JSON. */
  theirs: string;
  mine: string;
  onTakeTheirs: () => void;
  onKeepMine: () => void;
}

function Conflict({ what, version, theirs, mine, onTakeTheirs, onKeepMine }: ConflictProps) {
  const [isOpen, setOpen] = useState(true);
  return (
    <div className={classes.conflict}>
      <div className={classes.note} data-tone="amber" role="alert">
        <IconGitCompare size={14} stroke={1.7} aria-hidden />
        <span className={classes.noteText}>
          This {what} was changed elsewhere (now version {version}) while you were editing it. Your changes are still
          here.
        </span>
        <span className={classes.noteActions}>
          <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Hide changes' : 'Show changes'}
          </Button>
          <Button variant="default" size="compact-xs" onClick={onTakeTheirs}>
            Load theirs
          </Button>
          <Button variant="default" size="compact-xs" onClick={onKeepMine}>
            Keep mine
          </Button>
        </span>
      </div>
      {isOpen && (
        <div className={classes.diff}>
          <DiffView before={theirs} after={mine} height="180px" label="Their version compared with yours" />
        </div>
      )}
    </div>
  );
}
