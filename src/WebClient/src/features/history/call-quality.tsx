import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { SkeletonRows } from '@/components/skeleton-rows';
import { Trouble } from '@/components/trouble';
import { callQualityQuery } from '@/lib/api/queries';
import type { CallDetail } from '@/lib/api/types';
import { tracksOf } from './quality';

const QualityCharts = lazy(() => import('./quality-charts')); // the charts' library is large

/** The sound of a call that had some. */
export function CallQuality({ detail, viewer }: { detail: CallDetail; viewer: string }) {
  const { t } = useTranslation();
  const hasSound = detail.legs.some((leg) => leg.quality);
  const quality = useQuery({ ...callQualityQuery(detail.call.id), enabled: hasSound });
  if (!hasSound) return null;
  if (quality.isError) return <Trouble title={t('quality.failed')} error={quality.error} onRetry={() => void quality.refetch()} />;
  if (!quality.data) return <SkeletonRows height={56} rows={4} />;
  const tracks = tracksOf(quality.data, viewer);
  return tracks === null ? null : (
    <Suspense fallback={<SkeletonRows height={56} rows={4} />}>
      <QualityCharts {...tracks} />
    </Suspense>
  );
}
