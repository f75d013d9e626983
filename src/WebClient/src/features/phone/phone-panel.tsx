import { ActionIcon, Tooltip } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronDown, LogOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CallIcon } from '@/components/call-icon';
import { PersonAvatar } from '@/components/person-avatar';
import { LanguageMenu, SchemeMenu } from '@/components/preferences';
import { Since } from '@/components/since';
import { callsQuery } from '@/lib/api/queries';
import type { CallRow, Me } from '@/lib/api/types';
import { clockTime, shortTime } from '@/lib/format';
import { type ShownStatus, useMyCalls, usePerson, usePresenceIsKnown } from '@/lib/live/use-live';
import { ActivePhones } from './active-phones';
import { MyCall } from './my-call';
import classes from './phone.module.css';

interface Props {
  me: Me;
  onSignOut: () => void;
  /** Set where the panel lies over the page and can be put away. */
  onClose?: (() => void) | undefined;
  /** The call that the page shows, marked in the list. */
  shownCall?: string | undefined;
}

/** My side of the screen: who I am, what my phones do, my calls. The page never covers it. */
export function PhonePanel({ me, onSignOut, onClose, shownCall }: Props) {
  const { t } = useTranslation();
  const person = usePerson(me.extension);
  const isKnown = usePresenceIsKnown();
  const status: ShownStatus = person && isKnown ? person.status : 'unknown';
  const calls = useMyCalls();
  const isTimed = person?.since && (status === 'ringing' || status === 'on_call');

  return (
    <>
      <div className={classes.me}>
        <PersonAvatar name={me.displayName} status={status} />
        <span
          className={classes.pill}
          role="status"
          aria-label={t('phone.myStatus', { status: t(`status.${status}`) })}
          data-testid="my-status"
        >
          {t(`status.${status}`)}
          {isTimed && person.since && (
            <span className={classes.pillTime} aria-hidden="true">
              <Since at={person.since} />
            </span>
          )}
        </span>
        <span className={classes.grow} />
        <SchemeMenu />
        <LanguageMenu />
        <Tooltip label={t('phone.signOut')}>
          <ActionIcon color="ink" aria-label={t('phone.signOut')} onClick={onSignOut}>
            <LogOut size={18} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
        {onClose && (
          <ActionIcon color="ink" aria-label={t('phone.minimise')} onClick={onClose}>
            <ChevronDown size={20} aria-hidden="true" />
          </ActionIcon>
        )}
      </div>
      <div className={classes.scroll}>
        {calls.length > 0 && (
          <section className={classes.calls} aria-label={t('phone.lines')}>
            {calls.map((call) => (
              <MyCall key={call.callId} call={call} phones={me.phones} />
            ))}
          </section>
        )}
        <ActivePhones phones={me.phones} />
        <Recent shownCall={shownCall} />
      </div>
    </>
  );
}

const mostRecent = 8;

function Recent({ shownCall }: { shownCall: string | undefined }) {
  const { t } = useTranslation();
  const calls = useInfiniteQuery(callsQuery);
  const rows = calls.data?.pages[0]?.items.slice(0, mostRecent) ?? [];
  return (
    <section className={classes.recent} aria-labelledby="recent">
      <div className={classes.sectionHead}>
        <h2 id="recent">{t('history.recent')}</h2>
        <Link to="/history">{t('history.all')}</Link>
      </div>
      {calls.isSuccess && rows.length === 0 && <p className={classes.hint}>{t('phone.noRecent')}</p>}
      <ul>
        {rows.map((call) => (
          <RecentCall key={call.id} call={call} isShown={call.id === shownCall} />
        ))}
      </ul>
    </section>
  );
}

function RecentCall({ call, isShown }: { call: CallRow; isShown: boolean }) {
  const { t, i18n } = useTranslation();
  const name = call.name ?? call.number;
  const answered = call.outcome === 'answered';
  const facts = [
    t(`direction.${call.direction}`),
    shortTime(new Date(call.startedAt), new Date(), i18n.language),
    answered
      ? clockTime(call.talkMs)
      : call.ringMs > 0
        ? t('history.rang', { time: clockTime(call.ringMs) })
        : t(`outcome.${call.outcome}`),
  ];
  return (
    <li>
      <Link to="/history/$callId" params={{ callId: call.id }} className={classes.recentCall} data-shown={isShown || undefined}>
        <CallIcon direction={call.direction} labelled={false} />
        <span className={classes.recentWho}>
          <span className={classes.recentName}>{name}</span>
          <span className={classes.caption}>{facts.join(' · ')}</span>
        </span>
      </Link>
    </li>
  );
}
