import { Button } from '@mantine/core';
import { Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { timeOfDay } from '@/lib/format';
import classes from './connection-bar.module.css';

/** Nothing for 2 s, then ochre, and from 15 s on red with since when and what still works. */
export function ConnectionBar({ downSince, now, onTryNow }: { downSince: number | null; now: number; onTryNow: () => void }) {
  const { t } = useTranslation();
  if (downSince === null || now - downSince < 2_000) return null;
  const long = now - downSince >= 15_000;
  return (
    <div className={classes.bar} data-long={long || undefined} role="status">
      <Unplug size={18} className={classes.icon} aria-hidden="true" />
      <p className={classes.text}>
        <b>{long ? t('connection.since', { time: timeOfDay(new Date(downSince)) }) : t('connection.reconnecting')}</b>{' '}
        {long ? t('connection.stillWorks') : t('connection.callsGoOn')}
      </p>
      {long && (
        <Button variant="default" size="compact-sm" onClick={onTryNow}>
          {t('connection.tryNow')}
        </Button>
      )}
    </div>
  );
}
