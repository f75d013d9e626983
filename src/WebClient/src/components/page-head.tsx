import type { ReactNode } from 'react';
import classes from './page-head.module.css';

/** Title, search, at most one button; below 768 px also who I am, which the shell puts in `end`. */
export function PageHead({ title, children, end }: { title: string; children?: ReactNode; end?: ReactNode }) {
  return (
    <header className={classes.head}>
      <h1 className={classes.title}>{title}</h1>
      {children}
      {end}
    </header>
  );
}
