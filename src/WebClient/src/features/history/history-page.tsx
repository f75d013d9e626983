import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowUp, History } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';
import { PageHead } from '@/components/page-head';
import { SkeletonRows } from '@/components/skeleton-rows';
import { Trouble } from '@/components/trouble';
import { callsQuery } from '@/lib/api/queries';
import type { Me } from '@/lib/api/types';
import { usePageTitle } from '@/lib/title';
import { useListKeys } from '@/lib/use-list-keys';
import { CallHistoryRow } from './call-history-row';
import classes from './history.module.css';

/** CDR-01, CDR-03 to CDR-06: the calls that reached me, newest first, over all my phones. */
export function HistoryPage({ me, end }: { me: Me; end?: ReactNode }) {
  const { t } = useTranslation();
  const calls = useInfiniteQuery(callsQuery);
  const rows = calls.data?.pages.flatMap((page) => page.items) ?? [];
  const keys = useListKeys();
  const scroller = useRef<HTMLDivElement>(null);
  const newest = rows[0]?.id;
  const [seen, setSeen] = useState<string>();
  usePageTitle(`${t('history.title')} · ${me.tenant.name}`);
  useEffect(() => {
    if (newest && (scroller.current?.scrollTop ?? 0) < 8) setSeen(newest);
  }, [newest]);
  const above =
    seen === undefined
      ? 0
      : Math.max(
          0,
          rows.findIndex((row) => row.id === seen),
        );

  return (
    <div className={classes.page}>
      <PageHead title={t('history.title')} end={end}>
        <span className={classes.grow} />
      </PageHead>
      {calls.isError && (
        <div className={classes.trouble}>
          <Trouble title={t('history.failed')} error={calls.error} onRetry={() => void calls.refetch()} />
        </div>
      )}
      {(rows.length > 0 || !calls.isError) && (
        <div className={classes.card}>
          {above > 0 && (
            <Button
              className={classes.chip ?? ''}
              size="compact-sm"
              leftSection={<ArrowUp size={14} aria-hidden="true" />}
              onClick={() => {
                setSeen(newest);
                scroller.current?.scrollTo({ top: 0 });
              }}
            >
              {t('history.newAbove', { count: above })}
            </Button>
          )}
          <div
            ref={scroller}
            className={classes.scroller}
            onScroll={(event) => {
              if (event.currentTarget.scrollTop < 8 && newest) setSeen(newest);
            }}
          >
            {calls.isPending ? (
              <SkeletonRows height={56} rows={10} />
            ) : rows.length === 0 ? (
              <EmptyState icon={<History />} title={t('history.empty')}>
                {t('history.emptyHelp')}
              </EmptyState>
            ) : (
              <>
                <div role="table" aria-label={t('history.title')} onKeyDown={keys.onKeyDown} data-testid="history">
                  <div role="row" className={classes.header}>
                    <span role="columnheader" className={classes.cellName}>
                      {t('history.nameAndNumber')}
                    </span>
                    <span role="columnheader" className={classes.cellDepartment}>
                      {t('history.department')}
                    </span>
                    <span role="columnheader" className={classes.cellLine}>
                      {t('history.line')}
                    </span>
                    <span role="columnheader" className={classes.cellDate}>
                      {t('history.date')}
                    </span>
                    <span role="columnheader" className={classes.cellDuration}>
                      {t('history.duration')}
                    </span>
                  </div>
                  <div role="rowgroup">
                    {rows.map((call, index) => (
                      <CallHistoryRow
                        key={call.id}
                        call={call}
                        tabIndex={keys.tabIndexOf(call.id, index)}
                        onFocus={keys.onFocusOf(call.id)}
                      />
                    ))}
                  </div>
                </div>
                <div className={classes.foot}>
                  {calls.hasNextPage ? (
                    <Button
                      variant="default"
                      onClick={() => void calls.fetchNextPage()}
                      aria-disabled={calls.isFetchingNextPage || undefined}
                    >
                      {calls.isFetchingNextPage ? t('app.loading') : t('history.more')}
                    </Button>
                  ) : (
                    <span>{t('history.end')}</span>
                  )}
                </div>
              </>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
