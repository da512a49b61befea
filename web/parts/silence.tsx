import type { ReactNode } from 'react';
import type { CaseView, Happening } from '../../api/schemas/case.ts';
import { Due } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';
import { Empty } from './page.tsx';
import css from './parts.module.css';

/** What runs, and what follows by itself when nobody answers, by which line of the policy. */
export function Silence({ deadlines }: { readonly deadlines: CaseView['deadlines'] }): ReactNode {
  const { t, named, happening } = useLanguage();
  if (deadlines.length === 0) return <Empty>{t('silence.none')}</Empty>;
  return (
    <ol className={css['list']}>
      {deadlines.map(({ at, rule, provisional, silence, policy }) => (
        <li key={`${rule} ${at}`}>
          <b>{named('deadline', rule)}</b> · <Due at={at} />
          {provisional && <span className={css['dim']}> · {t('silence.provisional')}</span>}
          <ul>
            {silence.map((event) => (
              <li key={`${event.type} ${event.words}`}>{happening(event)}</li>
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
export function endOf(deadline: CaseView['deadlines'][number] | undefined): Happening | undefined {
  return deadline?.silence.findLast(({ type }) => !type.endsWith('Sealed'));
}
