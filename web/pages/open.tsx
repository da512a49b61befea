import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { hrefOf } from '../parts/lines.tsx';
import { Lead, Section } from '../parts/page.tsx';
import { useLanguage } from '../words/language.tsx';
import type { Form } from './case/forms.ts';
import { MessageForm } from './case/message-form.tsx';

const FORM: Form = {
  path: '',
  fields: [
    { name: 'listing', label: 'form.listing', kind: 'line' },
    { name: 'holder', label: 'form.holder', kind: 'line' },
    { name: 'reason', label: 'form.reason', kind: 'text' },
  ],
};

/** An officer opens a case by hand, or gets the live one. */
export function OpenPage(): ReactNode {
  const { t } = useLanguage();
  const [, go] = useLocation();
  return (
    <>
      <Lead title={t('open.title')}>{t('open.lead')}</Lead>
      <Section title={t('open.form')}>
        <MessageForm path="/api/cases" form={FORM} title={t('open.do')} onDone={({ aggregate }) => aggregate !== null && go(hrefOf(aggregate))} />
      </Section>
    </>
  );
}
