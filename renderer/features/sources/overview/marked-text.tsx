import { Fragment } from 'react';
import { Mono } from '../../../ui/text/mono.tsx';

/** A sentence in which what stands between backticks is code. */
export function MarkedText({ text }: { text: string }) {
  let at = 0;
  return text.split('`').map((part, index) => {
    const key = at;
    at += part.length + 1;
    return index % 2 === 1 ? <Mono key={key}>{part}</Mono> : <Fragment key={key}>{part}</Fragment>;
  });
}
