import { Bell, BellOff, CircleDot, Phone, PhoneIncoming, PhoneOff, PhoneOutgoing, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '@/lib/api/types';
import { exactDuration, exactTimeOfDay } from '@/lib/format';
import classes from './call.module.css';
import { codesOf, lineOf, type TimelineShape } from './timeline';
import { piecesOf, sentenceOf } from './timeline-text';

const icons: Record<TimelineShape, typeof Bell> = {
  outgoing: PhoneOutgoing,
  incoming: PhoneIncoming,
  rang: Bell,
  silent: X,
  answered: Phone,
  stopped: BellOff,
  ended: PhoneOff,
  other: CircleDot,
};

/** CDR-21: what happened, moment by moment, in words. */
export function Timeline({ entries, viewer }: { entries: readonly TimelineEntry[]; viewer: string }) {
  const { t } = useTranslation();
  return (
    <section className={classes.timeline} aria-labelledby="what-happened">
      <h2 id="what-happened">{t('call.whatHappened')}</h2>
      <ol data-testid="timeline">
        {entries.map((entry, index) => (
          <Moment key={index} entry={entry} viewer={viewer} />
        ))}
      </ol>
    </section>
  );
}

function Moment({ entry, viewer }: { entry: TimelineEntry; viewer: string }) {
  const { t, i18n } = useTranslation();
  const line = lineOf(entry, viewer);
  const Icon = icons[line.shape];
  const sentence = sentenceOf(line, t, i18n.language, (ms) => exactDuration(ms, t, i18n.language));
  const reason = line.reason ? t(`reason.${line.reason}` as 'reason.hangup', { defaultValue: line.reason.replaceAll('_', ' ') }) : null;
  const small = [reason, codesOf(entry)].filter((part) => part !== null).join(' · ');
  return (
    <li className={classes.moment} data-kind={entry.kind}>
      <time dateTime={entry.at}>{exactTimeOfDay(new Date(entry.at))}</time>
      <span className={classes.dot} data-shape={line.shape}>
        <Icon size={15} strokeWidth={1.9} aria-hidden="true" />
      </span>
      <div>
        <p>
          {line.text === null ? (
            <code>{entry.kind}</code>
          ) : (
            piecesOf(sentence).map(({ key, text, strong }) => (strong ? <b key={key}>{text}</b> : <span key={key}>{text}</span>))
          )}
        </p>
        {small !== '' && <p className={classes.why}>{small}</p>}
      </div>
    </li>
  );
}
