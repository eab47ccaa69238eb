import { ActionIcon, Button } from '@mantine/core';
import { IconCircleCheck, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { leave as askToLeave } from '../../browser/leaving.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { useStatus } from '../../model/app/status.ts';
import { useAlarmInbox } from '../../model/definitions/alarm-inbox.ts';
import { dismissElsewhere, inboxList, useInbox } from '../../model/runs/inbox-list.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { AppPage } from '../../ui/layout/app-page.tsx';
import { SplitPane } from '../../ui/layout/split-pane.tsx';
import { ListFooter } from '../../ui/tables/list-footer.tsx';
import { ListHead } from '../../ui/tables/list-head.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { VirtualList } from '../../ui/tables/virtual-list.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import { FailureLinks } from './failure-links.tsx';
import classes from './inbox.module.css';
import { InboxAlarms } from './inbox-alarms.tsx';
import { DecisionsLeft, InboxDetail } from './inbox-detail.tsx';
import { columns, headings, InboxRowCells } from './inbox-row-cells.tsx';
import { acknowledgeable, targetIds } from './model/inbox-rows.ts';
import { useInboxActions } from './use-inbox-actions.ts';
import { useInboxCount } from './use-inbox-count.ts';
import { useInboxRows } from './use-inbox-rows.ts';

/** Grouping needs to see the whole inbox; beyond this, older ones come by scrolling. */
const eagerRows = 1000;

export function InboxPage() {
  const state = inboxList.use((list) => list);
  const total = useInboxCount();
  const { rows, activeKey, active, setActive, checked, setChecked, toggleGroup } = useInboxRows();
  const [isOpen, setOpen] = useState(true);
  /** A note is being written for these runs. */
  const [noteFor, setNoteFor] = useState<readonly string[] | null>(null);
  const actions = useInboxActions();

  useEffect(() => inboxList.ensure(), []);
  useEffect(() => {
    if (state.items.length < eagerRows && state.nextCursor !== null && state.error === null) inboxList.loadOlder();
  }, [state.items.length, state.nextCursor, state.error]);

  const chosen = targetIds(rows, checked, activeKey);
  const targets = acknowledgeable(rows, chosen);
  const activeRun = active === null ? null : active.kind === 'group' ? active.group.runs[0] : active.run;
  const failureId = activeRun?.failureId;
  const groupKey = active?.group.key ?? null;
  const isOnGroup = active !== null && active.group.runs.length > 1;

  const acknowledge = (note?: string): void => {
    setNoteFor(null);
    setChecked(new Set());
    void actions.acknowledge(noteFor ?? targets, note);
  };
  const startNote = (): void => {
    setOpen(true);
    setNoteFor(targets);
  };
  const openRun = (): void => {
    if (active === null) return;
    if (!isOpen) setOpen(true);
    else if (active.kind === 'group') toggleGroup(active.key);
    else navigate(paths.run(active.run.id));
  };
  const close = (): void => askToLeave(() => setOpen(false));
  const leave = (): void => {
    if (noteFor !== null) askToLeave(() => setNoteFor(null));
    else if (checked.size > 0) setChecked(new Set());
    else close();
  };

  const some = targets.length > 0;
  /** A note that is being written is sent by its own form alone. */
  const hasKeys = some && noteFor === null;
  useShortcuts('Inbox', [
    { keys: 'a', label: 'Acknowledge', needs: 'operate', run: () => acknowledge(), enabled: hasKeys },
    { keys: 'shift+a', label: 'Acknowledge with a note', needs: 'operate', run: startNote, enabled: hasKeys },
    { keys: 'r', label: 'Retry', needs: 'operate', run: () => void actions.retry(targets), enabled: hasKeys },
    { keys: 'o', label: 'Open the run or expand the group', run: openRun, enabled: active !== null },
    {
      keys: 'shift+g',
      label: 'Expand or collapse the group',
      run: () => groupKey !== null && toggleGroup(groupKey),
      enabled: isOnGroup,
    },
    {
      keys: 'h',
      label: 'Open the failure’s history',
      run: () => failureId !== undefined && navigate(paths.failure(failureId)),
      enabled: failureId !== undefined,
    },
    { keys: 'u', label: 'Undo acknowledge', needs: 'operate', run: actions.undo },
    { keys: 'escape', label: 'Close', run: leave },
  ]);

  const isEmpty = state.phase === 'ready' && rows.length === 0;
  const first = rows[0];
  const narrow = isOpen && first !== undefined;
  const shape = narrow ? 'narrow' : 'wide';
  const list = (
    <div className={classes.listPane}>
      <InboxAlarms />
      {state.phase === 'error' && state.error !== null ? (
        <ErrorState error={state.error} onRetry={inboxList.reload} />
      ) : state.phase === 'loading' || state.phase === 'idle' ? (
        <LoadingRows />
      ) : (
        <VirtualList
          items={rows}
          keyOf={(row) => row.key}
          label="Inbox"
          columns={columns[shape]}
          header={isEmpty ? undefined : <ListHead columns={columns[shape]} cells={headings[shape]} />}
          renderRow={(row) => <InboxRowCells row={row} narrow={narrow} onToggle={toggleGroup} />}
          rowClassName={(row) => (row.kind === 'run' && row.isMember ? classes.memberRow : undefined)}
          activeKey={activeKey}
          onActivate={(key) => {
            if (key === activeKey) return;
            askToLeave(() => {
              setActive(key);
              setNoteFor(null);
            });
          }}
          onOpen={openRun}
          checked={checked}
          onCheck={setChecked}
          onEndReached={inboxList.loadOlder}
          footer={isEmpty ? null : <ListFooter list={inboxList} state={state} end="End of list" />}
          empty={<Calm />}
        />
      )}
      {checked.size > 0 && (
        <div className={classes.bulk} role="toolbar" aria-label="Selection">
          <span>
            {formatCount(chosen.length)} selected
            {chosen.length > targets.length && (
              <span className={classes.dim}>
                {' · '}
                {formatCount(chosen.length - targets.length)} need individual decisions
              </span>
            )}
          </span>
          <span className={classes.spacer} />
          {some && (
            <>
              <PermittedButton needs="operate" onClick={() => acknowledge()} rightSection={<Kbd keys="a" />}>
                Acknowledge
              </PermittedButton>
              <PermittedButton
                needs="operate"
                variant="default"
                onClick={startNote}
                rightSection={<Kbd keys="shift+a" />}
              >
                With a note
              </PermittedButton>
              <PermittedButton
                needs="operate"
                variant="default"
                onClick={() => void actions.retry(targets)}
                rightSection={<Kbd keys="r" />}
              >
                Retry
              </PermittedButton>
            </>
          )}
          <Button
            variant="subtle"
            color="gray"
            onClick={() => setChecked(new Set())}
            rightSection={<Kbd keys="escape" />}
          >
            Clear
          </Button>
        </div>
      )}
    </div>
  );

  return (
    <AppPage title="Inbox" count={total === 0 ? undefined : total} toolbar={<Elsewhere />} actions={<FailureLinks />}>
      <SplitPane
        id="inbox"
        primary={list}
        secondary={
          isOpen && active !== null && activeRun !== null ? (
            <InboxDetail
              run={activeRun}
              group={active.kind === 'group' ? active.group : null}
              busy={actions.busy}
              count={targets.length}
              hasSelection={checked.size > 0}
              noteFor={noteFor}
              onAcknowledge={acknowledge}
              onNote={startNote}
              onLeaveNote={() => setNoteFor(null)}
              onRetry={() => void actions.retry(targets)}
              onRetryShown={() => void actions.retry(acknowledgeable(rows, targetIds(rows, new Set(), activeKey)))}
              onClose={close}
            />
          ) : isOpen && first !== undefined ? (
            <DecisionsLeft count={rows.length} onReview={() => setActive(first.key)} />
          ) : null
        }
        defaultRatio={0.5}
        minPx={380}
      />
    </AppPage>
  );
}

/** What others acknowledged meanwhile: one quiet line, until it is dismissed or the next action here. */
function Elsewhere() {
  const elsewhere = useInbox((state) => state.elsewhere);
  if (elsewhere === null) return null;
  const what = elsewhere.count === 1 ? '1 run was' : `${formatCount(elsewhere.count)} runs were`;
  return (
    <div className={classes.elsewhere} role="status">
      <span>
        {what} acknowledged {elsewhere.by === null ? 'elsewhere' : `elsewhere by ${elsewhere.by}`}
      </span>
      <ActionIcon size={18} aria-label="Dismiss" onClick={dismissElsewhere}>
        <IconX size={12} />
      </ActionIcon>
    </div>
  );
}

function Calm() {
  const hasAlarms = useAlarmInbox((state) => state.items.length > 0);
  const runs = useStatus((state) => state.status?.runs);
  const busy = runs === undefined ? 0 : runs.running + runs.waiting;
  return (
    <EmptyState icon={IconCircleCheck} title={hasAlarms ? 'No runs in the inbox' : 'Inbox zero'}>
      {busy === 0
        ? 'Failed runs, approvals, questions and outcomes to acknowledge appear here.'
        : `${formatCount(runs?.running ?? 0)} running, ${formatCount(runs?.waiting ?? 0)} waiting. Failed runs and outcomes to acknowledge appear here.`}
    </EmptyState>
  );
}
