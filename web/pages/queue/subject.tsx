import { memo, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Evidence } from '../../parts/evidence.tsx';
import { MissingParts } from '../../parts/faults.tsx';
import { hrefOf, titleOf } from '../../parts/lines.tsx';
import { Empty, Facts, Section } from '../../parts/page.tsx';
import look from '../../parts/parts.module.css';
import { References, Rights, SellerHistory } from '../../parts/register.tsx';
import { Silence } from '../../parts/silence.tsx';
import { useLanguage } from '../../words/language.tsx';
import type { QueueItem } from './model.ts';
import css from './queue.module.css';

/** All that a reviewer compares, in one place: what - why - until when. */
export const Subject = memo(function Subject({ item }: { readonly item: QueueItem }): ReactNode {
  const { t } = useLanguage();
  return (
    <>
      <MissingParts faults={item.faults} />
      <Section title={titleOf(item)}>
        <div className={css['compare']} id="compare" tabIndex={-1}>
          <div className={look['stack']}>
            <h3>{t('subject.captured')}</h3>
            <Evidence captures={item.captures} />
            <ListingFacts item={item} />
          </div>
          <div className={look['stack']}>
            <h3>{t('subject.reference')}</h3>
            <References references={item.references} />
            <Rights rights={item.rights} />
          </div>
        </div>
        <p>
          <Link className={look['link'] ?? ''} href={hrefOf(item.id)}>
            {t('subject.wholeCase')}
          </Link>
        </p>
      </Section>
      <div className={css['panels']}>
        <Section title={t('subject.findings')}>
          <Findings findings={item.findings} />
        </Section>
        <div id="history" tabIndex={-1}>
          <Section title={t('subject.seller')}>
            <SellerHistory seller={item.seller} />
          </Section>
        </div>
        <Section title={t('subject.silence')}>
          <Silence deadlines={item.deadlines} />
        </Section>
      </div>
    </>
  );
});

function ListingFacts({ item: { listingNow, listing, marketplace, market } }: { readonly item: QueueItem }): ReactNode {
  const { t } = useLanguage();
  if (listingNow === null) return <Empty>{t('subject.notInRegister', { listing })}</Empty>;
  const { price, brand, category, description, images } = listingNow;
  return (
    <>
      <Facts
        facts={[
          [t('fact.price'), price === null ? '–' : `${price.amount} ${price.currency}`],
          [t('fact.brand'), brand ?? '–'],
          [t('fact.category'), category ?? '–'],
          [t('fact.market'), `${marketplace} · ${market ?? '–'}`],
          [t('fact.listing'), listing],
          [t('fact.images'), String(images.length)],
        ]}
      />
      <p className={css['description']}>{description}</p>
    </>
  );
}

/** What detectors found, with their reasons. */
export function Findings({ findings }: { readonly findings: QueueItem['findings'] }): ReactNode {
  const { t } = useLanguage();
  if (findings.length === 0) return <Empty>{t('subject.noFindings')}</Empty>;
  return (
    <ul className={look['list']}>
      {findings.map(({ detector, version, score, reasons }) => (
        <li key={`${detector} ${version}`}>
          <b>{detector}</b> <span className={css['dim']}>v{version}</span> · {t('subject.score', { score: score.toFixed(2) })}
          <ul>
            {reasons.map((reason) => (
              <li key={reason} lang="en">
                {reason}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
