import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import { isSingleKey } from '../../keyboard/key-chords.ts';
import { chosenKey } from '../../keyboard/key-map.ts';
import { type Shortcut, useShortcutMap, useShortcuts } from '../../keyboard/shortcuts.ts';
import { lackIn, useAccount } from '../../model/app/account.ts';
import { onMenuCommand } from '../../model/app/desktop.ts';
import { useKeyboardMap } from '../../model/app/keyboard-map.ts';
import { setPreference, usePreferences } from '../../model/app/preferences.ts';
import classes from './keyboard-map.module.css';
import { ShortcutKey } from './shortcut-key.tsx';

/** Sets with the same title become one column block; of equal keys the one mounted last counts. */
function grouped(sets: ReturnType<typeof useShortcutMap>): [string, Shortcut[]][] {
  const groups = new Map<string, Map<string, Shortcut>>();
  for (const { title, shortcuts } of sets) {
    const group = groups.get(title) ?? new Map<string, Shortcut>();
    for (const shortcut of shortcuts) if (shortcut.hidden !== true) group.set(shortcut.keys, shortcut);
    if (group.size > 0) groups.set(title, group);
  }
  return [...groups].map(([title, group]) => [title, [...group.values()]]);
}

export function KeyboardMap() {
  const { isOpen, toggle, close } = useKeyboardMap();
  const sets = useShortcutMap();
  const singleKeys = usePreferences((state) => state.singleKeys);
  const own = usePreferences((state) => state.keys);
  const hasOwnKeys = Object.keys(own).length > 0;
  const account = useAccount((state) => state.account);
  const lackOf = ({ needs }: Shortcut): string | undefined =>
    needs === undefined ? undefined : (lackIn(account, needs) ?? undefined);
  const isOff = (shortcut: Shortcut): boolean =>
    shortcut.enabled === false ||
    lackOf(shortcut) !== undefined ||
    (!singleKeys && shortcut.keys.split(' ').some((chord) => isSingleKey(chosenKey(own, chord) ?? chord)));
  useShortcuts('Everywhere', [{ keys: '?', label: 'Keyboard shortcuts', run: toggle, inDialogs: true }]);
  useEffect(() => onMenuCommand('keyboard-shortcuts', toggle), [toggle]);
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title="Keyboard shortcuts"
      size={680}
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.35 }}
      classNames={{ content: classes.content, header: classes.header, title: classes.title }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className={classes.note}>
        Select a single key to change it.{' '}
        {hasOwnKeys && (
          <button type="button" className={classes.reset} onClick={() => setPreference('keys', {})}>
            Reset all keys
          </button>
        )}
      </p>
      {!singleKeys && <p className={classes.note}>Single-key shortcuts are turned off in Settings.</p>}
      <div className={classes.groups} tabIndex={-1} data-autofocus>
        {isOpen &&
          grouped(sets).map(([title, shortcuts]) => (
            <section key={title} className={classes.group}>
              <h3>{title}</h3>
              <dl>
                {shortcuts.map((shortcut) => (
                  <div key={shortcut.keys} data-off={isOff(shortcut)} title={lackOf(shortcut)}>
                    <dt>{shortcut.label}</dt>
                    <dd>
                      <ShortcutKey keys={shortcut.keys} label={shortcut.label} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
    </Modal>
  );
}
