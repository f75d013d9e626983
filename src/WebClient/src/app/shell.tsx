import { useMediaQuery } from '@mantine/hooks';
import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConnectionBar } from '@/components/connection-bar';
import { CallStrip } from '@/features/phone/call-strip';
import { PhonePanel } from '@/features/phone/phone-panel';
import { useCallInTab } from '@/features/phone/use-call-in-tab';
import { useConnection, useLive, useMyCalls } from '@/lib/live/use-live';
import { useNow } from '@/lib/use-clock';
import { Announcer } from './announcer';
import { BottomBar, Rail } from './rail';
import { useSession } from './session';
import classes from './shell.module.css';
import { useShortcuts } from './shortcuts';

/** Three columns: the rail, the page, the phone. Below 1024 px the phone lies over the page, on demand or while there is a call. */
export function Shell() {
  const { t } = useTranslation();
  const { me, signOut } = useSession();
  const isDocked = useMediaQuery('(min-width: 1024px)', undefined, { getInitialValueInEffect: false }) ?? true;
  const isNarrow = useMediaQuery('(max-width: 767px)', undefined, { getInitialValueInEffect: false }) ?? false;
  const { callId } = useParams({ strict: false });
  const [isPhoneOpen, setPhoneOpen] = useState(false);
  const hasCall = useMyCalls().some((call) => call.state !== 'ended');
  const navigate = useNavigate();
  useCallInTab();

  // Between 768 and 1023 px a call brings the phone with it, and takes it away again unless it was there before.
  useEffect(() => {
    if (!isDocked && !isNarrow) setPhoneOpen(hasCall);
  }, [hasCall, isDocked, isNarrow]);
  useEffect(() => {
    if (isNarrow) setPhoneOpen(false);
  }, [callId, isNarrow]);

  const togglePhone = useCallback(() => setPhoneOpen((open) => !open), []);
  const closePhone = useCallback(() => setPhoneOpen(false), []);
  const isOver = !isDocked && isPhoneOpen;
  const help = useShortcuts({ onClose: isOver ? closePhone : undefined, goTo: (to) => void navigate({ to }) });

  return (
    <div className={classes.app}>
      <a className={classes.skip} href="#page">
        {t('app.skipToContent')}
      </a>
      <Rail me={me} isPhoneOpen={isPhoneOpen} onPhone={isDocked ? undefined : togglePhone} onKeys={help.open} />
      <main id="page" className={classes.main} tabIndex={-1} inert={isNarrow && isOver} aria-label={t('app.page')}>
        <Connection />
        <Outlet />
      </main>
      {(isDocked || isPhoneOpen) && (
        <aside id="phone" className={classes.panel} data-over={isOver || undefined} aria-label={t('phone.title')} tabIndex={-1}>
          <PhonePanel me={me} onSignOut={signOut} onClose={isOver ? closePhone : undefined} shownCall={callId} />
        </aside>
      )}
      <div className={classes.bottom}>
        {!isPhoneOpen && <CallStrip onOpen={togglePhone} />}
        <BottomBar isPhoneOpen={isPhoneOpen} onPhone={togglePhone} onPage={closePhone} />
      </div>
      {help.dialog}
      <Announcer />
    </div>
  );
}

function Connection() {
  const { downSince } = useConnection();
  return downSince === null ? null : <Disconnected downSince={downSince} />;
}

function Disconnected({ downSince }: { downSince: number }) {
  useNow();
  const live = useLive();
  return <ConnectionBar downSince={downSince} now={Date.now()} onTryNow={live.retryNow} />;
}
