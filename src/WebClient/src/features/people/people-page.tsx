import { ActionIcon, Button, Kbd, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { Search, UsersRound, X } from 'lucide-react';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';
import { PageHead } from '@/components/page-head';
import { SkeletonRows } from '@/components/skeleton-rows';
import type { Me } from '@/lib/api/types';
import { useDirectory } from '@/lib/live/use-live';
import { usePageTitle } from '@/lib/title';
import { found, sorted } from './directory';
import classes from './people.module.css';
import { PeopleList } from './people-list';
import type { PeopleSearch } from './people-search';
import { useVisiblePeople } from './use-visible-people';

interface Props {
  me: Me;
  search: PeopleSearch;
  onSearch: (change: (search: PeopleSearch) => PeopleSearch) => void;
  /** Who I am, in the page head of narrow screens. */
  end?: ReactNode;
}

const without = (search: PeopleSearch, ...keys: (keyof PeopleSearch)[]): PeopleSearch => {
  const rest = { ...search };
  for (const key of keys) delete rest[key];
  return rest;
};

/** CON-10, PRES-05, PRES-06: everybody of the company with their live status, in an order that no status changes. */
export function PeoplePage({ me, search, onSearch, end }: Props) {
  const { t, i18n } = useTranslation();
  const isTable = useMediaQuery('(min-width: 1280px)', undefined, { getInitialValueInEffect: false }) ?? true;
  const directory = useDirectory();
  const [typed, setTyped] = useState(search.q ?? '');
  const query = useDeferredValue(typed);
  const [isHeld, setHeld] = useState(false);
  usePageTitle(`${t('people.title')} · ${me.tenant.name}`);

  // The address follows the field, not each key of it; and the field follows the address when that changes by itself (back, a link).
  const [settled] = useDebouncedValue(typed, 250);
  useEffect(() => {
    onSearch((now) => ((now.q ?? '') === settled.trim() ? now : settled.trim() === '' ? without(now, 'q') : { ...now, q: settled.trim() }));
  }, [settled, onSearch]);
  useEffect(() => setTyped((now) => (now.trim() === (search.q ?? '') ? now : (search.q ?? ''))), [search.q]);

  const { team, available, sort = 'name', down = false } = search;
  const everybody = useMemo(() => (directory ? sorted(directory, sort, down, i18n.language) : []), [directory, sort, down, i18n.language]);
  const inTeam = useMemo(() => everybody.filter((person) => person.department === me.department).length, [everybody, me.department]);
  const matching = useMemo(
    () => found(everybody, { q: query, ...(team ? { team } : {}) }, me.department),
    [everybody, query, team, me.department],
  );
  const { rows, leaving } = useVisiblePeople(matching, available === true, isHeld);
  const isFiltered = query.trim() !== '' || team || available;

  return (
    <div className={classes.page}>
      <PageHead title={t('people.title')} end={end}>
        <TextInput
          className={classes.search}
          aria-label={t('people.search')}
          placeholder={t('people.placeholder')}
          type="search"
          data-search
          leftSection={<Search size={18} aria-hidden="true" />}
          rightSection={
            typed !== '' ? (
              <ActionIcon size={28} color="ink" aria-label={t('people.clear')} onClick={() => setTyped('')}>
                <X size={16} aria-hidden="true" />
              </ActionIcon>
            ) : isTable ? (
              <Kbd className={classes.key}>/</Kbd>
            ) : null
          }
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            if (typed !== '') setTyped('');
            else event.currentTarget.blur();
          }}
        />
      </PageHead>
      <div className={classes.filters}>
        {me.department ? (
          <SegmentedControl
            aria-label={t('people.which')}
            value={team ? 'team' : 'all'}
            onChange={(value) => onSearch((now) => (value === 'team' ? { ...now, team: true } : without(now, 'team')))}
            data={[
              { value: 'all', label: <Segment label={t('people.all')} count={directory ? everybody.length : null} /> },
              { value: 'team', label: <Segment label={t('people.team')} count={directory ? inTeam : null} /> },
            ]}
          />
        ) : (
          <span className={classes.count}>{directory ? t('people.count', { count: everybody.length }) : ''}</span>
        )}
        <Switch
          label={t('people.availableOnly')}
          labelPosition="right"
          checked={available === true}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            onSearch((now) => (checked ? { ...now, available: true } : without(now, 'available')));
          }}
        />
      </div>
      <Announcement text={directory && isFiltered ? t('people.count', { count: rows.length }) : ''} />
      {rows.length > 0 ? (
        <PeopleList
          people={rows}
          leaving={leaving}
          isTable={isTable}
          ownExtension={me.extension}
          sort={sort}
          down={down}
          onSort={(key) =>
            onSearch((now) => {
              const rest = without(now, 'sort', 'down');
              const next: PeopleSearch = key === 'name' ? rest : { ...rest, sort: key };
              return (now.sort ?? 'name') === key && !now.down ? { ...next, down: true } : next;
            })
          }
          onHold={setHeld}
        />
      ) : (
        <div className={classes.card}>
          {!directory ? (
            <SkeletonRows height={isTable ? 48 : 60} rows={12} />
          ) : isFiltered ? (
            <EmptyState
              icon={<Search />}
              title={query.trim() === '' ? t('people.noMatchFilter') : t('people.noMatch', { query: query.trim() })}
              action={
                <Button
                  variant="default"
                  size="compact-md"
                  onClick={() => {
                    setTyped('');
                    onSearch((now) => without(now, 'q', 'team', 'available'));
                  }}
                >
                  {t('people.showAll')}
                </Button>
              }
            >
              {t('people.noMatchHelp')}
            </EmptyState>
          ) : (
            <EmptyState icon={<UsersRound />} title={t('people.nobody')}>
              {t('people.nobodyHelp')}
            </EmptyState>
          )}
        </div>
      )}
    </div>
  );
}

function Segment({ label, count }: { label: string; count: number | null }) {
  return (
    <span className={classes.segment}>
      {label} {count !== null && <small className="num">{count}</small>}
    </span>
  );
}

/** Counts are said politely, and not at each key. */
function Announcement({ text }: { text: string }) {
  const [said] = useDebouncedValue(text, 1_000);
  return (
    <p className="sr" role="status">
      {said}
    </p>
  );
}
