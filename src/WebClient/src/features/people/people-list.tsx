import { UnstyledButton } from '@mantine/core';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Profile } from '@/lib/live/use-live';
import classes from './people.module.css';
import type { SortKey } from './people-search';
import { PersonRow } from './person-row';

interface Props {
  people: readonly Profile[];
  leaving: ReadonlySet<string>;
  isTable: boolean;
  ownExtension: string;
  sort: SortKey;
  down: boolean;
  onSort: (key: SortKey) => void;
  onHold: (isHeld: boolean) => void;
}

const pageOfRows = 10;

/** A grid of which only the rows in sight exist. One tab stop; the arrows, Home, End and Page keys move in it. */
export function PeopleList({ people, leaving, isTable, ownExtension, sort, down, onSort, onHold }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null); // by id: the row under the cursor stays it when others come and go
  const wantsFocus = useRef(false);
  const active = Math.max(
    0,
    people.findIndex((person) => person.extension === current),
  );
  const rowHeight = isTable ? 48 : 60;

  const virtual = useVirtualizer({
    count: people.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => people[index]?.extension ?? index,
    overscan: 8,
    initialRect: { width: 800, height: 700 },
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), Math.min(active, people.length - 1)])].sort((a, b) => a - b),
  });
  useEffect(() => virtual.measure(), [rowHeight]);

  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    scroller.current?.querySelector<HTMLElement>('[role=row][tabindex="0"]')?.focus({ preventScroll: true });
  });

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target as HTMLElement).matches('[role=row]')) return;
    const last = people.length - 1;
    const to = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + pageOfRows,
      PageUp: active - pageOfRows,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last, to));
    wantsFocus.current = true;
    setCurrent(people[index]?.extension ?? null);
    virtual.scrollToIndex(index);
  }

  const header = (key: SortKey, label: ReactNode, cell: string | undefined) => (
    <span role="columnheader" className={cell} aria-sort={sort === key ? (down ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(key)}>
        {label}
        {sort === key && (down ? <ArrowDown size={12} aria-hidden="true" /> : <ArrowUp size={12} aria-hidden="true" />)}
      </UnstyledButton>
    </span>
  );

  return (
    <div className={classes.card} onPointerEnter={() => onHold(true)} onPointerLeave={() => onHold(false)} data-testid="people">
      <div className={classes.scroller} ref={scroller}>
        <div
          role="grid"
          aria-label={t('people.title')}
          aria-rowcount={people.length + 1}
          aria-colcount={isTable ? 5 : 1}
          className={classes.grid}
          onKeyDown={onKeyDown}
        >
          <div role="row" aria-rowindex={1} className={isTable ? classes.header : 'sr'}>
            <span className={classes.cellName} role="none">
              {header(
                'name',
                <>
                  <span className={classes.narrowLabel}>{t('people.nameAndDepartment')}</span>
                  <span className={classes.wideLabel}>{t('people.name')}</span>
                </>,
                undefined,
              )}
            </span>
            <span role="columnheader" className={classes.cellStatus}>
              {t('people.status')}
            </span>
            {header('department', t('people.department'), classes.cellDepartment)}
            {header('extension', t('people.extension'), classes.cellExtension)}
            <span role="columnheader" className={classes.cellEmail}>
              {t('people.email')}
            </span>
          </div>
          <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const person = people[item.index];
              if (!person) return null;
              return (
                <PersonRow
                  key={person.extension}
                  profile={person}
                  isTable={isTable}
                  isYou={person.extension === ownExtension}
                  isLeaving={leaving.has(person.extension)}
                  rowIndex={item.index + 2}
                  top={item.start}
                  isActive={item.index === active}
                  onFocus={() => {
                    setCurrent(person.extension);
                    onHold(true);
                  }}
                  onBlur={() => onHold(false)}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}
