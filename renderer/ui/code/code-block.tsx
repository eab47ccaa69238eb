import { CopyButton } from '../feedback/copy-button.tsx';
import classes from './code.module.css';

/** Plain text as it is, such as a command or a raw body. */
export function CodeBlock({ text, copy = true, wrap = true }: { text: string; copy?: boolean; wrap?: boolean }) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard */}
      <pre className={classes.pre} data-wrap={wrap} tabIndex={0}>
        {text}
      </pre>
      {copy && (
        <span className={classes.copy}>
          <CopyButton text={text} />
        </span>
      )}
    </div>
  );
}
