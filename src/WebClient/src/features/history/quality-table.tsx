import { useTranslation } from 'react-i18next';
import { exactTimeOfDay } from '@/lib/format';
import { type Second, type Track, thin } from './quality';
import classes from './quality.module.css';

const rows = 60;

/** The charts' numbers: a row for some seconds, the same for both parties. */
export function QualityTable({ you, them }: { you: Track; them: Track }) {
  const { t, i18n } = useTranslation();
  const number = (value: number | null | undefined, digits = 0) =>
    value === null || value === undefined
      ? '–'
      : new Intl.NumberFormat(i18n.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  const loss = (second: Second) => (second.expected === 0 ? null : (100 * Math.max(0, second.lost)) / second.expected);
  const theirs = thin(them.seconds, rows);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={classes.scroll} role="group" aria-label={t('quality.table')} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('quality.time')}</th>
            <th scope="col">{t('quality.youHeard')}</th>
            <th scope="col">{t('quality.theyHeard')}</th>
            <th scope="col">{t('quality.missed')}</th>
            <th scope="col">{t('quality.jitter')}</th>
            <th scope="col">{t('quality.roundTrip')}</th>
            <th scope="col">{t('quality.sentPackets')}</th>
            <th scope="col">{t('quality.sentKbps')}</th>
            <th scope="col">{t('quality.receivedPackets')}</th>
            <th scope="col">{t('quality.receivedKbps')}</th>
          </tr>
        </thead>
        <tbody>
          {thin(you.seconds, rows).map((mine, i) => {
            const heard = theirs[i];
            return (
              <tr key={mine.at}>
                <th scope="row">{exactTimeOfDay(new Date(mine.at))}</th>
                <td>{number(heard?.mos, 1)}</td>
                <td>{number(mine.mos, 1)}</td>
                <td>{number(heard && loss(heard), 1)}</td>
                <td>{number(heard?.jitterMs, 1)}</td>
                <td>{number(mine.roundTripMs)}</td>
                <td>{number(mine.sentPackets)}</td>
                <td>{number(mine.sentKbps)}</td>
                <td>{number(mine.receivedPackets)}</td>
                <td>{number(mine.receivedKbps)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
