import type { TFunction } from 'i18next';

const two = (value: number) => String(value).padStart(2, '0');

/** `m:ss`, from an hour on `h:mm:ss`. Seconds are truncated. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A duration in words with truncated seconds, and behind it the exact seconds: `4 seconds` and `4.676`. */
export function duration(ms: number, t: TFunction, language: string): { words: string; exact: string } {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const words = h > 0 ? t('call.hours', { h, m, s }) : m > 0 ? t('call.minutes', { m, s }) : t('call.seconds', { count: s });
  const exact = new Intl.NumberFormat(language, { maximumFractionDigits: 3, useGrouping: false }).format(Math.max(0, ms) / 1000);
  return { words, exact };
}

export const exactDuration = (ms: number, t: TFunction, language: string): string => {
  const { words, exact } = duration(ms, t, language);
  return `${words} (${exact})`;
};

export const timeOfDay = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`;
export const exactTimeOfDay = (at: Date): string => `${timeOfDay(at)}:${two(at.getSeconds())}`;
const recordDay = (at: Date): string => `${two(at.getDate())}-${two(at.getMonth() + 1)}-${at.getFullYear()}`;

/** `DD-MM-YYYY HH:MM:SS`, in the reader's time zone. */
export const recordTime = (at: Date): string => `${recordDay(at)} ${exactTimeOfDay(at)}`;

function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** A day for lists: `Today`, `Yesterday`, `Mon 16 Nov`, and in another year `16-11-2025`. */
export function listDay(at: Date, now: Date, language: string): string {
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) return capital(new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-days, 'day'));
  if (at.getFullYear() !== now.getFullYear()) return recordDay(at);
  const parts = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short' }).formatToParts(at);
  const part = (type: string) => parts.find((p) => p.type === type)?.value.replace(/\.$/, '') ?? '';
  return capital(`${part('weekday')} ${part('day')} ${part('month')}`);
}

export const listTime = (at: Date, now: Date, language: string): string => `${listDay(at, now, language)} ${timeOfDay(at)}`;

/** `13:51` today, else the day: for narrow places. */
export const shortTime = (at: Date, now: Date, language: string): string =>
  daysBetween(at, now) === 0 ? timeOfDay(at) : listTime(at, now, language);

export function bytes(value: number, language: string): string {
  const [amount, unit] =
    value < 1_000 ? [value, 'byte'] : value < 1_000_000 ? [value / 1_000, 'kilobyte'] : [value / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(language, { style: 'unit', unit: unit as string, unitDisplay: 'short', maximumFractionDigits: 1 }).format(
    amount as number,
  );
}

/** `a, b and c`. */
export const list = (items: readonly string[], language: string): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(items);
