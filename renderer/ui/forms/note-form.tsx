import { Button, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Kbd } from '../text/kbd.tsx';
import { DiscardQuestion } from './discard-question.tsx';
import classes from './note-form.module.css';
import { useLeaving } from './use-leaving.ts';

/** As the contract bounds a note. */
const maxNoteLength = 2000;

interface NoteFormProps {
  label: string;
  placeholder: string;
  /** What saving does, e.g. `Acknowledge`. */
  action: string;
  busy?: boolean;
  /** False while what the note is for must be looked at first. */
  canSave?: boolean;
  onSave: (note: string) => void;
  onLeave: () => void;
}

/** A note for a decision, in the page itself: mod+Enter decides, Esc cancels. */
export function NoteForm({ label, placeholder, action, busy = false, canSave = true, onSave, onLeave }: NoteFormProps) {
  const [note, setNote] = useState('');
  const [isClosing, setClosing] = useState(false);
  const leaving = useLeaving(note.trim() !== '');
  const isAsking = isClosing || leaving.isAsking;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!isAsking) field.current?.focus();
  }, [isAsking]);
  const save = (): void => {
    if (canSave && !isAsking) onSave(note.trim());
  };
  const keep = (): void => {
    setClosing(false);
    leaving.keep();
  };
  const leave = (): void => {
    if (note.trim() === '') onLeave();
    else if (isAsking) keep();
    else setClosing(true);
  };
  return (
    <form
      className={classes.note}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') leave();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          if (!event.repeat) save();
        } else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <Textarea
        label={label}
        placeholder={placeholder}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={maxNoteLength}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        ref={field}
      />
      {isAsking ? (
        <DiscardQuestion what="this note" onKeep={keep} onDiscard={leaving.isAsking ? leaving.discard : onLeave} />
      ) : (
        <div className={classes.actions}>
          <Button type="submit" loading={busy} disabled={!canSave} rightSection={<Kbd keys="mod+enter" />}>
            {action}
          </Button>
          <Button variant="subtle" color="gray" onClick={leave} rightSection={<Kbd keys="escape" />}>
            Cancel
          </Button>
        </div>
      )}
    </form>
  );
}
