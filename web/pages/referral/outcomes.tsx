import type { ReactNode } from 'react';
import type { ReferralOut } from '../../../api/schemas/referrals.ts';
import { Empty, Section } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { At } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';

/** What the authority did, report by report, and the sums; sources that disagree make a range. */
export function Outcomes({ outcomes, totals }: Pick<ReferralOut, 'outcomes' | 'totals'>): ReactNode {
  const { t, named } = useLanguage();
  return (
    <Section title={t('referral.outcomes')}>
      {outcomes.length === 0 ? (
        <Empty>{t('referral.noOutcomes')}</Empty>
      ) : (
        <div className={css['stack']}>
          <ul className={css['list']} lang="en">
            {totals.words.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <ul className={css['list']}>
            {outcomes.map(({ fact, outcome, at, goods, values, places }) => (
              <li key={fact}>
                <b>{named('outcome', outcome)}</b> <At at={at} /> {goods.map(({ what, quantity }) => `${quantity} ${what}`).join(', ')}{' '}
                {values.map(({ value, source }) => (
                  <span key={`${value.amount} ${source}`} className={css['dim']}>
                    {value.amount} {value.currency} ({source}){' '}
                  </span>
                ))}
                {places.join(', ')}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

/** What the authority asked, and what it was told. */
export function Questions({ questions }: Pick<ReferralOut, 'questions'>): ReactNode {
  const { t } = useLanguage();
  if (questions.length === 0) return null;
  return (
    <Section title={t('referral.questions')}>
      <ol className={css['list']}>
        {questions.map(({ number, question, answer }) => (
          <li key={number}>
            <b>{number}.</b> {question} <span className={css['dim']}>{answer ?? t('referral.notAnswered')}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
