import { Button } from '@mantine/core';
import { createRootRoute, createRoute, createRouter, Link, redirect } from '@tanstack/react-router';
import { CircleAlert, Compass } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';
import { CallPage } from '@/features/history/call-page';
import { HistoryPage } from '@/features/history/history-page';
import { PeoplePage } from '@/features/people/people-page';
import { type PeopleSearch, readPeopleSearch } from '@/features/people/people-search';
import { usePageTitle } from '@/lib/title';
import classes from './app.module.css';
import { MeMenu } from './me-menu';
import { useSession } from './session';
import { Shell } from './shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/people', replace: true });
  },
});

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: (search): PeopleSearch => readPeopleSearch(search),
  component: function People() {
    const { me } = useSession();
    const search = people.useSearch();
    const navigate = people.useNavigate();
    const onSearch = useCallback(
      (change: (now: PeopleSearch) => PeopleSearch) => void navigate({ search: change, replace: true }),
      [navigate],
    );
    return <PeoplePage me={me} search={search} onSearch={onSearch} end={<MeMenu />} />;
  },
});

const history = createRoute({
  getParentRoute: () => root,
  path: '/history',
  component: function History() {
    const { me } = useSession();
    return <HistoryPage me={me} end={<MeMenu />} />;
  },
});

const call = createRoute({
  getParentRoute: () => root,
  path: '/history/$callId',
  component: function Call() {
    const { me } = useSession();
    const { callId } = call.useParams();
    return <CallPage key={callId} id={callId} me={me} end={<MeMenu />} />;
  },
});

export const router = createRouter({
  routeTree: root.addChildren([home, people, history, call]),
  defaultPreload: false,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  const { t } = useTranslation();
  usePageTitle(t('app.notFound'));
  return (
    <div className={classes.placeholder}>
      <EmptyState
        isPage
        icon={<Compass />}
        title={t('app.notFound')}
        action={
          <Button component={Link} to="/people" variant="default">
            {t('app.toPeople')}
          </Button>
        }
      >
        {t('app.notFoundHelp')}
      </EmptyState>
    </div>
  );
}

function Broken() {
  const { t } = useTranslation();
  usePageTitle(t('app.broken'));
  return (
    <div className={classes.placeholder}>
      <EmptyState
        isPage
        icon={<CircleAlert />}
        title={t('app.broken')}
        action={
          <Button variant="default" onClick={() => location.reload()}>
            {t('app.reload')}
          </Button>
        }
      >
        {t('app.brokenHelp')}
      </EmptyState>
    </div>
  );
}
