import type { ComponentType, ReactNode } from 'react';
import classes from './states.module.css';

interface EmptyStateProps {
  icon?: ComponentType<{ size?: number | string; stroke?: number | string }>;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      {Icon !== undefined && <Icon size={26} stroke={1.3} />}
      <div className={classes.title}>{title}</div>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}
