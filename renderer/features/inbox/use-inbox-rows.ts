import { useEffect, useMemo, useRef, useState } from 'react';
import { inboxList, useInbox } from '../../model/runs/inbox-list.ts';
import { cursorRows, groupRuns, type InboxRow, keepChecked, keepCursor, rowsOf } from './model/inbox-rows.ts';

export interface InboxRows {
  rows: readonly InboxRow[];
  activeKey: string | null;
  active: InboxRow | null;
  setActive: (key: string) => void;
  checked: ReadonlySet<string>;
  setChecked: (keys: ReadonlySet<string>) => void;
  toggleGroup: (key: string, open?: boolean) => void;
}

const none: ReadonlySet<string> = new Set();

/** The list's lines with its cursor and selection, which survive what comes and goes. */
export function useInboxRows(): InboxRows {
  const items = inboxList.use((list) => list.items);
  const pending = useInbox((state) => state.pending);
  const [open, setOpen] = useState(none);
  const [cursor, setCursor] = useState<string | null>(null);
  const [marked, setMarked] = useState(none);

  const rows = useMemo(() => {
    const left = pending.size === 0 ? items : items.filter((run) => !pending.has(run.id));
    return rowsOf(groupRuns(left), open);
  }, [items, pending, open]);

  // Worked out while rendering: a frame with the cursor nowhere would flicker.
  const before = useRef<readonly InboxRow[]>(rows);
  const activeKey = keepCursor(cursorRows(before.current), cursorRows(rows), cursor);
  const checked = keepChecked(marked, rows);
  useEffect(() => {
    before.current = rows;
    setCursor(activeKey);
    setMarked(checked);
  }, [rows, activeKey, checked]);

  return {
    rows,
    activeKey,
    active: rows.find((row) => row.key === activeKey) ?? null,
    setActive: setCursor,
    checked,
    setChecked: setMarked,
    toggleGroup: (key, wanted) =>
      setOpen((keys) => {
        const next = new Set(keys);
        const isOpen = wanted ?? !keys.has(key);
        if (isOpen) next.add(key);
        else next.delete(key);
        return next;
      }),
  };
}
