import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconGitCompare, IconLock, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Owner } from '../../../shared/contract/common.ts';
import type { AppError } from '../../../shared/contract/errors.ts';
import { useStatus } from '../../model/app/status.ts';
import { DiffView } from '../../ui/code/diff-view.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { Kbd } from '../../ui/text/kbd.tsx';
import classes from './definition-pane.module.css';

/** The pane in which one source, job or listener is shown and edited. */
export function DefinitionPane({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={classes.pane} aria-label={label}>
      {children}
    </section>
  );
}

interface DefinitionLoadingProps {
  label: string;
  /** What it is called: `job`. */
  what: string;
  slug: string;
  error: AppError | null;
  onRetry: () => void;
  onClose: () => void;
}

/** The pane until its definition is there, or why it is not. */
export function DefinitionLoading({ label, what, slug, error, onRetry, onClose }: DefinitionLoadingProps) {
  return (
    <DefinitionPane label={label}>
      <PaneHead title={slug} onClose={onClose} />
      {error === null ? (
        <LoadingRows rows={8} />
      ) : (
        <ErrorState error={error} title={`This ${what} could not be loaded`} onRetry={onRetry} />
      )}
    </DefinitionPane>
  );
}

interface PaneHeadProps {
  lamp?: ReactNode;
  title: string;
  slug?: string;
  badges?: ReactNode;
  actions?: ReactNode;
  onClose: () => void;
}

export function PaneHead({ lamp, title, slug, badges, actions, onClose }: PaneHeadProps) {
  return (
    <header className={classes.head}>
      {lamp}
      <h2 className={classes.title} title={title}>
        {title}
      </h2>
      {slug !== undefined && slug !== title && <span className={classes.slug}>{slug}</span>}
      {badges}
      <span className={classes.spacer} />
      <span className={classes.actions}>
        {actions}
        <Tooltip label="Close (Esc)">
          <ActionIcon aria-label="Close" onClick={onClose}>
            <IconX size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </span>
    </header>
  );
}

export function PaneBody({ children }: { children: ReactNode }) {
  return <div className={classes.body}>{children}</div>;
}

/** One line across the pane: what stands in the way. */
export function PaneNote({
  tone,
  children,
  actions,
}: {
  tone?: 'red' | 'amber';
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={classes.note} data-tone={tone} role={tone === 'red' ? 'alert' : 'note'}>
      {tone !== undefined && <IconAlertTriangle size={14} stroke={1.7} aria-hidden />}
      <span className={classes.noteText}>{children}</span>
      {actions !== undefined && <span className={classes.noteActions}>{actions}</span>}
    </div>
  );
}

/** Whether an operator may change it here: what the config file owns is free again once no file is in force. */
export function useIsReadOnly(owner: Owner): boolean {
  const hasFile = useStatus((state) => state.status?.config !== null);
  return owner === 'builtin' || (owner === 'config' && hasFile);
}

/** Says which file owns what is shown read-only; nothing for the operators' own. */
export function OwnedNote({ owner, what }: { owner: Owner; what: string }) {
  const file = useStatus((state) => state.status?.config?.file);
  if (owner === 'user' || (owner === 'config' && file === undefined)) return null;
  return (
    <div className={classes.note} role="note">
      <IconLock size={14} stroke={1.6} aria-hidden />
      <span className={classes.noteText}>
        {owner === 'builtin' ? (
          `This ${what} is part of Signalbox and cannot be changed.`
        ) : (
          <>
            This {what} is declared in <code>{file}</code>. Edit it there: changes apply when the file is saved.
          </>
        )}
      </span>
    </div>
  );
}

interface ConflictNoteProps {
  what: string;
  /** As JSON. */
  mine: string;
  theirs: string;
  version: number;
  onTakeTheirs: () => void;
  onKeepMine: () => void;
}

/** Somebody else saved while this one was being edited. Nothing is lost before one of the two is chosen. */
export function ConflictNote({ what, mine, theirs, version, onTakeTheirs, onKeepMine }: ConflictNoteProps) {
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
      <Button
        onClick={onSave}
        loading={busy}
        disabled={(!isDirty && !isNew) || (blocked !== null && blocked !== undefined)}
        rightSection={<Kbd keys="mod+s" />}
      >
        {isNew ? createLabel : 'Save'}
      </Button>
    </footer>
  );
}
