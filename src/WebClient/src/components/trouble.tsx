import { Button } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/lib/api/http';
import classes from './trouble.module.css';

/** Where the data would be: what failed, why, Retry, and a reference to copy. */
export function Trouble({ title, error, onRetry }: { title: string; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : null;
  const why = problem?.status === 0 ? t('error.unreachable') : !problem || problem.status >= 500 ? t('error.server') : t('error.refused');
  return (
    <div className={classes.trouble} role="alert">
      <TriangleAlert size={18} className={classes.icon} aria-hidden="true" />
      <div className={classes.text}>
        <p className={classes.title}>{title}</p>
        <p>
          {why} {problem?.reference && <span className="num">{t('app.reference', { reference: problem.reference })}</span>}
        </p>
      </div>
      <Button variant="default" size="compact-sm" onClick={onRetry}>
        {t('app.retry')}
      </Button>
    </div>
  );
}
