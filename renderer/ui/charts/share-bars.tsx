import type { ReactNode } from 'react';
import classes from './overview.module.css';

export interface ShareBar {
  key: string;
  name: ReactNode;
  /** The list that is counted. */
  href?: string;
  /** From 0 to 1: how much of the bar is filled. */
  share: number;
  value: ReactNode;
  note?: ReactNode;
}

/** Names with a bar and a number each, to be compared. */
export function ShareBars({ label, bars, tone = 'grey' }: { label: string; bars: readonly ShareBar[]; tone?: string }) {
  return (
    <ul className={classes.shares} aria-label={label}>
      {bars.map(({ key, name, href, share, value, note }) => (
        <li key={key} className={classes.share}>
          <span className={classes.shareName}>
            {href === undefined ? (
              name
            ) : (
              <a href={href} className={classes.shareLink}>
                {name}
              </a>
            )}
          </span>
          <span className={classes.shareBar} aria-hidden>
            <span className={classes.shareFill} style={{ width: `${100 * share}%`, background: `var(--sb-${tone})` }} />
          </span>
          <span className={classes.shareValue}>{value}</span>
          <span className={classes.shareNote}>{note}</span>
        </li>
      ))}
    </ul>
  );
}
