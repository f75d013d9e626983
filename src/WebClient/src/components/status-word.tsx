import { useTranslation } from 'react-i18next';
import type { ShownStatus } from '@/lib/live/use-live';
import classes from './presence.module.css';

export function StatusWord({ status }: { status: ShownStatus }) {
  const { t } = useTranslation();
  return (
    <span className={classes.word} data-status={status}>
      {t(`status.${status}`)}
    </span>
  );
}
