import { Link } from '@tanstack/react-router';
import { Flag } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { CallIcon } from '@/components/call-icon';
import type { CallRow } from '@/lib/api/types';
import { clockTime, listTime, recordTime } from '@/lib/format';
import classes from './history.module.css';

interface Props {
  call: CallRow;
  tabIndex: 0 | -1;
  onFocus: () => void;
}

const none = '–';

/** Who, how it went, when: the whole row opens the call. */
export const CallHistoryRow = memo(function CallHistoryRow({ call, tabIndex, onFocus }: Props) {
  const { t, i18n } = useTranslation();
  const startedAt = new Date(call.startedAt);
  const answered = call.outcome === 'answered';
  const length = answered ? clockTime(call.talkMs) : call.ringMs > 0 ? t('history.rang', { time: clockTime(call.ringMs) }) : '–';
  const when = listTime(startedAt, new Date(), i18n.language);
  const how =
    answered || call.direction === 'missed'
      ? t(`direction.${call.direction}`)
      : `${t(`direction.${call.direction}`)} · ${t(`outcome.${call.outcome}`)}`;

  return (
    <div role="row" className={classes.row} data-call={call.id} data-direction={call.direction}>
      <span role="cell" className={classes.cellName}>
        <span className={classes.icon}>
          <CallIcon direction={call.direction} labelled={false} />
        </span>
        <span className={classes.who}>
          <Link
            to="/history/$callId"
            params={{ callId: call.id }}
            className={classes.link}
            data-row
            tabIndex={tabIndex}
            onFocus={onFocus}
            title={call.name ?? call.number}
          >
            {call.name ?? call.number}
          </Link>
          <span className={classes.caption}>
            <span className={classes.how} data-direction={call.direction}>
              {how}
            </span>
            {call.name ? <span className={classes.number}> · {call.number}</span> : null}
            {length !== none && <span className={classes.narrow}> · {length}</span>}
          </span>
        </span>
        {call.flagged && <Flag size={14} className={classes.flag} role="img" aria-label={t('history.flagged')} />}
      </span>
      <span role="cell" className={classes.cellDepartment} title={call.department ?? undefined}>
        {call.department}
      </span>
      <span role="cell" className={classes.cellLine}>
        {call.lineUsed}
      </span>
      <span role="cell" className={classes.cellDate}>
        <time dateTime={call.startedAt} title={recordTime(startedAt)}>
          {when}
        </time>
      </span>
      <span role="cell" className={classes.cellDuration}>
        {length}
      </span>
    </div>
  );
});
