import { Button, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../../components/format.ts';
import { Kbd } from '../../components/kbd.tsx';
import classes from './inbox.module.css';

/** As the contract bounds a note. */
const maxNoteLength = 2000;

interface NoteFormProps {
  count: number;
  onSave: (note: string) => void;
  onLeave: () => void;
}

/** A note for an acknowledgement, in the detail itself: mod+Enter acknowledges, Esc leaves. */
export function NoteForm({ count, onSave, onLeave }: NoteFormProps) {
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
        label={count === 1 ? 'Acknowledge with a note' : `Acknowledge ${formatCount(count)} runs with a note`}
        placeholder="What was done about it, for whoever looks next"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={maxNoteLength}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        ref={field}
      />
      <div className={classes.noteActions}>
        <Button type="submit" rightSection={<Kbd keys="mod+enter" />}>
          Acknowledge
        </Button>
        <Button variant="subtle" color="gray" onClick={onLeave} rightSection={<Kbd keys="escape" />}>
          Leave it
        </Button>
      </div>
    </form>
  );
}
