import { ansiSpans } from './ansi-spans.ts';
import classes from './ansi-text.module.css';

/** One line of a job's output: colours are kept, everything else the job sent is shown as text. */
export function AnsiText({ text }: { text: string }) {
  return (
    <>
      {ansiSpans(text).map((span, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line never move
          key={index}
          className={[span.foreground && classes[span.foreground], ...span.styles.map((style) => classes[style])]
            .filter(Boolean)
            .join(' ')}
          style={span.rgb === null ? undefined : { color: `rgb(${span.rgb})` }}
          data-background={span.background ?? undefined}
        >
          {span.text}
        </span>
      ))}
    </>
  );
}
