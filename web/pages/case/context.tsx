import type { ReactNode } from 'react';
import type { CaseView } from '../../../api/schemas/case.ts';
import { LineTable } from '../../parts/lines.tsx';
import { Empty, Facts, Section } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { At } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';

/** What stands around a case: appeals, related cases, notifications, points, seal, cost. */
export function Around({ view }: { readonly view: CaseView }): ReactNode {
  const { t } = useLanguage();
  const { appeals, related, letters, seal, cost, ledger, owes } = view;
  return (
    <>
      {owes.length > 0 && (
        <Section title={t('case.owes')}>
          <Owed owes={owes} />
        </Section>
      )}
      <Section title={t('case.appeals')}>
        {appeals.length === 0 ? <Empty>{t('case.noAppeals')}</Empty> : <LineTable lines={appeals} without="holder-and-opened" />}
      </Section>
      {related.length > 0 && (
        <Section title={t('case.related')}>
          <LineTable lines={related} without="holder-and-opened" />
        </Section>
      )}
      {letters.length > 0 && (
        <Section title={t('case.letters')}>
          <Letters letters={letters} />
        </Section>
      )}
      {ledger.length > 0 && (
        <Section title={t('case.points')}>
          <Facts facts={ledger.map((row) => [t('fact.points'), row.voided ? t('seller.voided', { points: row.points }) : String(row.points)])} />
        </Section>
      )}
      {cost !== null && (
        <Section title={t('case.cost')}>
          <Facts
            facts={[
              [t('cost.decisions'), String(cost.decisions)],
              [t('cost.messages'), String(cost.messages)],
              [t('cost.effects'), String(cost.effects)],
              [t('cost.letters'), String(cost.letters)],
            ]}
          />
        </Section>
      )}
      {seal !== null && (
        <Section title={t('case.seal')}>
          <Facts
            facts={[
              [t('fact.sequence'), String(seal.sequence)],
              [t('fact.root'), <code key="root">{seal.root}</code>],
              [t('fact.sealedAt'), <At key="at" at={seal.at} />],
            ]}
          />
        </Section>
      )}
    </>
  );
}

function Owed({ owes }: { readonly owes: CaseView['owes'] }): ReactNode {
  const { t, named } = useLanguage();
  return (
    <ul className={css['list']}>
      {owes.map(({ kind, key, try: attempt }) => (
        <li key={key}>
          {named('effect', kind)} · {t('case.try', { n: attempt })}
        </li>
      ))}
    </ul>
  );
}

function Letters({ letters }: { readonly letters: CaseView['letters'] }): ReactNode {
  const { named } = useLanguage();
  return (
    <ul className={css['list']}>
      {letters.map(({ kind, dueAt, state }) => (
        <li key={`${kind} ${dueAt} ${state}`}>
          {named('letter', kind)} · {named('letterState', state)} · <At at={dueAt} />
        </li>
      ))}
    </ul>
  );
}
