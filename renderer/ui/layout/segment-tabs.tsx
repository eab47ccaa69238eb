import type { ReactNode } from 'react';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import type { Tone } from '../feedback/lamp.tsx';
import { ToneBadge } from '../feedback/tone-badge.tsx';
import { formatShortCount } from '../text/format.ts';
import classes from './segment-tabs.module.css';

export interface SegmentTab<V extends string> {
  value: V;
  label: ReactNode;
  count?: number | undefined;
  tone?: Tone;
}

interface SegmentTabsProps<V extends string> {
  /** The panel is `${id}-panel`: a `TabPanel`, or what has `role="tabpanel"`. */
  id: string;
  label?: string;
  tabs: readonly SegmentTab<V>[];
  value: V;
  onChange: (value: V) => void;
  /** 1 to 9 choose a tab. */
  keys?: boolean;
  actions?: ReactNode;
}

export function SegmentTabs<V extends string>({
  id,
  label = 'Tabs',
  tabs,
  value,
  onChange,
  keys = false,
  actions,
}: SegmentTabsProps<V>) {
  useShortcuts(
    label,
    keys
      ? tabs.slice(0, 9).map((tab, index) => ({
          keys: String(index + 1),
          label: typeof tab.label === 'string' ? tab.label : tab.value,
          run: () => onChange(tab.value),
        }))
      : [],
    'pane',
  );
  const step = (by: number): void => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChange(next.value);
    document.getElementById(`${id}-tab-${next.value}`)?.focus();
  };
  return (
    <div className={classes.bar}>
      <div
        className={classes.tabs}
        role="tablist"
        aria-label={label}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') step(1);
          else if (event.key === 'ArrowLeft') step(-1);
        }}
      >
        {tabs.map((tab) => (
          <button
            key={tab.value}
            id={`${id}-tab-${tab.value}`}
            type="button"
            role="tab"
            className={classes.tab}
            aria-selected={tab.value === value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.value === value ? 0 : -1}
            onClick={() => onChange(tab.value)}
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && (
              <ToneBadge tone={tab.tone ?? 'grey'}>{formatShortCount(tab.count)}</ToneBadge>
            )}
          </button>
        ))}
      </div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** What the chosen tab shows, as high as there is room. */
export function TabPanel({ id, tab, children }: { id: string; tab: string; children: ReactNode }) {
  return (
    <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-tab-${tab}`} className={classes.panel}>
      {children}
    </div>
  );
}
