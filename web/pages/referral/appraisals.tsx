import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { appraisalQuery, appraisalsQuery } from '../../api/queries.ts';
import { Chip } from '../../parts/chip.tsx';
import { MissingParts } from '../../parts/faults.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { hrefOf } from '../../parts/lines.tsx';
import { Empty, Facts, Lead, Section } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { At, Due } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';
import { Actions } from '../case/actions.tsx';
import { formOf } from '../case/forms.ts';

/** What the brand is asked for referrals of its cases. */
export function AppraisalsPage(): ReactNode {
  const { t, named } = useLanguage();
  const query = useInfiniteQuery(appraisalsQuery);
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const lines = pages.flatMap((page) => page.lines);
        const asked = lines.filter(({ until }) => until !== null);
        return (
          <>
            <Lead title={t('appraisals.title', { count: asked.length })}>{t('appraisals.lead')}</Lead>
            <Section title={t('appraisals.list')}>
              {lines.length === 0 ? (
                <Empty>{t('appraisals.none')}</Empty>
              ) : (
                <ul className={css['list']}>
                  {lines.map(({ referral, brand, brandName, stage, cases, until }) => (
                    <li key={`${referral} ${brand}`}>
                      <Link className={css['link'] ?? ''} href={`/appraisals/${encodeURIComponent(referral)}`}>
                        {t('appraisals.line', { brand: brandName ?? brand, count: cases.length })}
                      </Link>{' '}
                      <Chip tone={until === null ? 'closed' : 'waiting'}>{named('status', stage)}</Chip> {until !== null && <Due at={until} />}
                    </li>
                  ))}
                </ul>
              )}
            </Section>
          </>
        );
      }}
    </Loaded>
  );
}

/** What is asked of the brand in one referral, what it said, and what came of its cases. */
export function AppraisalPage({ id }: { readonly id: string }): ReactNode {
  const { t, named } = useLanguage();
  const query = useQuery(appraisalQuery(id));
  return (
    <Loaded query={query} lines={8}>
      {({ parts, actions, faults }) => (
        <>
          <Lead title={t('appraisal.title', { brand: parts.map(({ brand, brandName }) => brandName ?? brand).join(', ') })}>
            {t('appraisal.lead')}
          </Lead>
          <div className={css['stack']}>
            <MissingParts faults={faults} />
            {parts.map(({ brand, stage, cases, until, given, outcomes }) => (
              <div key={brand} className={css['stack']}>
                <Section title={t('case.actions')}>
                  <Actions
                    actions={actions}
                    id={id}
                    base={`/api/appraisals/${encodeURIComponent(id)}`}
                    formOf={({ command }) => formOf(command, { fixed: { brand } })}
                  />
                </Section>
                <Section title={t('appraisal.asked')}>
                  <Facts
                    facts={[
                      [t('list.status'), named('status', stage)],
                      [t('referral.until'), until === null ? '–' : <Due key="until" at={until} />],
                      [
                        t('referral.cases'),
                        cases.map((each) => (
                          <div key={each} className={css['line']}>
                            <Link className={css['link'] ?? ''} href={hrefOf(each)}>
                              {each.slice(0, 17)}…
                            </Link>
                          </div>
                        )),
                      ],
                      [t('form.appraisal'), given?.appraisal ?? '–'],
                      [t('form.priceStatement'), given?.priceStatement ?? '–'],
                      [t('form.contact'), given?.contact ?? '–'],
                    ]}
                  />
                </Section>
                {outcomes.length > 0 && (
                  <Section title={t('referral.outcomes')}>
                    <ul className={css['list']}>
                      {outcomes.map(({ outcome, at, goods }) => (
                        <li key={`${outcome} ${at}`}>
                          <b>{named('outcome', outcome)}</b> <At at={at} /> {goods.map(({ what, quantity }) => `${quantity} ${what}`).join(', ')}
                        </li>
                      ))}
                    </ul>
                  </Section>
                )}
              </div>
            ))}
          </div>
        </>
      )}
    </Loaded>
  );
}
