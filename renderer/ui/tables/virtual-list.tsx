import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { type ShortcutLayer, useShortcuts } from '../../keyboard/shortcuts.ts';
import { useRowHeight } from './row-height.ts';
import { anchoredScroll, type RowAnchor } from './scroll-anchor.ts';
import classes from './virtual-list.module.css';

export interface RowState {
  active: boolean;
  checked: boolean;
  index: number;
}

interface VirtualListProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Cells, laid into the row's grid. */
  renderRow: (item: T, row: RowState) => ReactNode;
  label: string;
  activeKey: string | null;
  onActivate: (key: string) => void;
  /** Enter, or a second click. */
  onOpen?: (key: string) => void;
  checked?: ReadonlySet<string>;
  onCheck?: (keys: Set<string>) => void;
  onEndReached?: () => void;
  /** Whether the newest row is in view: a stream may then be followed. */
  onTopChange?: (isAtTop: boolean) => void;
  /** Whenever it changes, the list goes to its newest row. */
  toTop?: number;
  header?: ReactNode;
  footer?: ReactNode;
  /** Shown instead of rows when there are none. */
  empty?: ReactNode;
  /** `grid-template-columns` of the rows. */
  columns?: string;
  rowHeight?: number;
  /** Of its keys; a list in the pane beside another list goes before that. */
  layer?: ShortcutLayer;
  rowClassName?: (item: T) => string | undefined;
}

