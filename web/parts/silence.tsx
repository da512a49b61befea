import type { ReactNode } from 'react';
import type { CaseView } from '../../api/schemas/case.ts';
import { Due } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';
import { Empty } from './page.tsx';
import css from './parts.module.css';

/** What runs, and what follows by itself when nobody answers, by which line of the policy. */
export function Silence({ deadlines }: { readonly deadlines: CaseView['deadlines'] }): ReactNode {
  const { t, named } = useLanguage();
  if (deadlines.length === 0) return <Empty>{t('silence.none')}</Empty>;
  return (
    <ol className={css['list']}>
      {deadlines.map(({ at, rule, provisional, silence, policy }) => (
        <li key={`${rule} ${at}`}>
          <b>{named('rule', rule)}</b> · <Due at={at} />
          {provisional && <span className={css['dim']}> · {t('silence.provisional')}</span>}
          <ul>
            {silence.map((words) => (
              <li key={words}>
                <EventWords words={words} />
              </li>
            ))}
            {policy.map(({ path, value, source }) => (
              <li key={path} className={css['dim']} lang="en">
                <span className={css['mono']}>
                  {path} = {value}
                </span>
                {source === null ? '' : ` (${source})`}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

/** What a deadline that nobody answers comes to: its last event but for the seal. */
export function endOf(deadline: CaseView['deadlines'][number] | undefined): string | undefined {
  const events = (deadline?.silence ?? []).map((words) => words.split(':')[0] ?? '');
  return events.findLast((type) => !type.endsWith('Sealed'));
}

/** An event: its name in the reader's language, its particulars as the log has them. */
export function EventWords({ words }: { readonly words: string }): ReactNode {
  const { named } = useLanguage();
  const [type = '', ...rest] = words.split(': ');
  const particulars = rest.join(': ');
  return (
    <>
      {named('event', type)}
      {particulars !== '' && (
        <span className={css['dim']} lang="en">
          {' '}
          {particulars}
        </span>
      )}
    </>
  );
}
