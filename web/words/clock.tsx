import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { dateFormat } from './dates.ts';
import { type Language, useLanguage } from './language.tsx';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const Now = createContext(0);

/** Time left is counted on the server's business clock, not on the reader's machine. */
export function ClockProvider({ now: start, children }: { readonly now: string; readonly children: ReactNode }): ReactNode {
  const [offset] = useState(() => Date.parse(start) - Date.now());
  const [now, setNow] = useState(() => Date.now() + offset);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() + offset), MINUTE / 2);
    return () => clearInterval(timer);
  }, [offset]);
  return <Now value={now}>{children}</Now>;
}

/** The business clock in milliseconds, moving on every half minute. */
export function useNow(): number {
  return useContext(Now);
}

// Making a format costs more than using it a thousand times: they are kept.
const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, unit: string): Intl.NumberFormat {
  const name = `${locale} ${unit}`;
  const format: Intl.NumberFormat = numberFormats.get(name) ?? new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' });
  numberFormats.set(name, format);
  return format;
}

/** A length of time in words, to the two largest units: `2 h 10 min`. */
function lengthWords(ms: number, locale: string): string {
  const parts: readonly [number, 'day' | 'hour' | 'minute'][] = [
    [Math.floor(ms / DAY), 'day'],
    [Math.floor((ms % DAY) / HOUR), 'hour'],
    [Math.floor((ms % HOUR) / MINUTE), 'minute'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const told = parts.slice(first < 0 ? 2 : first, (first < 0 ? 2 : first) + 2).filter(([count], index) => count > 0 || (first < 0 && index === 0));
  return told.map(([count, unit]) => numberFormat(locale, unit).format(count)).join(' ');
}

/** `in 2 h 10 min` or `3 d ago`. */
export function distanceWords(at: string, now: number, { locale, t }: Language): string {
  const ms = Date.parse(at) - now;
  const length = lengthWords(Math.abs(ms), locale);
  return ms >= 0 ? t('time.in', { length }) : t('time.ago', { length });
}

/** An instant in the reader's zone, as the reader's region writes it. */
export function instantText(at: string, { locale }: Language): string {
  return dateFormat(locale, 'instant').format(new Date(at));
}

/** An instant by which something has to be done, with the name of the reader's zone. */
export function deadlineText(at: string, { locale }: Language): string {
  return dateFormat(locale, 'deadline').format(new Date(at));
}

/** A day of the UTC calendar, `2025-10-01`, without its year. */
export function dayText(day: string, { locale }: Language): string {
  return dateFormat(locale, 'day').format(new Date(`${day}T00:00:00Z`));
}

/** An instant in the reader's zone, its UTC form on hover. A title of the browser's own: a list has hundreds of them. */
export function At({ at }: { readonly at: string }): ReactNode {
  const language = useLanguage();
  return (
    <time dateTime={at} title={`${at} (UTC)`}>
      {instantText(at, language)}
    </time>
  );
}

/** A deadline of which no time left is told. */
export function Until({ at }: { readonly at: string }): ReactNode {
  const language = useLanguage();
  return (
    <time dateTime={at} title={`${at} (UTC)`} data-deadline>
      {deadlineText(at, language)}
    </time>
  );
}

/** A deadline: time left in words, and the instant with its zone. */
export function Due({ at }: { readonly at: string }): ReactNode {
  const language = useLanguage();
  const now = useNow();
  return (
    <time dateTime={at} title={`${at} (UTC)`} data-deadline data-late={Date.parse(at) < now || undefined}>
      <span>{distanceWords(at, now, language)} ·</span> <span>{deadlineText(at, language)}</span>
    </time>
  );
}
