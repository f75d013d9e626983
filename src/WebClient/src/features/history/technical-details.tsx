import { useTranslation } from 'react-i18next';
import { CopyButton } from '@/components/copy-button';
import type { CallDetail, CallLeg } from '@/lib/api/types';
import { bytes } from '@/lib/format';
import classes from './call.module.css';

/** CDR-14: what a technician asks for, to copy. */
export function TechnicalDetails({ detail }: { detail: CallDetail }) {
  const { t } = useTranslation();
  const { call, sipCallId, legs } = detail;
  const endedBy = { caller: t('call.endedByCaller'), callee: t('call.endedByCallee'), system: t('call.endedBySystem') }[call.endedBy];
  return (
    <>
      <section className={classes.technical} aria-labelledby="technical">
        <h2 id="technical">{t('call.details')}</h2>
        <dl>
          <div>
            <dt>{t('call.sipCallId')}</dt>
            <dd className={classes.copyable}>
              <code title={sipCallId}>{sipCallId}</code>
              <CopyButton value={sipCallId} label={`${t('app.copy')}: ${t('call.sipCallId')}`} />
            </dd>
          </div>
          <div>
            <dt>{t('call.lineUsed')}</dt>
            <dd className="num">{call.lineUsed}</dd>
          </div>
          <div>
            <dt>{t('call.endedBy')}</dt>
            <dd>{endedBy}</dd>
          </div>
        </dl>
      </section>
      {legs.length > 0 && (
        <section className={classes.technical} aria-labelledby="legs">
          <h2 id="legs">{t('call.phones')}</h2>
          <ul className={classes.legs}>
            {legs.map((leg) => (
              <Leg key={leg.leg} leg={leg} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Leg({ leg }: { leg: CallLeg }) {
  const { t, i18n } = useTranslation();
  const reason = leg.reason ? t(`reason.${leg.reason}` as 'reason.hangup', { defaultValue: leg.reason.replaceAll('_', ' ') }) : null;
  const codes = [reason, leg.sipStatus ? `SIP ${leg.sipStatus}` : null, leg.q850 ? `Q.850 ${leg.q850}` : null].filter(Boolean).join(' · ');
  const amount = (packets: number, size: number) =>
    t('call.packets', {
      count: packets,
      formatted: new Intl.NumberFormat(i18n.language).format(packets),
      bytes: bytes(size, i18n.language),
    });
  return (
    <li>
      <p className={classes.legHead}>
        <span>{leg.party.name ?? leg.party.number}</span>
        <code>{leg.device}</code>
      </p>
      {codes !== '' && <p className={classes.why}>{codes}</p>}
      {leg.media && leg.media.packetsReceived + leg.media.packetsSent > 0 && (
        <dl>
          <div>
            <dt>{t('call.received')}</dt>
            <dd className="num">{amount(leg.media.packetsReceived, leg.media.bytesReceived)}</dd>
          </div>
          <div>
            <dt>{t('call.sent')}</dt>
            <dd className="num">{amount(leg.media.packetsSent, leg.media.bytesSent)}</dd>
          </div>
        </dl>
      )}
    </li>
  );
}
