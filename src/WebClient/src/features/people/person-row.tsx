import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '@/components/person-avatar';
import { Since, SinceWhen } from '@/components/since';
import { StatusWord } from '@/components/status-word';
import { type Profile, type ShownStatus, usePerson, usePresenceIsKnown } from '@/lib/live/use-live';
import classes from './people.module.css';

interface Props {
  profile: Profile;
  isTable: boolean;
  isYou: boolean;
  isLeaving: boolean;
  rowIndex: number;
  top: number;
  isActive: boolean;
  onFocus: () => void;
  onBlur: () => void;
}

/** Who, since when: drawn again only when this person changes. */
export const PersonRow = memo(function PersonRow({ profile, isTable, isYou, isLeaving, rowIndex, top, isActive, onFocus, onBlur }: Props) {
  const { t } = useTranslation();
  const person = usePerson(profile.extension);
  const isKnown = usePresenceIsKnown();
  const status: ShownStatus = person && isKnown ? person.status : 'unknown';
  const you = isYou ? <span className={classes.you}> {t('people.itsYou')}</span> : null;

  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      tabIndex={isActive ? 0 : -1}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      data-status={status}
      data-extension={profile.extension}
      data-leaving={isLeaving || undefined}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      <span role="gridcell" className={classes.cellName}>
        <PersonAvatar name={profile.displayName} status={status} size={isTable ? 'sm' : 'md'} />
        <span className={classes.who}>
          <span className={classes.name} title={profile.displayName}>
            {profile.displayName}
            {you}
          </span>
          {isTable ? (
            <span className={classes.caption}>{profile.department}</span>
          ) : (
            <span className={classes.caption}>
              <StatusWord status={status} />
              <Timer status={status} since={person?.since} before=" · " />
              {status !== 'ringing' && status !== 'on_call' && profile.department ? ` · ${profile.department}` : ''}
            </span>
          )}
        </span>
      </span>
      {isTable && (
        <>
          <span role="gridcell" className={classes.cellStatus}>
            <StatusWord status={status} />
            <span className={classes.timer}>
              <Timer status={status} since={person?.since} />
            </span>
          </span>
          <span role="gridcell" className={classes.cellDepartment} title={profile.department ?? undefined}>
            {profile.department}
          </span>
        </>
      )}
      <span role="gridcell" className={classes.cellExtension}>
        <span className="sr">{isTable ? '' : t('people.extensionLong', { extension: '' })}</span>
        {profile.extension}
      </span>
      {isTable && (
        <span role="gridcell" className={classes.cellEmail}>
          {profile.email && (
            <a className={classes.email} href={`mailto:${profile.email}`} tabIndex={-1} title={profile.email}>
              {profile.email}
            </a>
          )}
        </span>
      )}
    </div>
  );
});

/** Running time where it runs, a moment where it lasts. An available person has none: they can be called, that is all. */
function Timer({ status, since, before = '' }: { status: ShownStatus; since: string | null | undefined; before?: string }) {
  if (!since) return null;
  if (status === 'ringing' || status === 'on_call') {
    return (
      <>
        {before}
        <Since at={since} />
      </>
    );
  }
  if (status === 'offline' || status === 'do_not_disturb') {
    return (
      <>
        {before}
        <SinceWhen at={since} />
      </>
    );
  }
  return null;
}
