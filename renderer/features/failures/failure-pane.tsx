import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLink, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { FailureDetail } from '../../../shared/contract/failures.ts';
import { copyText } from '../../browser/copy-text.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { FailureBadge } from '../../domain/failure/failure-badge.tsx';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { linkTo } from '../../model/app/page-link.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { reasonText } from '../../model/runs/run-why.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { showDone } from '../../ui/feedback/toasts.tsx';
import { NoteForm } from '../../ui/forms/note-form.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { Kbd } from '../../ui/text/kbd.tsx';
import { AssignMenu } from './assign-menu.tsx';
import { FailureChanges, FailureContexts, FailureFacts, FailureTimes } from './failure-facts.tsx';
import { FailureHistory, snoozeEnd } from './failure-history.tsx';
import classes from './failures.module.css';
import { acknowledgeFailure, reopenFailure, resolveFailure } from './model/failure-actions.ts';
import { SnoozeMenu } from './snooze-menu.tsx';

interface FailurePaneProps {
  id: string;
  onClose: () => void;
}

export function FailurePane({ id, onClose }: FailurePaneProps) {
  const got = useCall('failures.get', { id }, { reloadOn: ['failures.changed'] });
  if (got.value !== undefined) return <Detail key={id} failure={got.value} onClose={onClose} />;
  if (got.error === null) return <LoadingRows rows={8} />;
  return (
    <div className={classes.failed}>
      <ActionIcon aria-label="Close the failure" onClick={onClose}>
        <IconX size={16} stroke={1.6} />
      </ActionIcon>
      <ErrorState error={got.error} title="This failure could not be loaded" onRetry={got.reload} />
    </div>
  );
}

interface DetailProps {
  failure: FailureDetail;
  onClose: () => void;
}

function Detail({ failure, onClose }: DetailProps) {
  const [open, setOpen] = useState<'snooze' | 'assign' | 'resolve' | null>(null);
  const { state } = failure;
  const isClosed = state === 'resolved' || state === 'acknowledged';
  const acknowledge = (): void => void acknowledgeFailure(failure);
  const resolve = (note?: string): void => {
    setOpen(null);
    void resolveFailure(failure, note);
  };
  const reopen = (): void => void reopenFailure(failure);
  const menu = (which: 'snooze' | 'assign') => (isOpen: boolean) => setOpen(isOpen ? which : null);
  const copyLink = async (): Promise<void> => {
    const link = linkTo(paths.failure(failure.id));
    if (link === null) return;
    await copyText(link);
    showDone('Link copied');
  };

  useShortcuts('Failure', [
    { keys: 'a', label: 'Acknowledge', needs: 'operate', run: acknowledge, enabled: state === 'open' },
    { keys: 's', label: 'Snooze', needs: 'operate', run: () => setOpen('snooze'), enabled: state !== 'resolved' },
    { keys: 't', label: 'Assign', needs: 'operate', run: () => setOpen('assign') },
    { keys: 'e', label: 'Resolve', needs: 'operate', run: () => resolve(), enabled: state !== 'resolved' },
    {
      keys: 'shift+e',
      label: 'Resolve with a note',
      needs: 'operate',
      run: () => setOpen('resolve'),
      enabled: state !== 'resolved',
    },
    { keys: 'u', label: 'Reopen', needs: 'operate', run: reopen, enabled: state !== 'open' },
  ]);

  return (
    <article className={classes.detail} aria-label={`Failure of ${failure.job}`}>
      <header className={classes.head}>
        <div className={classes.headLine}>
          <FailureBadge failure={failure} />
          <h2 className={classes.headTitle}>
            <a href={hrefOf(paths.job(failure.job))}>{failure.job}</a>
          </h2>
          <span className={classes.spacer} />
          <Tooltip label="Copy link (shift+y)">
            <ActionIcon aria-label="Copy link to this failure" onClick={() => void copyLink()}>
              <IconLink size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Close (Esc)">
            <ActionIcon aria-label="Close the failure" onClick={onClose}>
              <IconX size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
        <p className={classes.message}>{failure.message ?? reasonText({ ...failure, state: 'failed' })}</p>
        {failure.snooze !== null && <p className={classes.dim}>Snoozed {snoozeEnd(failure.snooze)}</p>}
        <div className={classes.buttons}>
          {state === 'open' && (
            <PermittedButton needs="operate" onClick={acknowledge} rightSection={<Kbd keys="a" />}>
              Acknowledge
            </PermittedButton>
          )}
          {state !== 'resolved' && (
            <>
              <PermittedButton
                needs="operate"
                variant="default"
                onClick={() => resolve()}
                rightSection={<Kbd keys="e" />}
              >
                Resolve
              </PermittedButton>
              <SnoozeMenu failure={failure} opened={open === 'snooze'} onChange={menu('snooze')} />
            </>
          )}
          {(isClosed || state === 'snoozed') && (
            <PermittedButton needs="operate" variant="default" onClick={reopen} rightSection={<Kbd keys="u" />}>
              Reopen
            </PermittedButton>
          )}
          <AssignMenu failure={failure} opened={open === 'assign'} onChange={menu('assign')} />
        </div>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={classes.body} tabIndex={0} aria-label="Failure details">
        {open === 'resolve' && (
          <NoteForm
            label="Resolve with a note"
            placeholder="What was done"
            action="Resolve"
            onSave={resolve}
            onLeave={() => setOpen(null)}
          />
        )}
        <FailureTimes failure={failure} />
        <FailureContexts contexts={failure.contexts} />
        <FailureChanges failure={failure} />
        <FailureHistory failure={failure} />
        <FailureFacts failure={failure} />
      </section>
    </article>
  );
}
