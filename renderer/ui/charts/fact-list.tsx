import type { ReactNode } from 'react';
import classes from './overview.module.css';

/** Numbers with their names, side by side. */
export function FactList({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

interface FactProps {
  name: string;
  /** The list that is counted. */
  href?: string;
  /** Said after the number, such as a share of it. */
  note?: ReactNode;
  tone?: 'red' | 'amber';
  children: ReactNode;
}

export function Fact({ name, href, note, tone, children }: FactProps) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd data-tone={tone}>
        {href === undefined ? children : <a href={href}>{children}</a>}
        {note !== undefined && <span className={classes.factNote}>{note}</span>}
      </dd>
    </div>
  );
}

/** What an overview shows, from top to bottom. */
export function Overview({ children }: { children: ReactNode }) {
  return <div className={classes.overview}>{children}</div>;
}

interface OverviewSectionProps {
  title: string;
  note?: ReactNode;
  /** 2 on a page; 3 in a pane, whose title is level 2. */
  level?: 2 | 3;
  children: ReactNode;
}

export function OverviewSection({ title, note, level = 3, children }: OverviewSectionProps) {
  const Heading = `h${level}` as const;
  return (
    <section className={classes.section} aria-label={title}>
      <Heading className={classes.title}>
        {title}
        {note !== undefined && <span className={classes.note}>{note}</span>}
      </Heading>
      {children}
    </section>
  );
}

/** What the bars below come to, in a sentence. */
export function OverviewStatement({ children }: { children: ReactNode }) {
  return <p className={classes.statement}>{children}</p>;
}

export function OverviewNote({ children }: { children: ReactNode }) {
  return <p className={classes.note}>{children}</p>;
}
