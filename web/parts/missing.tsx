import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { missingSchema } from '../../api/schemas/referrals.ts';
import { useLanguage } from '../words/language.tsx';
import { Chip } from './chip.tsx';
import css from './parts.module.css';

type MissingItem = z.output<typeof missingSchema> & { readonly isWaived?: boolean };

/** What a packet lacks, each with its cure. */
export function MissingItems({ missing }: { readonly missing: readonly MissingItem[] }): ReactNode {
  const { t, named } = useLanguage();
  return (
    <ul className={css['list']}>
      {missing.map(({ item, where, what, cure, refuses, isWaived = false }) => (
        <li key={`${item} ${where} ${what}`} className={css['line']}>
          <Chip tone={isWaived ? 'closed' : refuses ? 'bad' : 'waiting'}>{isWaived ? t('referral.waived') : named('missing', item)}</Chip>{' '}
          <span lang="en">
            {what} <span className={css['dim']}>{cure}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
