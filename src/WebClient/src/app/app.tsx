import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Trouble } from '@/components/trouble';
import { SignInPage } from '@/features/sign-in/sign-in-page';
import { getSession, signOut, whenSignedOut } from '@/lib/api/http';
import { callsQuery, meQuery, queryClient } from '@/lib/api/queries';
import type { Me } from '@/lib/api/types';
import { LiveStore } from '@/lib/live/live-store';
import { connectToHub } from '@/lib/live/signalr';
import { LiveContext } from '@/lib/live/use-live';
import classes from './app.module.css';
import { router } from './router';
import { SessionContext } from './session';

type Phase = 'asking' | 'signedOut' | 'signedIn' | 'unreachable';

/** Asks who this browser is; then signs in, or shows the pages. The address stays, so that one lands where one wanted to go. */
export function App() {
  const { t } = useTranslation();
  const [phase, setPhase] = useState<Phase>('asking');
  useEffect(() => {
    whenSignedOut(() => setPhase('signedOut'));
  }, []);
  useEffect(() => {
    if (phase === 'asking') {
      getSession().then(
        ({ signedIn }) => setPhase(signedIn ? 'signedIn' : 'signedOut'),
        () => setPhase('unreachable'),
      );
    }
    if (phase === 'signedOut') queryClient.clear();
  }, [phase]);

  switch (phase) {
    case 'asking':
      return null;
    case 'unreachable':
      return (
        <main className={classes.middle}>
          <Trouble title={t('app.broken')} error={null} onRetry={() => setPhase('asking')} />
        </main>
      );
    case 'signedOut':
      return <SignInPage onSignedIn={() => setPhase('signedIn')} />;
    case 'signedIn':
      return <SignedIn onSignedOut={() => setPhase('signedOut')} />;
  }
}

function SignedIn({ onSignedOut }: { onSignedOut: () => void }) {
  const { t } = useTranslation();
  const me = useQuery(meQuery);
  const live = useMemo(
    () =>
      new LiveStore({
        connect: connectToHub,
        onUnauthorized: onSignedOut,
        onCallRecorded: () => void queryClient.invalidateQueries({ queryKey: callsQuery.queryKey }),
        onReconnected: () => void queryClient.invalidateQueries(),
      }),
    [onSignedOut],
  );
  useEffect(() => {
    live.start();
    const online = () => live.retryNow();
    window.addEventListener('online', online);
    return () => {
      window.removeEventListener('online', online);
      live.stop();
    };
  }, [live]);
  useFreshPhones(live, me.data);
  const session = useMemo(
    () => (me.data ? { me: me.data, signOut: () => void signOut().then(onSignedOut, onSignedOut) } : null),
    [me.data, onSignedOut],
  );

  if (me.isError && !me.data) {
    return (
      <main className={classes.middle}>
        <Trouble title={t('app.broken')} error={me.error} onRetry={() => void me.refetch()} />
        <Button variant="default" onClick={() => void signOut().then(onSignedOut, onSignedOut)}>
          {t('phone.signOut')}
        </Button>
      </main>
    );
  }
  if (!session) return null;
  return (
    <LiveContext value={live}>
      <SessionContext value={session}>
        <RouterProvider router={router} />
      </SessionContext>
    </LiveContext>
  );
}

/** DEV-28: when one of my phones comes or goes, or I am renamed, my own presence says so first; then who I am is read again. */
function useFreshPhones(live: LiveStore, me: Me | undefined): void {
  const extension = me?.extension;
  useEffect(() => {
    if (!extension) return;
    let last: string | undefined;
    return live.subscribe(() => {
      const mine = live.presence()?.people.get(extension);
      if (!mine) return;
      const now = JSON.stringify([mine.onlineDevices, mine.devices, mine.displayName, mine.department]);
      if (last !== undefined && last !== now) void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      last = now;
    });
  }, [live, extension]);
}
