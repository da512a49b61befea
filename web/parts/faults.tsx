import type { ReactNode } from 'react';
import type { CaseView } from '../../api/schemas/case.ts';
import type { Queue } from '../../api/schemas/queue.ts';
import { useLanguage } from '../words/language.tsx';
import { titleOf } from './lines.tsx';
import css from './parts.module.css';

/** Says that a fault of ours has taken something out of the page, with the ids to quote; nothing where the page is whole. */
export function MissingParts({ faults }: { readonly faults: CaseView['faults'] }): ReactNode {
  const { t } = useLanguage();
  if (faults.length === 0) return null;
  return (
    <p role="status" className={css['line']}>
      {t('fault.parts', { ids: faults.map(({ id }) => id).join(', ') })}
    </p>
  );
}

/** The cases of a queue that a fault of ours hides; nothing where there are none. */
export function HiddenCases({ cases }: { readonly cases: Queue['faulty'] }): ReactNode {
  const { t } = useLanguage();
  if (cases.length === 0) return null;
  return (
    <div role="status" className={css['line']}>
      <p>{t('fault.queue', { count: cases.length })}</p>
      <ul>
        {cases.map((one) => (
          <li key={one.id}>
            {titleOf(one)} · {one.id} · {one.fault}
          </li>
        ))}
      </ul>
    </div>
  );
}
