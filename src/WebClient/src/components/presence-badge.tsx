import { useTranslation } from 'react-i18next';
import type { ShownStatus } from '@/lib/live/use-live';
import classes from './presence.module.css';

/** A person's status as a silhouette: told apart by shape before colour. */
export function PresenceBadge({ status, pulse = true }: { status: ShownStatus; pulse?: boolean }) {
  const { t } = useTranslation();
  return (
    <svg
      className={classes.badge}
      data-status={status}
      data-pulse={(pulse && status === 'ringing') || undefined}
      viewBox="0 0 16 16"
      role="img"
      aria-label={t(`status.${status}`)}
    >
      {shapes[status]}
    </svg>
  );
}

const ring = (
  <>
    <circle className={classes.halo} cx="8" cy="8" r="7" />
    <circle cx="8" cy="8" r="5.2" className={classes.ground} stroke="currentColor" strokeWidth="2" />
  </>
);

const shapes: Record<ShownStatus, React.ReactNode> = {
  available: (
    <>
      <circle className={classes.halo} cx="8" cy="8" r="7" />
      <circle cx="8" cy="8" r="6" fill="currentColor" />
    </>
  ),
  ringing: (
    <>
      <path className={classes.halo} d="M8 1 15 8l-7 7-7-7z" />
      <path d="M8 .8 15.200 8 8 15.200.8 8z" fill="currentColor" />
    </>
  ),
  on_call: (
    <>
      <rect className={classes.halo} x="1.5" y="1.5" width="13" height="13" rx="3" />
      <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor" />
      <path className={classes.mark} d="M5 7v2M8 5v6M11 6.500v3" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  do_not_disturb: (
    <>
      <circle className={classes.halo} cx="8" cy="8" r="7" />
      <circle cx="8" cy="8" r="6.8" fill="currentColor" />
      <path className={classes.mark} d="M4.800 8h6.400" strokeWidth="2.2" strokeLinecap="round" />
    </>
  ),
  offline: ring,
  unknown: ring,
};
