import { useTranslation } from 'react-i18next';
import type { Phone } from '@/lib/api/types';
import { shortTime } from '@/lib/format';
import { usePresenceIsKnown } from '@/lib/live/use-live';
import classes from './phone.module.css';

/** DEV-28, DEV-29: which of my phones are connected now. */
export function ActivePhones({ phones }: { phones: readonly Phone[] }) {
  const { t } = useTranslation();
  const isKnown = usePresenceIsKnown();
  const ordered = [...phones].sort((a, b) => Number(b.online) - Number(a.online) || a.device.localeCompare(b.device));
  return (
    <section className={classes.phones} aria-labelledby="active-phones" data-testid="active-phones">
      <div className={classes.sectionHead}>
        <h2 id="active-phones">{t('phone.activePhones')}</h2>
        <span className={classes.counter}>
          {isKnown ? phones.filter((phone) => phone.online).length : '–'}/{phones.length}
        </span>
      </div>
      {phones.length === 0 ? (
        <p className={classes.hint}>{t('phone.noPhonesHelp')}</p>
      ) : (
        <ul>
          {ordered.map((phone) => (
            <ActivePhone key={`${phone.device} ${phone.registeredAt ?? ''} ${phone.userAgent ?? ''}`} phone={phone} isKnown={isKnown} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ActivePhone({ phone, isKnown }: { phone: Phone; isKnown: boolean }) {
  const { t, i18n } = useTranslation();
  const since = phone.registeredAt ? shortTime(new Date(phone.registeredAt), new Date(), i18n.language) : null;
  const state = !isKnown
    ? t('status.unknown')
    : !phone.online
      ? t('phone.offline')
      : since
        ? t('phone.onlineSince', { time: since })
        : t('phone.online');
  return (
    <li className={classes.phone} data-online={isKnown && phone.online ? 'yes' : 'no'}>
      <span className={classes.mark} aria-hidden="true" />
      <span className={classes.recentWho}>
        <span className={classes.recentName} title={phone.userAgent ?? undefined}>
          {phone.userAgent ?? t('phone.device', { device: phone.device })}
        </span>
        <span className={classes.caption}>
          {state}
          {phone.userAgent ? ` · ${phone.device}` : ''}
        </span>
      </span>
    </li>
  );
}
