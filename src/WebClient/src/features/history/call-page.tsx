import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, ChevronLeft, Flag, PhoneOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CallIcon } from '@/components/call-icon';
import { CopyButton } from '@/components/copy-button';
import { EmptyState } from '@/components/empty-state';
import { PersonAvatar } from '@/components/person-avatar';
import { SkeletonRows } from '@/components/skeleton-rows';
import { StatusTag } from '@/components/status-tag';
import { Trouble } from '@/components/trouble';
import { Problem, put } from '@/lib/api/http';
import { callQuery, callsQuery } from '@/lib/api/queries';
import type { CallDetail, Me } from '@/lib/api/types';
import { duration, recordTime } from '@/lib/format';
import { usePageTitle } from '@/lib/title';
import classes from './call.module.css';
import { CallQuality } from './call-quality';
import { TechnicalDetails } from './technical-details';
import { Timeline } from './timeline-view';

/** CDR-14 to CDR-21: one call, what happened in it and how it went. */
export function CallPage({ id, me, end }: { id: string; me: Me; end?: ReactNode }) {
  const { t } = useTranslation();
  const detail = useQuery(callQuery(id));
  const isMissing = detail.error instanceof Problem && detail.error.status === 404;
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Link to="/history" className={classes.back}>
          <ChevronLeft size={16} aria-hidden="true" />
          {t('call.back')}
        </Link>
        <span className={classes.grow} />
        {detail.data && <FlagButton detail={detail.data} />}
        <CopyButton value={location.href} label={t('call.copyLink')} withText />
        {end}
      </header>
      <div className={classes.body}>
        {detail.data ? (
          <Call detail={detail.data} me={me} />
        ) : isMissing ? (
          <EmptyState isPage icon={<PhoneOff />} title={t('call.notFound')}>
            {t('call.notFoundHelp')}
          </EmptyState>
        ) : detail.isError ? (
          <Trouble title={t('call.failed')} error={detail.error} onRetry={() => void detail.refetch()} />
        ) : (
          <SkeletonRows height={56} rows={6} />
        )}
      </div>
    </div>
  );
}

function FlagButton({ detail }: { detail: CallDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { id, flagged } = detail.call;
  const flag = useMutation({
    mutationFn: (value: boolean) => put(`/calls/${encodeURIComponent(id)}/flag`, { flagged: value }),
    onSuccess: (_, value) => {
      client.setQueryData(callQuery(id).queryKey, (old) => (old ? { ...old, call: { ...old.call, flagged: value } } : old));
      void client.invalidateQueries({ queryKey: callsQuery.queryKey });
    },
  });
  return (
    <>
      {flag.isError && (
        <span role="alert" className={classes.failed}>
          {t('call.flagFailed')}
        </span>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        color="ink"
        aria-pressed={flagged}
        leftSection={<Flag size={16} aria-hidden="true" fill={flagged ? 'currentColor' : 'none'} />}
        onClick={() => !flag.isPending && flag.mutate(!flagged)}
      >
        {flagged ? t('call.unflag') : t('call.flag')}
      </Button>
    </>
  );
}

function Call({ detail, me }: { detail: CallDetail; me: Me }) {
  const { t } = useTranslation();
  const { call } = detail;
  const name = call.name ?? call.number;
  const startedAt = recordTime(new Date(call.startedAt));
  usePageTitle(`${name} · ${t('history.title')}`);
  return (
    <>
      <div className={classes.hero}>
        <PersonAvatar name={name} size="lg" />
        <div className={classes.grow}>
          <div className={classes.titleLine}>
            <h1 className={classes.title}>{name}</h1>
            <StatusTag
              {...(call.outcome === 'answered'
                ? { tone: 'available' as const }
                : call.direction === 'missed'
                  ? { tone: 'busy' as const }
                  : {})}
              icon={call.outcome === 'answered' ? <Check aria-hidden="true" /> : undefined}
            >
              {t(`outcome.${call.outcome}`)}
            </StatusTag>
            <StatusTag icon={<CallIcon direction={call.direction} labelled={false} />}>{t(`direction.${call.direction}`)}</StatusTag>
          </div>
          <p className={classes.under}>
            {[call.name ? call.number : null, call.department].filter(Boolean).map((fact) => (
              <span key={fact}>{fact}</span>
            ))}
            <time dateTime={call.startedAt}>{startedAt}</time>
          </p>
        </div>
      </div>
      <dl className={classes.facts}>
        <DurationFact label={t('call.ringTime')} ms={call.ringMs} />
        <DurationFact label={t('call.talkTime')} ms={call.talkMs} />
        <DurationFact label={t('call.duration')} ms={call.totalMs} />
        <Fact label={t('call.flagged')}>{call.flagged ? t('call.yes') : t('call.no')}</Fact>
      </dl>
      <div className={classes.columns}>
        <Timeline entries={detail.timeline} viewer={me.extension} />
        <div className={classes.side}>
          <CallQuality detail={detail} viewer={me.extension} />
          <TechnicalDetails detail={detail} />
        </div>
      </div>
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function DurationFact({ label, ms }: { label: string; ms: number }) {
  const { t, i18n } = useTranslation();
  const { words, exact } = duration(ms, t, i18n.language);
  return (
    <Fact label={label}>
      {words} <small>({exact})</small>
    </Fact>
  );
}
