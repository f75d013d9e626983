import { AudioLines, ChevronUp, PhoneIncoming, PhoneOutgoing } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Since } from '@/components/since';
import { useMyCalls } from '@/lib/live/use-live';
import classes from './phone.module.css';

/** On a narrow screen, above the bottom bar: the call that goes on, and the way to it. */
export function CallStrip({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation();
  const call = useMyCalls().find((each) => each.state !== 'ended');
  if (!call) return null;
  const state = call.state === 'answered' ? 'talking' : call.direction === 'inbound' ? 'incoming' : 'calling';
  const [Icon, word] = {
    talking: [AudioLines, t('phone.talking')] as const,
    incoming: [PhoneIncoming, t('phone.incoming')] as const,
    calling: [PhoneOutgoing, t('phone.outgoing')] as const,
  }[state];
  return (
    <button type="button" className={classes.strip} data-state={state} onClick={onOpen} aria-label={t('phone.open')}>
      <Icon size={18} className={classes.stripIcon} aria-hidden="true" />
      <span className={classes.recentWho}>
        <span className={classes.recentName}>{call.name ?? call.number}</span>
        <span className={classes.stripState}>
          {word} · <Since at={call.since} />
        </span>
      </span>
      <ChevronUp size={18} aria-hidden="true" />
    </button>
  );
}
