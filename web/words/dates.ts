// Making a format costs more than using it a thousand times: they are kept.
const dateFormats = new Map<string, Intl.DateTimeFormat>();

const FORMS = {
  instant: { dateStyle: 'medium', timeStyle: 'short' },
  // A deadline is acted on: nobody may have to guess in which zone it is told.
  deadline: { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
  day: { month: 'short', day: 'numeric', timeZone: 'UTC' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;

/** A date format of a locale. */
export function dateFormat(locale: string, form: keyof typeof FORMS): Intl.DateTimeFormat {
  const name = `${locale} ${form}`;
  const format: Intl.DateTimeFormat = dateFormats.get(name) ?? new Intl.DateTimeFormat(locale, FORMS[form]);
  dateFormats.set(name, format);
  return format;
}
