import { Button, Menu } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { AlarmIncident } from '../../../shared/contract/alarms.ts';
import { call } from '../../client/index.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { useAction } from '../../errors/use-action.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { useLack } from '../../model/app/account.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useAlarmInbox } from '../../model/definitions/alarm-inbox.ts';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { showFailure, showUndo } from '../../ui/feedback/toasts.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './inbox-alarms.module.css';

const snoozeHours = [1, 8, 24, 72] as const;
const hourMs = 3_600_000;

/** Alarms that are raised, or have recovered, until they are acknowledged or snoozed. */
export function InboxAlarms() {
  const items = useAlarmInbox((state) => state.items);
  const list = useRef<HTMLUListElement>(null);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const focused = items.find(({ id }) => id === focusedId);
  const lastIndex = useRef(0);
  // The focused alarm left the list: the keyboard goes on with the one that took its place.
  useEffect(() => {
    const index = items.findIndex(({ id }) => id === focusedId);
    if (index >= 0) lastIndex.current = index;
    else if (focusedId !== null && document.activeElement === document.body)
      list.current?.children[Math.min(lastIndex.current, items.length - 1)]?.querySelector('a')?.focus();
  }, [items, focusedId]);
  if (items.length === 0) return null;
  return (
    <section className={classes.alarms} aria-label="Alarms">
      <header className={classes.head}>
        <h2>Alarms</h2>
        <span className={classes.dim}>{formatCount(items.length)}</span>
        {items.length > 1 && <AcknowledgeAll items={items} />}
      </header>
      <ul ref={list} onBlur={() => setFocusedId(null)}>
        {items.map((one) => (
          <Incident key={one.id} incident={one} onFocus={() => setFocusedId(one.id)} />
        ))}
      </ul>
      {focused !== undefined && <FocusedKeys incident={focused} />}
    </section>
  );
}

/** While the focus is on an alarm, the key of the runs below means that alarm. */
function FocusedKeys({ incident }: { incident: AlarmIncident }) {
  useShortcuts(
    'Alarm',
    [{ keys: 'a', label: 'Acknowledge the alarm', needs: 'operate', run: () => void acknowledge([incident]) }],
    'selection',
  );
  return null;
}

async function acknowledge(items: readonly AlarmIncident[]): Promise<void> {
  const ids = items.map(({ id }) => id);
  try {
    await call('alarms.acknowledge', { ids });
  } catch (error) {
    showFailure(error, 'Could not be acknowledged');
    return;
  }
  showUndo({
    message: items.length === 1 ? `${items[0]?.name} acknowledged` : `${items.length} alarms acknowledged`,
    undo: () => call('alarms.unacknowledge', { ids }),
  });
}

function AcknowledgeAll({ items }: { items: readonly AlarmIncident[] }) {
  const all = useAction(() => acknowledge(items));
  return (
    <PermittedButton needs="operate" variant="subtle" color="gray" size="compact-xs" onClick={() => void all.run()}>
      Acknowledge all alarms
    </PermittedButton>
  );
}

function Incident({ incident, onFocus }: { incident: AlarmIncident; onFocus: () => void }) {
  const { id, name, message, subject, recoveredAt, raisedAt, times, problem } = incident;
  const lack = useLack('operate');
  const isRaised = recoveredAt === null;
  const one = useAction(() => acknowledge([incident]));
  const snooze = useAction(async (hours: number) => {
    try {
      await call('alarms.snooze', { ids: [id], until: new Date(Date.now() + hours * hourMs).toISOString() });
    } catch (error) {
      showFailure(error, 'Could not be snoozed');
      return;
    }
    showUndo({ message: `${name} snoozed`, undo: () => call('alarms.snooze', { ids: [id], until: null }) });
  });
  return (
    <li className={classes.alarm} onFocus={onFocus}>
      <Lamp tone={isRaised ? 'red' : 'green'} lit={isRaised} label={isRaised ? 'raised' : 'recovered'} />
      <div className={classes.text}>
        <p>
          <a className={classes.name} href={hrefOf(paths.alarm(incident.alarm))}>
            {name}
          </a>{' '}
          <span className={classes.dim}>
            <a href={hrefOf(incident.path)}>{subject?.slug ?? 'Insights'}</a>
            {isRaised ? ' · raised ' : ' · recovered '}
            <TimeAgo at={recoveredAt ?? raisedAt} />
            {times > 1 && ` · raised ${times} times`}
          </span>
        </p>
        <p>{message}</p>
        {problem !== null && (
          <p className={classes.problem} title={problem}>
            Not sent: {problem}
          </p>
        )}
      </div>
      <span className={classes.actions}>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="subtle" color="gray" size="compact-xs" disabled={lack !== null} title={lack ?? undefined}>
              Snooze
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {snoozeHours.map((hours) => (
              <Menu.Item key={hours} onClick={() => void snooze.run(hours)}>
                {hours === 1 ? '1 hour' : hours < 48 ? `${hours} hours` : `${hours / 24} days`}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <PermittedButton
          needs="operate"
          variant="default"
          size="compact-xs"
          loading={one.busy}
          onClick={() => void one.run()}
        >
          Acknowledge
        </PermittedButton>
      </span>
    </li>
  );
}
