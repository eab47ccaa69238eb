import { Fragment } from 'react';
import { splitUnseen } from './unseen-characters.ts';
import classes from './visible-text.module.css';

/** Text in which blanks at the ends and characters without a shape of their own stand as their code points. */
export function VisibleText({ text }: { text: string }) {
  return splitUnseen(text).map(({ text: piece, code, at }) =>
    code === null ? (
      <Fragment key={at}>{piece}</Fragment>
    ) : (
      <span key={at} className={classes.code}>
        {code}
      </span>
    ),
  );
}
