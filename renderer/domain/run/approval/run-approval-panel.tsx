import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Approval } from '../../../../shared/contract/approvals.ts';
import type { Run } from '../../../../shared/contract/runs.ts';
import { useAction } from '../../../errors/use-action.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { useLack } from '../../../model/app/account.ts';
import { approvalChanges } from '../../../model/runs/approval-changes.ts';
import { approveRun, rejectRuns } from '../../../model/runs/run-decisions.ts';
import { useApproval } from '../../../model/runs/use-approval.ts';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showDone } from '../../../ui/feedback/toasts.tsx';
import { NoteForm } from '../../../ui/forms/note-form.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { Kbd } from '../../../ui/text/kbd.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { ApprovalPreview } from './approval-preview.tsx';
import { ChangedNotice } from './changed-notice.tsx';
import classes from './run-approval-panel.module.css';

interface RunApprovalPanelProps {
  run: Run;
  withEvent?: boolean;
  /** False while the keys mean something else, such as a selection in the list. */
  hasKeys?: boolean;
}

/** A pending run: what would run, and the decision. What is approved is what is shown here, or nothing. */
export function RunApprovalPanel({ run, withEvent = false, hasKeys = true }: RunApprovalPanelProps) {
  const got = useApproval(run.id);
  const [noting, setNoting] = useState<'approve' | 'reject' | null>(null);
  const approval = got.value;
  /** What the operator has seen: the first that was shown, or what was confirmed after a change. */
  const [reviewed, setReviewed] = useState<Approval | null>(null);
  const seen = reviewed ?? approval;
  if (reviewed === null && approval !== undefined) setReviewed(approval);
  const changes = seen === undefined || approval === undefined ? [] : approvalChanges(seen, approval);

  const approve = useAction(async (note?: string) => {
    if (seen === undefined) return;
    try {
      await approveRun(run.id, seen.digest, note);
      showDone(`${run.job} approved`);
    } catch (error) {
      // What would run has changed since it was shown: show it as it is now.
      got.reload();
      throw error;
    }
  });
  const reject = useAction(async (note?: string) => {
    await rejectRuns([run.id], note);
    showDone(`${run.job} rejected`);
  });
  const busy = approve.busy || reject.busy;
  const rejectLack = useLack('approve');
  const refusal = approval?.refusal ?? null;
  const isReady = approval !== undefined && refusal === null && got.error === null && changes.length === 0 && !busy;

  useShortcuts(
    'Approval',
    hasKeys
      ? [
          // Never a letter alone: the key of another row's action must not approve this one.
          {
            keys: 'mod+enter',
            label: 'Approve',
            needs: 'approve',
            enabled: isReady && noting === null,
            run: () => void approve.run(),
          },
          {
            keys: 'mod+shift+enter',
            label: 'Approve with a note',
            needs: 'approve',
            enabled: isReady,
            run: () => setNoting('approve'),
          },
          { keys: 'd', label: 'Reject…', needs: 'approve', enabled: !busy, run: () => setNoting('reject') },
        ]
      : [],
    'pane',
  );

  return (
    <div className={classes.approving}>
      {noting !== null ? (
        <NoteForm
          key={noting}
          label={noting === 'approve' ? 'Approve with a note' : 'Reject this run'}
          placeholder="Reason (optional)"
          action={noting === 'approve' ? 'Approve' : 'Reject'}
          busy={busy}
          canSave={noting === 'reject' || isReady}
          onSave={(note) => {
            setNoting(null);
            void (noting === 'approve' ? approve : reject).run(note);
          }}
          onLeave={() => setNoting(null)}
        />
      ) : (
        <div className={classes.decide}>
          <Button
            disabled={!isReady}
            title={refusal ?? undefined}
            loading={approve.busy}
            onClick={() => void approve.run()}
            rightSection={hasKeys ? <Kbd keys="mod+enter" /> : undefined}
          >
            Approve
          </Button>
          <Button
            variant="default"
            disabled={busy || rejectLack !== null}
            title={rejectLack ?? undefined}
            onClick={() => setNoting('reject')}
            rightSection={hasKeys ? <Kbd keys="d" /> : undefined}
          >
            Reject
          </Button>
          <span className={classes.until}>
            {run.expiresAt === null ? (
              'No expiry'
            ) : (
              <>
                Expires <TimeAgo at={run.expiresAt} />
              </>
            )}
          </span>
        </div>
      )}
      <InlineError error={approve.error ?? reject.error ?? (approval === undefined ? null : got.error)} />
      {refusal !== null && <p className={classes.note}>{refusal}</p>}
      {approval !== undefined && changes.length > 0 && (
        <ChangedNotice
          key={approval.digest}
          differences={changes}
          onReviewed={() => {
            approve.clear();
            setReviewed(approval);
          }}
        />
      )}
      {run.note !== null && <p className={classes.note}>{run.note}</p>}
      {approval !== undefined ? (
        <ApprovalPreview approval={approval} withEvent={withEvent} />
      ) : got.error !== null ? (
        <ErrorState error={got.error} title="Could not determine what would run" onRetry={got.reload} />
      ) : (
        <LoadingRows rows={4} />
      )}
    </div>
  );
}
