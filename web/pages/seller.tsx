import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { SellerView } from '../../api/schemas/register.ts';
import { listQuery, sellerQuery } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { hrefOf, Lines, LineTable } from '../parts/lines.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Empty, Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { At, Until } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';

/** The seller's first page: what was restricted, how many points count and when they go, what can be contested. */
export function SellerPage(): ReactNode {
  const { t } = useLanguage();
  const { who } = useSession();
  const seller = useQuery(sellerQuery(who));
  const cases = useInfiniteQuery(listQuery('cases', {}));
  return (
    <Loaded query={seller} lines={6}>
      {(view) => (
        <>
          <Lead title={t('seller.title', { count: cases.data?.pages.reduce((sum, { lines }) => sum + lines.length, 0) ?? 0, points: view.points })}>
            {t('seller.lead')}
          </Lead>
          <div className={`${css['columns']} ${css['sideColumn']}`}>
            <div className={css['stack']}>
              <Section title={t('seller.cases')}>
                <Loaded query={cases}>
                  {({ pages }) => {
                    const lines = pages.flatMap((page) => page.lines);
                    return lines.length === 0 ? <Empty>{t('seller.noCases')}</Empty> : <LineTable lines={lines} without="holder" />;
                  }}
                </Loaded>
              </Section>
              <Section title={t('seller.appeals')}>
                <Lines kind="appeals" filters={{}} empty={t('seller.noAppeals')} without="holder" />
              </Section>
              <Section title={t('seller.measures')}>
                <Lines kind="sanctions" filters={{}} empty={t('seller.noMeasures')} without="holder" />
              </Section>
            </div>
            <Section title={t('seller.points')}>
              <Points view={view} />
            </Section>
          </div>
        </>
      )}
    </Loaded>
  );
}

function Points({ view: { points, step, ladder, ledger } }: { readonly view: SellerView }): ReactNode {
  const { t, named } = useLanguage();
  const next = ladder.find((each) => each.points > points);
  return (
    <div className={css['stack']}>
      <p>{step === null ? t('seller.noStep', { points }) : t('seller.step', { points, measure: named('measure', step.measure) })}</p>
      {next !== undefined && <p>{t('seller.nextStep', { more: next.points - points, at: next.points, measure: named('measure', next.measure) })}</p>}
      {ledger.length === 0 ? (
        <Empty>{t('seller.noPoints')}</Empty>
      ) : (
        <ul className={css['list']}>
          {ledger.map((line) => (
            <li key={line.case}>
              <Link className={css['link'] ?? ''} href={hrefOf(line.case)}>
                {line.listing}
              </Link>
              : <LedgerWords line={line} />
            </li>
          ))}
        </ul>
      )}
      <p className={css['dim']}>{t('seller.removing')}</p>
    </div>
  );
}

function LedgerWords({ line }: { readonly line: SellerView['ledger'][number] }): ReactNode {
  const { t } = useLanguage();
  const { points, voided, countsFrom, counts, expiresAt } = line;
  if (voided) return t('seller.voided', { points });
  if (countsFrom === null) return t('seller.held', { points });
  return (
    <>
      {counts ? t('seller.counts', { points }) : t('seller.notYet', { points })} {counts ? <Until at={expiresAt} /> : <At at={countsFrom} />}
    </>
  );
}
