import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AppError } from '../../../shared/contract/errors.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { Kbd } from '../../ui/text/kbd.tsx';
import { PermittedButton } from '../access/permitted-button.tsx';
import classes from './definition-pane.module.css';

interface SaveBarProps {
  isNew: boolean;
  isDirty: boolean;
  busy: boolean;
  /** Why it cannot be saved yet. */
  blocked?: string | null;
  error: AppError | null;
  /** What the bar says while there is nothing else to say. */
  children?: ReactNode;
  createLabel?: string;
  onSave: () => void;
  onRevert: () => void;
}

/** Always there, so that nothing jumps when the first change is made. */
export function SaveBar({
  isNew,
  isDirty,
  busy,
  blocked,
  error,
  children,
  createLabel = 'Create',
  onSave,
  onRevert,
}: SaveBarProps) {
  return (
    <footer className={classes.bar}>
      <div className={classes.barText} role="status">
        {error !== null ? (
          <InlineError message={error.message} />
        ) : (
          (blocked ?? children ?? (isDirty && !isNew ? 'Unsaved changes' : isNew ? '' : 'Saved'))
        )}
      </div>
      {isDirty && !isNew && (
        <Button variant="subtle" color="gray" onClick={onRevert} disabled={busy}>
          Discard
        </Button>
      )}
      <PermittedButton
        needs="define"
        onClick={onSave}
        loading={busy}
        disabled={(!isDirty && !isNew) || (blocked !== null && blocked !== undefined)}
        rightSection={<Kbd keys="mod+s" />}
      >
        {isNew ? createLabel : 'Save'}
      </PermittedButton>
    </footer>
  );
}
