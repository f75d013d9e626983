import { PhoneIncoming, PhoneMissed, PhoneOutgoing } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CallDirection } from '@/lib/api/types';
import classes from './call-icon.module.css';

const icons = { inbound: PhoneIncoming, outbound: PhoneOutgoing, missed: PhoneMissed };

/** Incoming blue, outgoing green, missed red: each an arrow of its own. */
export function CallIcon({ direction, labelled = true }: { direction: CallDirection; labelled?: boolean }) {
  const { t } = useTranslation();
  const Icon = icons[direction];
  return (
    <Icon
      className={classes.icon}
      data-direction={direction}
      size={18}
      strokeWidth={1.9}
      {...(labelled ? { role: 'img', 'aria-label': t(`direction.${direction}`) } : { 'aria-hidden': true })}
    />
  );
}
