import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { hrefOf } from '../parts/lines.tsx';
import { Lead, Section } from '../parts/page.tsx';
import { useLanguage } from '../words/language.tsx';
import { formOf } from './case/forms.ts';
import { MessageForm } from './case/message-form.tsx';

/** An officer opens a case by hand, or gets the live one. */
export function OpenPage(): ReactNode {
  const { t } = useLanguage();
  const [, go] = useLocation();
  const form = formOf('openCase');
  return (
    <>
      <Lead title={t('open.title')}>{t('open.lead')}</Lead>
      <Section title={t('open.form')}>
        {form !== undefined && (
          <MessageForm path="/api/cases" form={form} title={t('open.do')} onDone={({ aggregate }) => aggregate !== null && go(hrefOf(aggregate))} />
        )}
      </Section>
    </>
  );
}
