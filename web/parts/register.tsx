import type { ReactNode } from 'react';
import type { CaseView } from '../../api/schemas/case.ts';
import { useLanguage } from '../words/language.tsx';
import { StatusChip } from './chip.tsx';
import { Empty } from './page.tsx';
import css from './parts.module.css';

/** Registered rights that the case rests on. */
export function Rights({ rights }: { readonly rights: CaseView['rights'] }): ReactNode {
  const { t, named } = useLanguage();
  if (rights.length === 0) return <Empty>{t('subject.noRights')}</Empty>;
  return (
    <ul className={css['list']}>
      {rights.map(({ id, type, jurisdiction, status, mark, registration, classes }) => (
        <li key={id}>
          <b>{mark ?? id}</b> · {named('right', type)} · {jurisdiction} · {registration ?? '–'}{' '}
          <span className={css['dim']}>
            {named('rightStatus', status)}
            {classes.length > 0 && ` · ${t('subject.classes', { classes: classes.join(', ') })}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Reference products to compare with. Their images are addresses of others, which the page does not load by itself. */
export function References({ references }: { readonly references: CaseView['references'] }): ReactNode {
  const { t } = useLanguage();
  if (references.length === 0) return <Empty>{t('subject.noReferences')}</Empty>;
  return (
    <ul className={css['list']}>
      {references.map(({ brand, partNumber, product, price, images }) => (
        <li key={`${brand} ${partNumber} ${price?.currency ?? ''}`}>
          <b>{product}</b> <span className={css['dim']}>{partNumber}</span> {price === null ? '' : `${price.amount} ${price.currency}`}{' '}
          {images.map((image, index) => (
            <a key={image} className={css['link']} href={/^https?:/.test(image) ? image : undefined} target="_blank" rel="noreferrer">
              {t('subject.image', { n: index + 1 })}
            </a>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** The seller, and what became of its other cases. */
export function SellerHistory({ seller }: { readonly seller: CaseView['seller'] }): ReactNode {
  const { t } = useLanguage();
  if (seller === null) return <Empty>{t('subject.sellerUnknown')}</Empty>;
  return (
    <>
      <p>{seller.id ?? t('subject.sellerWithheld')}</p>
      <ul className={css['list']}>
        {seller.history.map(({ status, count }) => (
          <li key={status}>
            <StatusChip status={status} /> {count}
          </li>
        ))}
      </ul>
    </>
  );
}
