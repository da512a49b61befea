import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
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
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const numberFormats = new Map<string, Intl.NumberFormat>();

function dateFormat(code: string): Intl.DateTimeFormat {
  const format: Intl.DateTimeFormat = dateFormats.get(code) ?? new Intl.DateTimeFormat(code, { dateStyle: 'medium', timeStyle: 'short' });
  dateFormats.set(code, format);
  return format;
}

function numberFormat(code: string, unit: string): Intl.NumberFormat {
  const name = `${code} ${unit}`;
  const format: Intl.NumberFormat = numberFormats.get(name) ?? new Intl.NumberFormat(code, { style: 'unit', unit, unitDisplay: 'short' });
  numberFormats.set(name, format);
  return format;
}

/** A length of time in words, to the two largest units: `2 h 10 min`. */
export function lengthWords(ms: number, code: string): string {
  const parts: readonly [number, 'day' | 'hour' | 'minute'][] = [
    [Math.floor(ms / DAY), 'day'],
    [Math.floor((ms % DAY) / HOUR), 'hour'],
    [Math.floor((ms % HOUR) / MINUTE), 'minute'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const told = parts.slice(first < 0 ? 2 : first, (first < 0 ? 2 : first) + 2).filter(([count], index) => count > 0 || (first < 0 && index === 0));
  return told.map(([count, unit]) => numberFormat(code, unit).format(count)).join(' ');
}

/** `in 2 h 10 min` or `3 d ago`. */
export function distanceWords(at: string, now: number, { code, t }: Language): string {
  const ms = Date.parse(at) - now;
  const length = lengthWords(Math.abs(ms), code);
  return ms >= 0 ? t('time.in', { length }) : t('time.ago', { length });
}

/** An instant in the reader's zone. */
export function instantText(at: string, code: string): string {
  return dateFormat(code).format(new Date(at));
}

/** An instant in the reader's zone, its UTC form on hover. A title of the browser's own: a list has hundreds of them. */
export function At({ at }: { readonly at: string }): ReactNode {
  const { code } = useLanguage();
  return (
    <time dateTime={at} title={`${at} (UTC)`}>
      {instantText(at, code)}
    </time>
  );
}

/** Time left until a deadline, in words, with the instant behind it. */
export function Left({ at }: { readonly at: string }): ReactNode {
  const language = useLanguage();
  const now = useNow();
  const exact = `${instantText(at, language.code)} · ${at} (UTC)`;
  return (
    <time dateTime={at} title={exact} data-late={Date.parse(at) < now || undefined}>
      {distanceWords(at, now, language)}
    </time>
  );
}
