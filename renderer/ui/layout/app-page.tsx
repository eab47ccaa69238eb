import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { formatCount } from '../text/format.ts';
import classes from './app-page.module.css';

/** Tells several windows apart in their titles; the app provides it, null: none. */
export const ProfileContext = createContext<string | null>(null);

interface AppPageProps {
  title: string;
  count?: number | undefined;
  /** Right of the title. */
  actions?: ReactNode;
  /** Between title and actions, or the place for a query bar. */
  toolbar?: ReactNode;
  children: ReactNode;
}

export function AppPage({ title, count, actions, toolbar, children }: AppPageProps) {
  const profile = useContext(ProfileContext);
  useEffect(() => {
    document.title = [title, 'Signalbox', ...(profile === null ? [] : [profile])].join(' · ');
  }, [title, profile]);
  return (
    <section className={classes.page} aria-label={title}>
      <header className={classes.header}>
        <h1 className={classes.title}>{title}</h1>
        {count !== undefined && <span className={classes.count}>{formatCount(count)}</span>}
        <div className={classes.toolbar}>{toolbar}</div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      <div className={classes.body}>{children}</div>
    </section>
  );
}

/** A page that scrolls as a whole, such as a form. */
export function PageScroll({ children, width = 820 }: { children: ReactNode; width?: number }) {
  return (
    <div className={classes.scroll}>
      <div style={{ maxWidth: width }}>{children}</div>
    </div>
  );
}
