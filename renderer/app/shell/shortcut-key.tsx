import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { chordOf, isSingleKey } from '../../keyboard/key-chords.ts';
import { canChoose, chooseKey, chosenKey } from '../../keyboard/key-map.ts';
import { isMac } from '../../keyboard/shortcuts.ts';
import { setPreference, usePreferences } from '../../model/app/preferences.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import classes from './keyboard-map.module.css';

/** Keys of a shortcut. A single one is a button: the next key that is pressed takes its place. */
export function ShortcutKey({ keys, label }: { keys: string; label: string }) {
  const own = usePreferences((state) => state.keys);
  const [isAsking, setAsking] = useState(false);
  const [isRefused, setRefused] = useState(false);
  if (!isSingleKey(keys)) return <Kbd keys={keys} />;

  const choose = (key: string | null): void => {
    setPreference('keys', chooseKey(own, keys, key));
    setAsking(false);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (!isAsking || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    const pressed = chordOf(event, isMac);
    if (pressed === null) return;
    if (pressed === 'escape') setAsking(false);
    else if (pressed === 'backspace' || pressed === 'delete') choose(null);
    else if (canChoose(pressed)) choose(pressed);
    else setRefused(true);
  };
  return (
    <button
      type="button"
      className={classes.change}
      title={isAsking ? 'Press a key. Backspace: no key. Esc: cancel.' : 'Change key'}
      data-own={own[keys] !== undefined}
      onClick={() => {
        setRefused(false);
        setAsking(!isAsking);
      }}
      onKeyDown={onKeyDown}
      onBlur={() => setAsking(false)}
    >
      {isAsking ? (
        <span role="status">{isRefused ? 'Reserved. Press another key' : 'Press a key…'}</span>
      ) : chosenKey(own, keys) === null ? (
        'No key'
      ) : (
        <Kbd keys={keys} />
      )}
      {/* Not a label in place of the keys: voice control clicks what it reads. */}
      <VisuallyHidden> Change the key for: {label}</VisuallyHidden>
    </button>
  );
}
