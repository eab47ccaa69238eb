import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Run } from '../../../shared/contract/runs.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { useAction } from '../../errors/use-action.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { acknowledge, unacknowledge } from '../../model/runs/inbox-list.ts';
import { cancelRuns, retryRuns } from '../../model/runs/runs-list.ts';
import { showDone, showFailure, showProblem, showUndo } from '../../ui/feedback/toasts.tsx';
import { formatCount, formatRunCount } from '../../ui/text/format.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import { type BulkAction, listenersOf, runsFor } from './model/selected-runs.ts';
import classes from './runs.module.css';

interface RunsBulkBarProps {
  /** Those selected that are in the list. */
  runs: readonly Run[];
  onClear: () => void;
}

const verbs = { retry: 'Retry', cancel: 'Cancel', acknowledge: 'Acknowledge' } as const;
const done = { retry: 'restarted', cancel: 'canceled', acknowledge: 'acknowledged' } as const;

/** What can be done with the selected runs. Retrying and canceling first say how many runs of which listeners. */
export function RunsBulkBar({ runs, onClear }: RunsBulkBarProps) {
  const [asked, setAsked] = useState<{ action: BulkAction; ids: ReadonlySet<string> } | null>(null);
  const targets = {
    retry: runsFor('retry', runs),
    cancel: runsFor('cancel', runs),
    acknowledge: runsFor('acknowledge', runs),
  };
  const work = useAction(async (action: BulkAction, ids: readonly string[]) => {
    setAsked(null);
    try {
      if (action === 'acknowledge') {
        await acknowledge(ids);
        showUndo({ message: `${formatRunCount(ids.length)} acknowledged`, undo: () => unacknowledge(ids) });
      } else {
        const { items, skipped } = await (action === 'retry' ? retryRuns(ids) : cancelRuns(ids));
        if (items > 0) showDone(`${formatRunCount(items)} ${done[action]}`);
        const [first] = skipped;
        if (first !== undefined) showProblem(first.reason, `${formatRunCount(skipped.length)} skipped`);
      }
      onClear();
    } catch (error) {
      showFailure(error, `The runs could not be ${done[action]}`);
    }
  });
  const start = (action: BulkAction): void => {
    const ids = targets[action].map(({ id }) => id);
    if (ids.length === 0 || work.busy) return;
    if (action === 'acknowledge') void work.run(action, ids);
    else setAsked({ action, ids: new Set(ids) });
  };
  /** Runs end while the question is open: those it was asked for that the action still applies to. */
  const chosen = asked === null ? [] : targets[asked.action].filter(({ id }) => asked.ids.has(id));
  const isAsking = asked !== null && chosen.length > 0;
  const isPossible = (action: BulkAction): boolean => !isAsking && targets[action].length > 0 && !work.busy;

  useShortcuts(
    'Selection',
    [
      { keys: 'r', label: 'Retry selected', needs: 'operate', run: () => start('retry'), enabled: isPossible('retry') },
      {
        keys: 'c',
        label: 'Cancel selected',
        needs: 'operate',
        run: () => start('cancel'),
        enabled: isPossible('cancel'),
      },
      {
        keys: 'a',
        label: 'Acknowledge selected',
        needs: 'operate',
        run: () => start('acknowledge'),
        enabled: isPossible('acknowledge'),
      },
      { keys: 'escape', label: 'Clear the selection', run: () => (isAsking ? setAsked(null) : onClear()) },
    ],
    'selection',
  );

  if (isAsking) {
    const { action } = asked;
    const ids = chosen.map(({ id }) => id);
    return (
      <Confirm
        action={action}
        runs={chosen}
        onConfirm={() => void work.run(action, ids)}
        onBack={() => setAsked(null)}
      />
    );
  }
  return (
    <div className={classes.bulk} role="toolbar" aria-label="Selection">
      <b>{formatCount(runs.length)} selected</b>
      <span className={classes.bulkWhat}>{listenersOf(runs)}</span>
      {(['retry', 'cancel', 'acknowledge'] as const).map((action) =>
        targets[action].length === 0 ? null : (
          <PermittedButton
            key={action}
            needs="operate"
            size="compact-sm"
            variant={action === 'acknowledge' ? 'filled' : 'default'}
            disabled={work.busy}
            onClick={() => start(action)}
            rightSection={<Kbd keys={action.charAt(0)} />}
          >
            {verbs[action]} {formatCount(targets[action].length)}
          </PermittedButton>
        ),
      )}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear} rightSection={<Kbd keys="escape" />}>
        Clear
      </Button>
    </div>
  );
}

interface ConfirmProps {
  action: BulkAction;
  runs: readonly Run[];
  onConfirm: () => void;
  onBack: () => void;
}

function Confirm({ action, runs, onConfirm, onBack }: ConfirmProps) {
  // The focus goes there, so that Enter confirms.
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  useEffect(() => button?.focus(), [button]);
  return (
    <div className={classes.bulk} role="toolbar" aria-label={`${verbs[action]} selected runs`}>
      <b>
        {verbs[action]} {formatRunCount(runs.length)}?
      </b>
      <span className={classes.bulkWhat}>{listenersOf(runs)}</span>
      <Button
        ref={setButton}
        size="compact-sm"
        color={action === 'cancel' ? 'red' : undefined}
        onClick={onConfirm}
        rightSection={<Kbd keys="enter" />}
      >
        {verbs[action]} {formatRunCount(runs.length)}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onBack} rightSection={<Kbd keys="escape" />}>
        Back
      </Button>
    </div>
  );
}
