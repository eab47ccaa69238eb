import { Button } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import type { EventItem } from '../../../../shared/contract/events.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { useLack } from '../../../model/app/account.ts';
import { useCommands } from '../../../model/app/commands.ts';
import { navigate } from '../../../model/app/navigation.ts';
import { paths } from '../../../model/app/paths.ts';
import { idBatches } from '../../../model/calls/id-batches.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showDone } from '../../../ui/feedback/toasts.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import { Kbd } from '../../../ui/text/kbd.tsx';
import { RunListenerMenu } from '../event/run-listener-menu.tsx';
import classes from '../live.module.css';

interface BulkBarProps {
  checked: ReadonlySet<string>;
  items: readonly EventItem[];
  /** The open event's payload is being edited: nothing but the edit is replayed meanwhile. */
  isEditing: boolean;
  onClear: () => void;
  onExport: () => void;
}

/** What can be done with the selected events. */
export function BulkBar({ checked, items, isEditing, onClear, onExport }: BulkBarProps) {
  const ignored = items.filter((event) => event.ignored && checked.has(event.id)).map((event) => event.id);
  const failed = items.filter((event) => checked.has(event.id) && event.runs.some((run) => run.state === 'failed'));
  const replay = useAction(async (onlyFailed: boolean) => {
    // Ids sort by time: the replays happen in the order of the originals.
    let replayed = 0;
    for (const ids of idBatches([...checked].sort())) {
      replayed += (await call('events.replay', { ids, ...(onlyFailed ? { onlyFailed } : {}) })).items.length;
    }
    showDone(replayed === 1 ? 'Replayed 1 event' : `Replayed ${formatCount(replayed)} events`);
    onClear();
  });
  const compare = (): void => {
    // Ids sort by time: the older one comes first.
    const [a, b] = [...checked].sort();
    if (a !== undefined && b !== undefined) navigate(paths.compare(a, b));
  };
  const lack = useLack('operate');
  useCommands([
    ...(isEditing || lack !== null
      ? []
      : [
          {
            id: 'selection.replay',
            label: `Replay ${formatCount(checked.size)} selected`,
            group: 'Selection',
            keys: 'r',
            needs: 'operate' as const,
            run: () => void replay.run(false),
          },
        ]),
    ...(checked.size === 2
      ? [{ id: 'selection.compare', label: 'Compare two selected', group: 'Selection', keys: 'd', run: compare }]
      : []),
    {
      id: 'selection.export',
      label: `Export ${formatCount(checked.size)} selected`,
      group: 'Selection',
      keys: 'shift+d',
      run: onExport,
    },
    { id: 'selection.clear', label: 'Clear selection', group: 'Selection', run: onClear },
  ]);
  useShortcuts(
    'Selection',
    [
      {
        keys: 'r',
        label: 'Replay selected',
        needs: 'operate',
        run: () => void replay.run(false),
        enabled: !isEditing && !replay.busy,
      },
      { keys: 'd', label: 'Compare two selected', run: compare, enabled: checked.size === 2 },
    ],
    'selection',
  );
  return (
    <div className={classes.bar}>
      <b>{formatCount(checked.size)} selected</b>
      {isEditing ? (
        <span className={classes.key}>Finish the edited replay first.</span>
      ) : (
        <>
          <PermittedButton
            needs="operate"
            size="compact-xs"
            leftSection={<IconRepeat size={13} />}
            loading={replay.busy}
            onClick={() => void replay.run(false)}
          >
            Replay selected
          </PermittedButton>
          <Kbd keys="r" />
          {checked.size === 2 && (
            <>
              <Button size="compact-xs" variant="default" onClick={compare}>
                Compare
              </Button>
              <Kbd keys="d" />
            </>
          )}
          {failed.length > 0 && (
            <PermittedButton
              needs="operate"
              size="compact-xs"
              variant="default"
              disabled={replay.busy}
              onClick={() => void replay.run(true)}
            >
              Replay {formatCount(failed.length)} to failed listeners only
            </PermittedButton>
          )}
          {ignored.length > 0 && (
            <>
              <span className={classes.key}>{formatCount(ignored.length)} ignored:</span>
              <RunListenerMenu ids={ignored} onRun={onClear} />
            </>
          )}
        </>
      )}
      <Button size="compact-xs" variant="default" onClick={onExport}>
        Export…
      </Button>
      <Kbd keys="shift+d" />
      <Button size="compact-xs" variant="subtle" onClick={onClear}>
        Clear
      </Button>
      <InlineError error={replay.error} />
    </div>
  );
}
