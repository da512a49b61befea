import type { ReactNode } from 'react';
import { Lines } from '../parts/lines.tsx';
import { Empty, Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { useLanguage } from '../words/language.tsx';

/** The liaison's first page. No referral is on record yet: it says what would be here, and shows the sealed cases one can rest on. */
export function LiaisonPage(): ReactNode {
  const { t } = useLanguage();
  return (
    <>
      <Lead title={t('liaison.title')}>{t('liaison.lead')}</Lead>
      <div className={css['stack']}>
        <Section title={t('liaison.referrals')}>
          <Empty>{t('liaison.none')}</Empty>
        </Section>
        <Section title={t('liaison.sealed')}>
          <Lines kind="cases" filters={{ status: 'actioned' }} empty={t('liaison.noSealed')} />
        </Section>
      </div>
    </>
  );
}
