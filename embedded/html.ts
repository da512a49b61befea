/** Markup that is safe to send: made by `html` only, which escapes every text it is given. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Template tag: texts and numbers are escaped, `Html` and lists of it are taken as they are. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html {
  return new Html(parts.map((part, i) => part + markupOf(values[i])).join(''));
}

function markupOf(value: string | number | Html | readonly Html[] | undefined): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string' || typeof value === 'number') return String(value).replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
  return value.map(markupOf).join('');
}

/** Sent with every page: nothing on it may run, whatever a seller or a sender wrote. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:",
  'x-content-type-options': 'nosniff',
} as const;

/** A whole page. */
export function page(title: string, body: Html): string {
  return html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #ccc;text-align:left}pre{white-space:pre-wrap}img{max-width:12rem}</style>
<main><h1>${title}</h1>${body}</main></html>`.markup;
}
