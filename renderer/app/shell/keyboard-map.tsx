import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import { isSingleKey } from '../../keyboard/key-chords.ts';
import { type Shortcut, useShortcutMap, useShortcuts } from '../../keyboard/shortcuts.ts';
import { onMenuCommand } from '../../model/app/desktop.ts';
import { useKeyboardMap } from '../../model/app/keyboard-map.ts';
import { usePreferences } from '../../model/app/preferences.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import classes from './keyboard-map.module.css';

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
  const isOff = ({ keys, enabled }: Shortcut): boolean =>
    enabled === false || (!singleKeys && keys.split(' ').some(isSingleKey));
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
      {!singleKeys && <p className={classes.note}>Single-key shortcuts are turned off in Settings.</p>}
      <div className={classes.groups} tabIndex={-1} data-autofocus>
        {isOpen &&
          grouped(sets).map(([title, shortcuts]) => (
            <section key={title} className={classes.group}>
              <h3>{title}</h3>
              <dl>
                {shortcuts.map((shortcut) => (
                  <div key={shortcut.keys} data-off={isOff(shortcut)}>
                    <dt>{shortcut.label}</dt>
                    <dd>
                      <Kbd keys={shortcut.keys} />
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
