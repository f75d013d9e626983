import type { ReactNode } from 'react';
import classes from './line-bar.module.css';

/** What my line does: a bar with an edge. Solid: talking; double: waiting for my answer; none: over. */
export function LineBar({
  state,
  children,
  label,
}: {
  state: 'talking' | 'incoming' | 'calling' | 'over';
  children: ReactNode;
  label: string;
}) {
  return (
    <section className={classes.line} data-state={state} aria-label={label}>
      {children}
    </section>
  );
}
