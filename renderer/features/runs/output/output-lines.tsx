import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { OutputLine } from '../../../../shared/contract/runs.ts';
import { isGapLine } from '../../../model/runs/run-output.ts';
import { AnsiText } from '../../../ui/ansi/ansi-text.tsx';
import { formatClock } from '../../../ui/text/format.ts';
import classes from '../runs.module.css';
import { markMatches } from './mark-matches.ts';

interface OutputLinesProps {
  lines: readonly OutputLine[];
  wrap: boolean;
  times: boolean;
  /** Stick to the end. */
  follow: boolean;
  onFollow: (follow: boolean) => void;
  /** Text to mark in the lines; empty: none. */
  marked: string;
  /** Numbers of the lines that have it, ascending, and the one to show. */
  found: readonly number[];
  current: number | null;
}

const lineHeight = 18;
/** A pixel or two are lost to rounding when the page is zoomed. */
const nearEndPx = 4;
const streamNames = { stdout: '', stderr: 'err', system: 'sys' } as const;

export function OutputLines({ lines, wrap, times, follow, onFollow, marked, found, current }: OutputLinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 40,
    paddingStart: 6,
    paddingEnd: 10,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a line's height depends on how it is laid out
  useLayoutEffect(() => virtualizer.measure(), [wrap, times]);

  const height = virtualizer.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines and measured heights move the end
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || !follow) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  }, [follow, lines, height]);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= nearEndPx;
    // Only going up lets go: lines that arrive move the end, not the reader.
    if (element.scrollTop < lastTop.current - 1 && !isAtEnd && follow) onFollow(false);
    else if (isAtEnd && !follow && current === null) onFollow(true);
    lastTop.current = element.scrollTop;
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another match moves the reader
  useEffect(() => {
    if (current !== null) virtualizer.scrollToIndex(current, { align: 'center' });
  }, [current, marked]);

  const rows = virtualizer.getVirtualItems();
  useEffect(() => (scroller.current === null ? undefined : markMatches(scroller.current, marked)));

  // One width for all lines, so that scrolling down does not move the sideways scroll bar.
  const longest = useMemo(() => lines.reduce((most, line) => Math.max(most, line.text.length), 0), [lines]);
  const matches = useMemo(() => new Set(found), [found]);
  return (
    <section
      ref={scroller}
      className={classes.lines}
      aria-label="Output"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      onScroll={onScroll}
      data-wrap={wrap}
      data-times={times}
    >
      <div
        className={classes.linesCanvas}
        style={{ height, minWidth: wrap ? undefined : `calc(${longest}ch + var(--gutter) + 24px)` }}
      >
        {rows.map((row) => {
          const line = lines[row.index];
          if (line === undefined) return null;
          return (
            <div
              key={row.index}
              ref={wrap ? virtualizer.measureElement : undefined}
              data-index={row.index}
              className={classes.line}
              data-stream={line.stream}
              data-gap={isGapLine(line)}
              data-match={row.index === current ? 'current' : matches.has(row.index)}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <span className={classes.gutter} aria-hidden={line.stream === 'stdout'}>
                {times && <time dateTime={line.at}>{formatClock(new Date(line.at), true)}</time>}
                <span className={classes.stream}>{streamNames[line.stream]}</span>
              </span>
              <span className={classes.lineText}>
                {line.text === '' ? ' ' : line.stream === 'system' ? line.text : <AnsiText text={line.text} />}
              </span>
            </div>
          );
        })}
      </div>
    </section>
  );
}
