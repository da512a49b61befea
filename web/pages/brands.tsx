import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { countsQuery } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Ageing } from '../parts/ageing.tsx';
import { Lines } from '../parts/lines.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { useLanguage } from '../words/language.tsx';

/** The account manager's first page: which of the own brands is about to be silent. A case's own page extends its window. */
export function BrandsPage(): ReactNode {
  const { t } = useLanguage();
  const { organisations } = useSession();
  const query = useQuery(countsQuery);
  return (
    <Loaded query={query} lines={8}>
      {(counts) => {
        const sum = (name: 'overdue' | 'day') => counts.ageing.reduce((total, row) => total + row[name], 0);
        return (
          <>
            <Lead title={t('brands.title', { brands: organisations.length, day: sum('day'), overdue: sum('overdue') })}>
              {t('brands.lead', { names: organisations.map(({ name }) => name).join(', ') })}
            </Lead>
            <div className={`${css['columns']} ${css['sideColumn']}`}>
              <Section title={t('brands.next')}>
                <Lines kind="cases" filters={{ open: 'true' }} empty={t('brands.none')} />
              </Section>
              <div className={css['stack']}>
                <Section title={t('ageing.title')}>
                  <Ageing counts={counts} />
                </Section>
                <Section title={t('governance.appeals')}>
                  <Lines kind="appeals" filters={{ open: 'true' }} empty={t('governance.noAppeals')} />
                </Section>
              </div>
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
