import { Button, NativeSelect, useMantineColorScheme } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { send } from '../api/client.ts';
import { useLive } from '../api/live.ts';
import { outbox } from '../api/outbox.ts';
import { useSession } from '../api/session.tsx';
import { type Key, type Language, useLanguage } from '../words/language.tsx';
import { OutboxBar } from './outbox-bar.tsx';
import css from './shell.module.css';

type Item = readonly [path: string, text: Key, operation: string];

const START: Readonly<Record<string, Key>> = {
  'rights-holder': 'nav.queue',
  governance: 'nav.overview',
  'account-manager': 'nav.brands',
  seller: 'nav.listings',
  auditor: 'nav.audit',
  liaison: 'nav.referrals',
};
/** The second pages, by the operation that opens them. */
const ITEMS: readonly Item[] = [
  ['/cases', 'nav.cases', 'case.list'],
  ['/appeals', 'nav.appeals', 'case.list'],
  ['/sanctions', 'nav.sanctions', 'sanction.list'],
  ['/referrals', 'nav.referrals', 'referral.read'],
  ['/appraisals', 'nav.appraisals', 'appraisal.read'],
  ['/calendar', 'nav.calendar', 'calendar.manage'],
  ['/open', 'nav.open', 'case.open'],
  ['/policies', 'nav.policies', 'policy.activate'],
];

/** What stands around every page: where to go, who is signed in, what is new, what is on its way. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const { t } = useLanguage();
  const { capacity, may } = useSession();
  // Where a reader starts is there already, under the same name.
  const items = ITEMS.filter(([, text, operation]) => may.includes(operation) && text !== START[capacity]);
  return (
    <div className={css['shell']}>
      <a className={css['skip']} href="#main">
        {t('nav.skip')}
      </a>
      <header className={css['top']}>
        <Link href="/" className={css['brand'] ?? ''}>
          interdict
        </Link>
        <nav className={css['nav']} aria-label={t('nav.label')}>
          <NavItem path="/" text={START[capacity] ?? 'nav.cases'} />
          {items.map(([path, text]) => (
            <NavItem key={path} path={path} text={text} />
          ))}
        </nav>
        <Reader />
      </header>
      <main className={css['main']} id="main" tabIndex={-1}>
        {children}
      </main>
      <NewsBar />
      <OutboxBar />
    </div>
  );
}

function NavItem({ path, text }: { readonly path: string; readonly text: Key }): ReactNode {
  const { t } = useLanguage();
  const [here] = useLocation();
  return (
    <Link href={path} aria-current={here === path ? 'page' : undefined}>
      {t(text)}
    </Link>
  );
}

function Reader(): ReactNode {
  const { t, named } = useLanguage();
  const { name, capacity } = useSession();
  return (
    <div className={css['who']}>
      <span>
        {name} · {named('capacity', capacity)}
      </span>
      <LookAndLanguage />
      <Button variant="subtle" onClick={() => void signOut()}>
        {t('nav.signOut')}
      </Button>
    </div>
  );
}

async function signOut(): Promise<void> {
  outbox.sendNow();
  await send('DELETE', '/api/session');
  // Everything that was read for this reader goes with the page.
  location.assign('/');
}

/** Language and light: for readers who are not signed in, too. */
export function LookAndLanguage(): ReactNode {
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = (['auto', 'light', 'dark'] as const).map((value) => ({ value, label: language.t(`look.${value}`) }));
  return (
    <>
      <NativeSelect
        aria-label={language.t('nav.language')}
        value={language.code}
        data={language.all.map(({ code, name }) => ({ value: code, label: name }))}
        onChange={(event) => language.choose(event.currentTarget.value)}
      />
      <NativeSelect
        aria-label={language.t('look.label')}
        value={colorScheme}
        data={schemes}
        onChange={(event) => setColorScheme(event.currentTarget.value as 'auto' | 'light' | 'dark')}
      />
    </>
  );
}

function NewsBar(): ReactNode {
  const { t } = useLanguage();
  const { fresh, changed, isConnected, show } = useLive();
  const [here] = useLocation();
  // A page that is opened reads itself; what was new before is no news on it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new page asks
  useEffect(() => {
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [here]);
  if (isConnected && fresh + changed === 0) return null;
  return (
    <div className={css['news']} role="status">
      <span>{isConnected ? newsWords(fresh, changed, t) : t('live.lost')}</span>
      {fresh + changed > 0 && <Button onClick={show}>{t('live.show')}</Button>}
    </div>
  );
}

function newsWords(fresh: number, changed: number, t: Language['t']): string {
  const parts = [fresh > 0 ? t('live.fresh', { count: fresh }) : '', changed > 0 ? t('live.changed', { count: changed }) : ''];
  return parts.filter((part) => part !== '').join(', ');
}
