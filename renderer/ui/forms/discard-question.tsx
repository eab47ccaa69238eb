import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Kbd } from '../text/kbd.tsx';
import classes from './discard-question.module.css';

interface DiscardQuestionProps {
  /** What would be lost: `this note`. */
  what: string;
  onKeep: () => void;
  onDiscard: () => void;
}

/** In place of an editor's buttons, before typed text is dropped; the focus is on the answer that loses nothing. */
export function DiscardQuestion({ what, onKeep, onDiscard }: DiscardQuestionProps) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <div className={classes.question} role="alertdialog" aria-label={`Discard ${what}?`}>
      <span className={classes.text}>Discard {what}?</span>
      <Button variant="default" ref={keep} onClick={onKeep} rightSection={<Kbd keys="escape" />}>
        Keep editing
      </Button>
      <Button color="red" onClick={onDiscard}>
        Discard
      </Button>
    </div>
  );
}
