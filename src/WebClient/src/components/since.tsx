import { useTranslation } from 'react-i18next';
import { clockTime, listDay, timeOfDay } from '@/lib/format';
import { useNow } from '@/lib/use-clock';

/** How long it lasts: ticks. */
export function Since({ at }: { at: string }) {
  const now = useNow();
  return <span className="num">{clockTime(now - Date.parse(at))}</span>;
}

/** Since when, in words: `since 12:30`, `since yesterday`. For what lasts long; does not tick. */
export function SinceWhen({ at }: { at: string }) {
  const { t, i18n } = useTranslation();
  const date = new Date(at);
  const day = listDay(date, new Date(), i18n.language);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = isToday ? timeOfDay(date) : day.charAt(0).toLocaleLowerCase() + day.slice(1);
  return <span className="num">{t('sinceTime', { time })}</span>;
}
