import { type ReactNode, useRef, useState } from 'react';
import { readStored, writeStored } from '../../browser/storage.ts';
import classes from './split-pane.module.css';

interface SplitPaneProps {
  /** The ratio is kept under this name. */
  id: string;
  primary: ReactNode;
  /** Null: closed. */
  secondary: ReactNode | null;
  /** `row`: side by side. */
  direction?: 'row' | 'column';
  /** Of the primary, 0 to 1. */
  defaultRatio?: number;
  minPx?: number;
}

const clamp = (ratio: number): number => Math.min(0.9, Math.max(0.1, ratio));
const stepRatio = 0.02;

export function SplitPane({
  id,
  primary,
  secondary,
  direction = 'row',
  defaultRatio = 0.5,
  minPx = 280,
}: SplitPaneProps) {
  const key = `signalbox.split.${id}`;
  const [ratio, setRatio] = useState(() => {
    const kept = Number(readStored(key));
    return kept > 0 && kept < 1 ? clamp(kept) : defaultRatio;
  });
  const box = useRef<HTMLDivElement>(null);
  const isRow = direction === 'row';

  const move = (next: number): void => {
    const value = clamp(next);
    setRatio(value);
    writeStored(key, value.toFixed(4));
  };

  const onPointerMove = (event: React.PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || box.current === null) return;
    const rect = box.current.getBoundingClientRect();
    move(isRow ? (event.clientX - rect.left) / rect.width : (event.clientY - rect.top) / rect.height);
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const steps: Record<string, number> = isRow
      ? { ArrowLeft: ratio - stepRatio, ArrowRight: ratio + stepRatio, Home: 0.1, End: 0.9 }
      : { ArrowUp: ratio - stepRatio, ArrowDown: ratio + stepRatio, Home: 0.1, End: 0.9 };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    move(next);
  };

  const isOpen = secondary !== null;
  // In a narrow window both give way equally; a fixed minimum would push the second one's buttons out of it.
  // The separator takes a pixel of its own.
  const least = `min(${minPx}px, 50% - 1px)`;
  const minimum = isRow ? { minWidth: least } : { minHeight: least };
  return (
    <div ref={box} className={classes.split} data-direction={direction}>
      <div className={classes.pane} style={isOpen ? { flexGrow: ratio, ...minimum } : { flexGrow: 1 }}>
        {primary}
      </div>
      {isOpen && (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be focused and moved */}
          <div
            className={classes.separator}
            role="separator"
            tabIndex={0}
            aria-label="Resize"
            aria-orientation={isRow ? 'vertical' : 'horizontal'}
            aria-valuenow={Math.round(ratio * 100)}
            aria-valuemin={10}
            aria-valuemax={90}
            onPointerDown={(event) => {
              event.preventDefault();
              event.currentTarget.setPointerCapture(event.pointerId);
            }}
            onPointerMove={onPointerMove}
            onDoubleClick={() => move(defaultRatio)}
            onKeyDown={onKeyDown}
          />
          <div className={classes.pane} style={{ flexGrow: 1 - ratio, ...minimum }}>
            {secondary}
          </div>
        </>
      )}
    </div>
  );
}
