import { Button, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';
import classes from './note-form.module.css';

/** As the contract bounds a note. */
const maxNoteLength = 2000;

interface NoteFormProps {
  label: string;
  placeholder: string;
  /** What saving does, e.g. `Acknowledge`. */
  action: string;
  busy?: boolean;
  onSave: (note: string) => void;
  onLeave: () => void;
}

/** A note for a decision, in the page itself: mod+Enter decides, Esc leaves. */
export function NoteForm({ label, placeholder, action, busy = false, onSave, onLeave }: NoteFormProps) {
  const [note, setNote] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      className={classes.note}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(note.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onLeave();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave(note.trim());
        else return;
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
      <div className={classes.actions}>
        <Button type="submit" loading={busy} rightSection={<Kbd keys="mod+enter" />}>
          {action}
        </Button>
        <Button variant="subtle" color="gray" onClick={onLeave} rightSection={<Kbd keys="escape" />}>
          Leave it
        </Button>
      </div>
    </form>
  );
}
