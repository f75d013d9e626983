import type { ReactNode } from 'react';
import classes from './status-tag.module.css';

/** A fact in a pill. Only what says something about a person or a line has a tone. */
export function StatusTag({ tone, icon, children }: { tone?: 'available' | 'busy'; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}
