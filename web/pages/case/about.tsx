import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CaseView } from '../../../api/schemas/case.ts';
import { useSession } from '../../api/session.tsx';
import { Evidence } from '../../parts/evidence.tsx';
import { hrefOf } from '../../parts/lines.tsx';
import { Facts, Section } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { References, Rights, SellerHistory } from '../../parts/register.tsx';
import { At, Until } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';
import { Findings } from '../queue/subject.tsx';

/** What the case is about: listing, capture, rights, reference products, seller, findings, the answer and its measure. */
export function About({ view }: { readonly view: CaseView }): ReactNode {
  const { t } = useLanguage();
  const { capacity } = useSession();
  if (capacity === 'seller') return <SellersSubject view={view} />;
  return (
    <>
      <Section title={t('case.subject')}>
        <Subject view={view} />
      </Section>
      {view.measure !== null && (
        <Section title={t('case.measure')}>
          <Measure measure={view.measure} />
        </Section>
      )}
      {view.kind !== 'sanction' && (
        <>
          <Section title={t('case.evidence')}>
            <Evidence captures={view.captures} />
          </Section>
          <div className={`${css['columns']} ${css['twoColumns']}`}>
            <Section title={t('subject.rights')}>
              <Rights rights={view.rights} />
            </Section>
            <Section title={t('subject.reference')}>
              <References references={view.references} />
            </Section>
            <Section title={t('subject.findings')}>
              <Findings findings={view.findings} />
            </Section>
            <Section title={t('subject.seller')}>
              <SellerHistory seller={view.seller} />
            </Section>
          </div>
        </>
      )}
    </>
  );
}

function Subject({ view }: { readonly view: CaseView }): ReactNode {
  const { t, named } = useLanguage();
  const { listingNow, verdict } = view;
  const price = listingNow?.price ?? null;
  return (
    <Facts
      facts={[
        [t('fact.listing'), view.listing === '' ? '–' : `${view.listing} (${view.marketplace})`],
        ...(view.about === null ? [] : [[t('fact.about'), <CaseLink key="about" id={view.about} />] as const]),
        [t('list.holder'), view.holderName ?? view.holder],
        [t('fact.price'), price === null ? '–' : `${price.amount} ${price.currency}`],
        [t('fact.description'), listingNow?.description ?? '–'],
        [
          t('fact.verdict'),
          verdict === null ? (
            t('fact.noVerdict')
          ) : (
            <>
              {named('verdict', verdict.verdict)} · {named('reason', verdict.reasonCode)} · {named('basis', verdict.basis)} · <At at={verdict.at} />
            </>
          ),
        ],
        [t('list.opened'), <At key="opened" at={view.openedAt} />],
        ...(view.riskClass === null ? [] : [[t('fact.risk'), named('risk', view.riskClass)] as const]),
        ...(view.policy === null ? [] : [[t('fact.policy'), <code key="policy">{view.policy}</code>] as const]),
      ]}
    />
  );
}

/** What an appeal is about. */
function CaseLink({ id }: { readonly id: string }): ReactNode {
  const { t } = useLanguage();
  return (
    <Link className={css['link'] ?? ''} href={hrefOf(id)}>
      {t('fact.caseOf')}
    </Link>
  );
}

/** For a person with no lawyer: which listing, what was done with it, in plain words. */
function SellersSubject({ view }: { readonly view: CaseView }): ReactNode {
  const { t, named } = useLanguage();
  const [right] = view.rights;
  return (
    <Section title={t('case.what')}>
      <div className={css['stack']}>
        <p>{t(`sellerCase.${view.kind}`, { title: view.listingNow?.title ?? view.listing, status: named('status', view.status) })}</p>
        {view.about !== null && (
          <p>
            {t('fact.about')} <CaseLink id={view.about} />
          </p>
        )}
        {right !== undefined && (
          <p>{t('sellerCase.right', { mark: right.mark ?? right.id, type: named('right', right.type), place: right.jurisdiction })}</p>
        )}
        {view.ledger.map(({ points, countsFrom, expiresAt, voided }) => (
          <p key={expiresAt}>
            {voided ? t('seller.voided', { points }) : countsFrom === null ? t('seller.held', { points }) : t('sellerCase.points', { points })}{' '}
            {!voided && countsFrom !== null && (
              <>
                <At at={countsFrom} /> – <Until at={expiresAt} />
              </>
            )}
          </p>
        ))}
        {view.measure !== null && <Measure measure={view.measure} />}
        {view.contestUntil !== null && (
          <p>
            {t('sellerCase.contest')} <Until at={view.contestUntil} />
          </p>
        )}
      </div>
    </Section>
  );
}

function Measure({ measure }: { readonly measure: NonNullable<CaseView['measure']> }): ReactNode {
  const { t, named } = useLanguage();
  const { points, threshold, until, cases } = measure;
  return (
    <Facts
      facts={[
        [t('fact.measure'), named('measure', measure.measure)],
        [t('fact.points'), t('fact.pointsOf', { points, threshold })],
        [t('fact.until'), until === null ? t('fact.openEnded') : <Until key="until" at={until} />],
        [t('fact.cases'), String(cases.length)],
      ]}
    />
  );
}
