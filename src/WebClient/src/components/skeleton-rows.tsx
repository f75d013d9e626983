import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './skeleton-rows.module.css';

/** Rows in their real height while the first data is on its way; nothing in the first 300 ms. */
export function SkeletonRows({ rows = 8, height }: { rows?: number; height: number }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div role="status" aria-label={t('app.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes.row} style={{ height }}>
          <Skeleton circle height={32} />
          <div className={classes.lines}>
            <Skeleton height={10} width="38%" />
            <Skeleton height={8} width="24%" />
          </div>
          <Skeleton height={8} width={64} />
        </div>
      ))}
    </div>
  );
}
