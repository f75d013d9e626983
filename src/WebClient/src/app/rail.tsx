import { Tooltip, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { Check, CircleDashed, History, Keyboard, Phone, UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '@/components/brand';
import type { Me } from '@/lib/api/types';
import { usePresenceIsKnown } from '@/lib/live/use-live';
import classes from './shell.module.css';

const pages = [
  { to: '/people', icon: UsersRound, label: 'nav.people', keys: 'G P' },
  { to: '/history', icon: History, label: 'nav.history', keys: 'G H' },
] as const;

interface Props {
  me: Me;
  isPhoneOpen: boolean;
  /** Set where the phone is behind a button. */
  onPhone: (() => void) | undefined;
  onKeys: () => void;
}

export function Rail({ me, isPhoneOpen, onPhone, onKeys }: Props) {
  const { t } = useTranslation();
  const isSlim = !useMediaQuery('(min-width: 1280px)', undefined, { getInitialValueInEffect: false });
  const isKnown = usePresenceIsKnown();
  const isOnline = isKnown && me.phones.some((phone) => phone.online);
  const line = `${me.extension} · ${t(!isKnown ? 'status.unknown' : isOnline ? 'phone.online' : 'phone.offline')}`;
  return (
    <nav id="rail" className={classes.rail} aria-label={t('app.main')}>
      <Tooltip label={`${me.tenant.name} · ${line}`} position="right" disabled={!isSlim}>
        <div className={classes.brand}>
          <BrandMark />
          <div className={classes.label}>
            <b>{me.tenant.name}</b>
            <span className={classes.registration} data-online={isOnline} data-testid="my-line">
              {isOnline ? <Check size={14} strokeWidth={2.25} aria-hidden="true" /> : <CircleDashed size={14} aria-hidden="true" />}
              <span>{line}</span>
            </span>
          </div>
        </div>
      </Tooltip>
      {pages.map(({ to, icon: Icon, label, keys }) => (
        <Tooltip key={to} label={`${t(label)} (${keys})`} position="right">
          <Link to={to} className={classes.nav} activeProps={{ 'aria-current': 'page' }} activeOptions={{ includeSearch: false }}>
            <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
            <span className={classes.label}>{t(label)}</span>
          </Link>
        </Tooltip>
      ))}
      <span className={classes.push} />
      {onPhone && (
        <Tooltip label={t('nav.phone')} position="right">
          <UnstyledButton
            className={classes.nav}
            aria-label={t('nav.phone')}
            aria-expanded={isPhoneOpen}
            aria-controls="phone"
            onClick={onPhone}
          >
            <Phone size={18} strokeWidth={1.75} aria-hidden="true" />
          </UnstyledButton>
        </Tooltip>
      )}
      <Tooltip label={`${t('keys.title')} (?)`} position="right">
        <UnstyledButton className={classes.nav} onClick={onKeys}>
          <Keyboard size={18} strokeWidth={1.75} aria-hidden="true" />
          <span className={classes.label}>{t('keys.open')}</span>
        </UnstyledButton>
      </Tooltip>
    </nav>
  );
}

export function BottomBar({ isPhoneOpen, onPhone, onPage }: { isPhoneOpen: boolean; onPhone: () => void; onPage: () => void }) {
  const { t } = useTranslation();
  return (
    <nav className={classes.tabs} aria-label={t('app.main')}>
      {pages.map(({ to, icon: Icon, label }) => (
        <Link
          key={to}
          to={to}
          className={classes.tab}
          activeProps={isPhoneOpen ? {} : { 'aria-current': 'page' }}
          onClick={onPage}
          activeOptions={{ includeSearch: false }}
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
          {t(label)}
        </Link>
      ))}
      <UnstyledButton className={classes.tab} aria-expanded={isPhoneOpen} aria-controls="phone" onClick={onPhone}>
        <Phone size={20} strokeWidth={1.75} aria-hidden="true" />
        {t('nav.phone')}
      </UnstyledButton>
    </nav>
  );
}
