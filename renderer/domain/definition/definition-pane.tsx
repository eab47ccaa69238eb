import { ActionIcon, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Owner } from '../../../shared/contract/common.ts';
import type { AppError } from '../../../shared/contract/errors.ts';
import { useStatus } from '../../model/app/status.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import classes from './definition-pane.module.css';

/** The pane in which one source, job or listener is shown and edited. */
export function DefinitionPane({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={classes.pane} aria-label={label}>
      {children}
    </section>
  );
}

export type DefinitionKind = 'source' | 'listener' | 'job' | 'alarm';

export const kindTitles: Record<DefinitionKind, string> = {
  source: 'Source',
  listener: 'Listener',
  job: 'Job',
  alarm: 'Alarm',
};

interface DefinitionLoadingProps {
  what: DefinitionKind;
  slug: string;
  error: AppError | null;
  onRetry: () => void;
  onClose: () => void;
}

/** The pane until its definition is there, or why it is not. */
export function DefinitionLoading({ what, slug, error, onRetry, onClose }: DefinitionLoadingProps) {
  return (
    <DefinitionPane label={`${kindTitles[what]} ${slug}`}>
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
