import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { titleOf } from '../../parts/lines.tsx';
import { useLanguage } from '../../words/language.tsx';
import css from './queue.module.css';
import type { VerdictState } from './use-verdict.ts';

/** One summary before an answer goes to many cases. */
export function BulkConfirm({ verdict: { choosing, targets, confirm, stop } }: { readonly verdict: VerdictState }): ReactNode {
  const { t, named } = useLanguage();
  const reason = choosing?.confirm;
  const words = { count: targets.length, verdict: named('verdict', choosing?.verdict ?? ''), reason: named('reason', reason ?? '') };
  return (
    <Dialog isOpen={reason !== undefined} onClose={stop} title={t('queue.bulkTitle', words)} close={t('queue.stop')}>
      <ul className={css['summary']}>
        {targets.map((item) => (
          <li key={item.id}>{titleOf(item)}</li>
        ))}
      </ul>
      <div className={css['row']}>
        <Button variant="filled" data-autofocus onClick={confirm}>
          {t('queue.bulkDo', words)}
        </Button>
        <Button onClick={stop}>{t('queue.stop')}</Button>
      </div>
    </Dialog>
  );
}
