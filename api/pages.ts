/** The languages of the pages that the API makes itself. */
const WORDS = {
  en: {
    title: 'Sign in to interdict',
    ask: 'You opened a link that was sent to you. Nothing has happened yet: the button signs you in, and then the link is used up.',
    button: 'Sign in',
    spent: 'This link cannot be used: it was used before, has expired, or is not ours.',
    cure: 'Ask for a new one on the page where you sign in.',
    back: 'To that page',
  },
  'zh-Hans': {
    title: '登录 interdict',
    ask: '您打开了发送给您的登录链接。目前尚未执行任何操作：点击按钮后才会登录，该链接随即失效。',
    button: '登录',
    spent: '此链接无法使用：它已被使用过、已过期，或不是由我们发出的。',
    cure: '请在登录页面重新申请一个链接。',
    back: '前往登录页面',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;
type Tag = keyof typeof WORDS;

/** Address of the look of these pages: the content security policy lets no style stand in a page. */
export const PAGE_STYLE_PATH = '/sign-in.css';

/** Calm, readable in light and dark, without anything that is fetched from elsewhere. */
export const PAGE_STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f6f7f9,#16181c);color:light-dark(#1c2127,#e6e8eb)}
main{max-width:26rem;margin:1rem;padding:2rem;border-radius:.5rem;background:light-dark(#fff,#202329);border:1px solid light-dark(#d9dde3,#373b43)}
h1{font-size:1.25rem;margin:0 0 1rem}
button,a{display:inline-block;font:inherit;font-weight:600;padding:.6rem 1.4rem;border:0;border-radius:.35rem;background:#1d4ed8;color:#fff;text-decoration:none;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid light-dark(#1c2127,#e6e8eb);outline-offset:2px}
`;

/** What a link to sign in holds: its token, and the page to show afterwards. */
export interface SignInForm {
  readonly token: string;
  readonly page?: string | undefined;
}

/**
 * The page behind a link to sign in, in the language that the browser prefers: a button, no script. Undefined: the link is not good.
 * Token and page were checked before and have no character that HTML reads.
 */
export function confirmPage(form: SignInForm | undefined, acceptLanguage: string | undefined): string {
  const tag = preferred(acceptLanguage);
  const { title, ask, button, spent, cure, back } = WORDS[tag];
  const body =
    form === undefined
      ? `<p>${spent}</p><p>${cure}</p><p><a href="/">${back}</a></p>`
      : `<p>${ask}</p><form method="post" action="/sign-in">${hidden('token', form.token)}${form.page === undefined ? '' : hidden('page', form.page)}<button type="submit">${button}</button></form>`;
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><link rel="stylesheet" href="${PAGE_STYLE_PATH}">`;
  return `<!doctype html><html lang="${tag}" dir="ltr"><head>${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${value}">`;
}

/** The first language of the header that we have words for, by weight and then by place (RFC 9110, 12.5.4). */
function preferred(header = ''): Tag {
  const wanted = header
    .slice(0, 200)
    .split(',')
    .map((part) => /^\s*([a-z]{1,8})[a-z0-9-]*\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/i.exec(part))
    .flatMap((match) => (match === null ? [] : [{ language: match[1]?.toLowerCase(), weight: Number(match[2] ?? 1) }]))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const tags: readonly Tag[] = wanted.flatMap(({ language }) =>
    language === 'zh' ? ['zh-Hans' as const] : language === 'en' ? ['en' as const] : [],
  );
  return tags[0] ?? 'en';
}
