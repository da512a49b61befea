import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ReferralOut } from '../../../api/schemas/referrals.ts';
import { hrefOf } from '../../parts/lines.tsx';
import { MissingItems } from '../../parts/missing.tsx';
import { Empty, Facts, Section } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { At, Due } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';

type DraftOut = NonNullable<ReferralOut['draft']>;
type SentOut = ReferralOut['sent'][number];

/** What is being put together: its packet, what is missing with the cure, what each brand has said. */
export function Draft({ draft }: { readonly draft: DraftOut }): ReactNode {
  const { t, named } = useLanguage();
  const { submission, stage, until, packet, href, missing, proposedBy, cases, brands } = draft;
  return (
    <>
      <Section title={submission === 1 ? t('referral.draft') : t('referral.supplement', { number: submission })}>
        <Facts
          facts={[
            [t('list.status'), named('status', stage)],
            [t('referral.cases'), <Cases key="cases" cases={cases} />],
            ...(until === null ? [] : [[t('referral.until'), <Due key="until" at={until} />] as const]),
            [
              t('referral.packet'),
              packet === null ? (
                t('referral.noPacket')
              ) : (
                <a key="packet" className={css['link']} href={href ?? ''} download>
                  <code>{packet.slice(0, 19)}…</code>
                </a>
              ),
            ],
            ...(proposedBy === null ? [] : [[t('referral.proposedBy'), proposedBy] as const]),
          ]}
        />
      </Section>
      <Section title={t('referral.missing')}>
        {missing.length === 0 ? (
          <Empty>{t(packet === null ? 'referral.notChecked' : 'referral.complete')}</Empty>
        ) : (
          <MissingItems missing={missing} />
        )}
      </Section>
      <Section title={t('referral.brands')}>
        <Brands brands={brands} />
      </Section>
    </>
  );
}

function Brands({ brands }: { readonly brands: DraftOut['brands'] }): ReactNode {
  const { t } = useLanguage();
  return (
    <ul className={css['list']}>
      {brands.map(({ brand, brandName, given }) => (
        <li key={brand}>
          <b>{brandName ?? brand}</b>{' '}
          {given === null ? (
            t('referral.silent')
          ) : (
            <>
              <At at={given.at} />: {given.appraisal ?? t('referral.erased')} {given.priceStatement}{' '}
              <span className={css['dim']}>{given.contact}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The cases of a submission, each a link. */
function Cases({ cases }: { readonly cases: DraftOut['cases'] }): ReactNode {
  return (
    <>
      {cases.map(({ case: id, listing, market, sales }) => (
        <div key={id} className={css['line']}>
          <Link className={css['link'] ?? ''} href={hrefOf(id)}>
            {listing}
          </Link>{' '}
          {market}
          {sales === null ? '' : ` · ${sales.amount} ${sales.currency}`}
        </div>
      ))}
    </>
  );
}

/** What has gone out, and whether it arrived. */
export function Sent({ one }: { readonly one: SentOut }): ReactNode {
  const { t, named } = useLanguage();
  return (
    <Section title={t('referral.sent', { number: one.submission })}>
      <Facts
        facts={[
          [t('referral.sentAt'), <At key="at" at={one.at} />],
          [t('referral.delivery'), named('letterState', one.state)],
          [t('referral.cases'), <Cases key="cases" cases={one.cases} />],
          [
            t('referral.packet'),
            <a key="packet" className={css['link']} href={one.href} download>
              <code>{one.packet.slice(0, 19)}…</code>
            </a>,
          ],
        ]}
      />
    </Section>
  );
}
