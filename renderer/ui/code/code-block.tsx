import { Button } from '@mantine/core';
import { useState } from 'react';
import { CopyButton } from '../feedback/copy-button.tsx';
import { formatBytes } from '../text/format.ts';
import classes from './code.module.css';
import { CodeEditor } from './code-editor.tsx';
import { canWrap, shownAtFirst } from './text-size.ts';

interface CodeBlockProps {
  text: string;
  copy?: boolean;
  wrap?: boolean;
}

/** Plain text as it is, such as a command or a raw body. Of a large one the beginning, and all of it on request. */
export function CodeBlock({ text, copy = true, wrap = true }: CodeBlockProps) {
  const [shownWhole, setShownWhole] = useState<string | null>(null);
  const shown = shownAtFirst(text);
  const isCut = shown !== text;
  // The editor lays out what is in view only.
  if (isCut && shownWhole === text) {
    return (
      <CodeEditor value={text} language="text" label="Text" maxHeight="60vh" wrap={wrap && canWrap(text)} readOnly />
    );
  }
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard */}
      <pre className={classes.pre} data-wrap={wrap} tabIndex={0}>
        {shown}
      </pre>
      {isCut && (
        <Button size="compact-xs" variant="default" onClick={() => setShownWhole(text)}>
          Show all {formatBytes(text.length)}
        </Button>
      )}
      {copy && (
        <span className={classes.copy}>
          <CopyButton text={text} />
        </span>
      )}
    </div>
  );
}