export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, keyOf, activeKey, onActivate, onOpen, checked, onCheck, onEndReached, onTopChange } = props;
  const usualHeight = useRowHeight();
  const rowHeight = props.rowHeight ?? usualHeight;
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const rangeStart = useRef<string | null>(null);

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed density changes every row's place
  useLayoutEffect(() => virtualizer.measure(), [rowHeight]);

  // Rows that come on top push the others down; the reader's place is kept by scrolling as far.
  const anchor = useRef<RowAnchor | null>(null);
  // Kept from the last scroll event: reading it from the element during a render forces a layout.
  const scrollTop = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other rows, or rows of another height, move the place
  useLayoutEffect(() => {
    const top = anchoredScroll(anchor.current, items, keyOf, rowHeight);
    if (top !== null && top !== scrollTop.current && scroller.current !== null) {
      scroller.current.scrollTop = top;
      // Beyond the end, the browser scrolls less far and fires a scroll event.
      scrollTop.current = top;
    }
    rememberAnchor();
  }, [items, rowHeight]);

  const rememberAnchor = (): void => {
    const index = Math.floor(scrollTop.current / rowHeight);
    const item = items[index];
    anchor.current =
      item === undefined || scrollTop.current < 1
        ? null
        : { key: keyOf(item), index, offsetPx: scrollTop.current - index * rowHeight };
  };

  const wasAtTop = useRef(true);
  const onScroll = (): void => {
    scrollTop.current = scroller.current?.scrollTop ?? 0;
    rememberAnchor();
    const isAtTop = scrollTop.current < 1;
    if (isAtTop !== wasAtTop.current) {
      wasAtTop.current = isAtTop;
      onTopChange?.(isAtTop);
    }
  };

  useEffect(() => {
    if (props.toTop !== undefined && props.toTop > 0) scroller.current?.scrollTo({ top: 0 });
  }, [props.toTop]);

  const lastVisible = virtualizer.getVirtualItems().at(-1)?.index ?? 0;
  const nearEnd = items.length > 0 && lastVisible >= items.length - 20;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each new end, not at every render
  useEffect(() => {
    if (nearEnd) onEndReached?.();
  }, [nearEnd, items.length]);

  const indexOfActive = (): number => (activeKey === null ? -1 : items.findIndex((item) => keyOf(item) === activeKey));

  const setRange = (to: number): void => {
    if (onCheck === undefined) return;
    rangeStart.current ??= activeKey;
    const from = items.findIndex((item) => keyOf(item) === rangeStart.current);
    const [low, high] = from === -1 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    onCheck(new Set([...(checked ?? []), ...items.slice(low, high + 1).map(keyOf)]));
  };

  const go = (index: number, extend = false): void => {
    const to = Math.min(items.length - 1, Math.max(0, index));
    const item = items[to];
    if (item === undefined) return;
    if (extend) setRange(to);
    else rangeStart.current = null;
    onActivate(keyOf(item));
    virtualizer.scrollToIndex(to, { align: 'auto' });
  };

  const move = (by: number, extend = false): void => {
    const at = indexOfActive();
    // Nothing chosen yet: start from what is in view.
    if (at === -1) go(Math.ceil(scrollTop.current / rowHeight));
    else go(at + by, extend);
  };

  const toggleCheck = (): void => {
    if (onCheck === undefined || activeKey === null) return;
    const next = new Set(checked);
    if (!next.delete(activeKey)) next.add(activeKey);
    rangeStart.current = activeKey;
    onCheck(next);
  };

  /** From the selected row above, to this one. */
  const checkTo = (): void => {
    const to = indexOfActive();
    if (to === -1) return;
    const above = items.findLastIndex((item, index) => index < to && checked?.has(keyOf(item)) === true);
    rangeStart.current = activeKey;
    onCheck?.(new Set([...(checked ?? []), ...items.slice(above === -1 ? to : above, to + 1).map(keyOf)]));
  };

  const openActive = (): void => {
    if (activeKey !== null) onOpen?.(activeKey);
  };

  const canCheck = onCheck !== undefined;
  useShortcuts(
    'List',
    [
      { keys: 'j', label: 'Next row', run: () => move(1), repeats: true },
      { keys: 'k', label: 'Previous row', run: () => move(-1), repeats: true },
      { keys: 'enter', label: 'Open', run: openActive, enabled: onOpen !== undefined },
      { keys: 'x', label: 'Select row', run: toggleCheck, enabled: canCheck },
      { keys: 'shift+x', label: 'Select up to this row', run: checkTo, enabled: canCheck },
      { keys: 'shift+j', label: 'Extend selection down', run: () => move(1, true), enabled: canCheck, repeats: true },
      { keys: 'shift+k', label: 'Extend selection up', run: () => move(-1, true), enabled: canCheck, repeats: true },
    ],
    props.layer ?? 'page',
  );

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const steps = new Map([
      ['ArrowDown', 1],
      ['ArrowUp', -1],
      ['PageDown', page],
      ['PageUp', -page],
      ['Home', Number.NEGATIVE_INFINITY],
      ['End', Number.POSITIVE_INFINITY],
    ]);
    const step = steps.get(event.key);
    if (step === undefined) return;
    event.preventDefault();
    if (Number.isFinite(step)) move(step, event.shiftKey);
    else go(step < 0 ? 0 : items.length - 1, event.shiftKey);
  };

  const onRowClick = (event: React.MouseEvent, index: number, key: string): void => {
    if (event.target instanceof Element && event.target.closest('a, button, input, [data-own-click]') !== null) return;
    if (event.shiftKey && canCheck) {
      go(index, true);
      window.getSelection()?.removeAllRanges();
    } else if ((event.ctrlKey || event.metaKey) && onCheck !== undefined) {
      const next = new Set(checked);
      if (!next.delete(key)) next.add(key);
      rangeStart.current = key;
      onCheck(next);
    } else go(index);
  };

  const style: CSSProperties & Record<'--columns' | '--row', string> = {
    '--columns': props.columns ?? '1fr',
    '--row': `${rowHeight}px`,
  };
  const optionId = (key: string): string => `${listId}-${key}`;
  // A row out of sight is not in the document, and nothing may point at what is not there.
  const isActiveShown = virtualizer.getVirtualItems().some(({ index }) => {
    const item = items[index];
    return item !== undefined && keyOf(item) === activeKey;
  });
  return (
    <div className={classes.list} style={style}>
      {props.header}
      <div ref={scroller} className={classes.scroller} onScroll={onScroll}>
        {items.length === 0 && props.empty !== undefined ? (
          props.empty
        ) : (
          <div
            className={classes.canvas}
            style={{ height: virtualizer.getTotalSize() }}
            role="listbox"
            aria-label={props.label}
            aria-multiselectable={canCheck}
            aria-activedescendant={activeKey !== null && isActiveShown ? optionId(activeKey) : undefined}
            tabIndex={0}
            onKeyDown={onKeyDown}
          >
            {virtualizer.getVirtualItems().map((virtual) => {
              const item = items[virtual.index];
              if (item === undefined) return null;
              const key = keyOf(item);
              const active = key === activeKey;
              const isChecked = checked?.has(key) === true;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the listbox, which has the focus
                // biome-ignore lint/a11y/useFocusableInteractive: options are reached through aria-activedescendant
                <div
                  key={key}
                  id={optionId(key)}
                  role="option"
                  aria-selected={canCheck ? isChecked : active}
                  aria-posinset={virtual.index + 1}
                  aria-setsize={items.length}
                  data-active={active}
                  data-checked={isChecked}
                  className={`${classes.row} ${props.rowClassName?.(item) ?? ''}`}
                  style={{ transform: `translateY(${virtual.index * rowHeight}px)` }}
                  onClick={(event) => onRowClick(event, virtual.index, key)}
                  onDoubleClick={() => onOpen?.(key)}
                >
                  {props.renderRow(item, { active, checked: isChecked, index: virtual.index })}
                </div>
              );
            })}
          </div>
        )}
        {props.footer}
      </div>
    </div>
  );
}
