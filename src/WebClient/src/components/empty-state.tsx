import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/** What will appear here, and the next step. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes.empty}>
      <span className={classes.icon} aria-hidden="true">
        {icon}
      </span>
      <p className={classes.title}>{title}</p>
      {children && <p className={classes.help}>{children}</p>}
      {action}
    </div>
  );
}
