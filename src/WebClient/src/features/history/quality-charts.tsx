import { Button } from '@mantine/core';
import { Table as TableIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StatusTag } from '@/components/status-tag';
import { exactTimeOfDay } from '@/lib/format';
import { LineChart } from './line-chart';
import { average, averageMos, bands, type Dip, dipsOf, gradeOf, type Second, type Track, thin } from './quality';
import classes from './quality.module.css';
import { QualityTable } from './quality-table';

const points = 300;
const tones = { good: 'available', fair: 'held', poor: 'busy' } as const;

/** CDR-22 to CDR-24: how the sound was, and how much of it there was. */
export default function QualityCharts({ you, them }: { you: Track; them: Track }) {
  const { t, i18n } = useTranslation();
  const [isTable, setIsTable] = useState(false);
  const [mine, theirs] = useMemo(() => [thin(you.seconds, points), thin(them.seconds, points)], [you, them]);
  const line = (seconds: Second[], value: (second: Second) => number | null) => ({
    points: seconds.map((second): [number, number | null] => [second.at, value(second)]),
  });
  const sound = useMemo(() => [line(theirs, (s) => s.mos), line(mine, (s) => s.mos)], [mine, theirs]); // what they sent is what you heard
  const labelled = useMemo(() => bands.map(({ grade, from, to }) => ({ label: t(`quality.${grade}`), tone: tones[grade], from, to })), [t]);
  const small = useMemo(
    () =>
      (
        [
          ['sent', 'packets', (s: Second) => s.sentPackets],
          ['sent', 'kbps', (s: Second) => s.sentKbps],
          ['received', 'packets', (s: Second) => s.receivedPackets],
          ['received', 'kbps', (s: Second) => s.receivedKbps],
        ] as const
      ).map(([way, unit, value]) => ({ way, unit, amount: average(you.seconds, value), lines: [line(mine, value), line(theirs, value)] })),
    [mine, theirs, you],
  );
  const mos = averageMos(them.seconds);
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(i18n.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  const grade = mos === null ? null : gradeOf(mos);
  const heard = grade === null ? t('quality.unknown') : t(`quality.${grade}`);
  return (
    <section className={classes.card} aria-labelledby="quality">
      <div className={classes.head}>
        <h2 id="quality">{t('quality.title')}</h2>
        {mos !== null && grade !== null && (
          <StatusTag {...(grade === 'fair' ? {} : { tone: grade === 'good' ? 'available' : 'busy' })}>
            {t('quality.mark', { grade: t(`quality.${grade}`), mos: number(mos, 1) })}
          </StatusTag>
        )}
      </div>
      {isTable ? (
        <QualityTable you={you} them={them} />
      ) : (
        <>
          <p className={classes.key}>
            <span data-line="first">{t('quality.youHeard')}</span>
            <span data-line="second">{t('quality.theyHeard')}</span>
          </p>
          <LineChart label={t('quality.chart', { grade: heard })} lines={sound} bands={labelled} height={108} />
          <ul className={classes.dips}>
            {dipsOf(them.seconds)
              .slice(0, 2)
              .map((dip) => (
                <DipLine key={dip.from} dip={dip} text="quality.youMissed" />
              ))}
            {dipsOf(you.seconds)
              .slice(0, 2)
              .map((dip) => (
                <DipLine key={dip.from} dip={dip} text="quality.theyMissed" />
              ))}
          </ul>
          <p className={classes.key}>
            <span data-line="first">{t('quality.you')}</span>
            <span data-line="second">{them.name}</span>
          </p>
          <div className={classes.small}>
            {small.map(({ way, unit, amount, lines }) => {
              const caption = t(`quality.${unit}`, { value: number(amount, 0) });
              return (
                <figure key={`${way}-${unit}`}>
                  <figcaption>
                    <b>{t(`call.${way}`)}</b>
                    <span>{caption}</span>
                  </figcaption>
                  <LineChart label={`${t(`call.${way}`)}: ${caption}`} lines={lines} height={32} />
                </figure>
              );
            })}
          </div>
        </>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        color="ink"
        aria-pressed={isTable}
        leftSection={<TableIcon size={16} aria-hidden="true" />}
        onClick={() => setIsTable(!isTable)}
      >
        {isTable ? t('quality.asChart') : t('quality.asTable')}
      </Button>
    </section>
  );
}

function DipLine({ dip, text }: { dip: Dip; text: 'quality.youMissed' | 'quality.theyMissed' }) {
  const { t, i18n } = useTranslation();
  const percent = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(dip.lossPercent);
  return <li>{t(text, { time: exactTimeOfDay(new Date(dip.from)), percent, length: t('call.seconds', { count: dip.seconds }) })}</li>;
}
