import { chosenKey, useKeyMap } from '../../keyboard/key-map.ts';
import { isMac } from '../../keyboard/shortcuts.ts';
import classes from './text.module.css';

const named: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: isMac ? '⇧' : 'Shift',
  alt: isMac ? '⌥' : 'Alt',
  enter: '↵',
  space: 'Space',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
};

const show = (key: string): string => named[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** Keys as they are written in shortcuts: `mod+k`, `g l`; shown as the user has chosen them, if so. */
export function Kbd({ keys: usual }: { keys: string }) {
  const keys = useKeyMap((state) => {
    const chosen = usual.split(' ').map((chord) => chosenKey(state.keys, chord));
    return chosen.includes(null) ? null : chosen.join(' ');
  });
  if (keys === null) return null;
  const parts = keys.split(' ').flatMap((chord) => (chord === '+' ? ['+'] : chord.split('+').filter(Boolean)));
  return (
    <span className={classes.kbd}>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a chord never move
        <kbd key={`${part}-${index}`} className={classes.key}>
          {show(part)}
        </kbd>
      ))}
    </span>
  );
}
