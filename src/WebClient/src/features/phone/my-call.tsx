import { AudioLines, PhoneIncoming, PhoneOff, PhoneOutgoing } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LineBar } from '@/components/line-bar';
import { PersonAvatar } from '@/components/person-avatar';
import { Since } from '@/components/since';
import type { Phone } from '@/lib/api/types';
import { list } from '@/lib/format';
import type { LiveCallView } from '@/lib/live/live-store';
import classes from './phone.module.css';

/** A call of mine, as it is now. It is answered and ended on the phone itself: here it says which. */
export function MyCall({ call, phones }: { call: LiveCallView; phones: readonly Phone[] }) {
  const { t } = useTranslation();
  const name = call.name ?? call.number;
  const number = call.name ? call.number : null;
  const isMissed = call.state === 'ended' && call.direction === 'inbound' && !call.wasAnswered;
  if (call.direction === 'inbound' && (call.state === 'ringing' || isMissed)) {
    return <Incoming call={call} name={name} number={number} isMissed={isMissed} phones={phones} />;
  }

  const state = call.state === 'ended' ? 'over' : call.state === 'answered' ? 'talking' : 'calling';
  const [Icon, word] = {
    over: [PhoneOff, t('phone.ended')] as const,
    talking: [AudioLines, t('phone.talking')] as const,
    calling: [PhoneOutgoing, t('phone.outgoing')] as const,
  }[state];
  return (
    <LineBar state={state} label={state === 'calling' ? t('phone.callTo', { name }) : t('phone.callWith', { name })}>
      <PersonAvatar name={name} size="md" />
      <div className={classes.callWho}>
        <p className={classes.callName}>{name}</p>
        {number && <p className={classes.caption}>{number}</p>}
        <p className={classes.lineState}>
          <Icon size={14} strokeWidth={2} aria-hidden="true" />
          {word}
        </p>
      </div>
      {state !== 'over' && (
        <span className={classes.clock}>
          <Since at={call.since} />
        </span>
      )}
    </LineBar>
  );
}

interface IncomingProps {
  call: LiveCallView;
  name: string;
  number: string | null;
  isMissed: boolean;
  phones: readonly Phone[];
}

function Incoming({ call, name, number, isMissed, phones }: IncomingProps) {
  const { t, i18n } = useTranslation();
  const online = [...new Set(phones.filter((phone) => phone.online).map((phone) => shortAgent(phone)))];
  return (
    <section
      className={classes.incoming}
      data-missed={isMissed || undefined}
      aria-label={t('phone.callFrom', { name })}
      data-testid="incoming"
    >
      <p className={classes.lineState}>
        <PhoneIncoming size={14} strokeWidth={2} aria-hidden="true" />
        {isMissed ? t('phone.missed') : t('phone.incoming')}
        {!isMissed && (
          <span aria-hidden="true">
            {' · '}
            <Since at={call.since} />
          </span>
        )}
      </p>
      <span className={classes.rings}>
        <PersonAvatar name={name} size="xl" />
      </span>
      <p className={classes.incomingName}>{name}</p>
      {number && <p className={classes.incomingNumber}>{number}</p>}
      <p className={classes.answerOn}>
        {online.length > 0 ? t('phone.answerOn', { devices: list(online, i18n.language) }) : t('phone.answerOnPhone')}
      </p>
    </section>
  );
}

/** `Yealink SIP-T54W 96.86.0.100` is `Yealink SIP-T54W` to its owner. */
const shortAgent = (phone: Phone): string => phone.userAgent?.replace(/[ /]v?\d+(\.\d+)+.*$/, '') || phone.device;
