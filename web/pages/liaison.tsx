import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { CandidatesOut, ReferralsOut } from '../../api/schemas/referrals.ts';
import { candidatesQuery, referralsQuery, totalsQuery } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { StatusChip } from '../parts/chip.tsx';
import { hrefOf, titleOf } from '../parts/lines.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Act, Empty, Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Due } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';
import { MessageForm } from './case/message-form.tsx';
import { openForm } from './referral/forms.ts';

/** The liaison's first page, and the officer's list: which referrals wait for somebody, what came of all of them, how to open one. */
export function LiaisonPage(): ReactNode {
  const { t } = useLanguage();
  const open = useInfiniteQuery(referralsQuery({ open: 'true' }));
  const closed = useInfiniteQuery(referralsQuery({ open: 'false' }));
  const totals = useQuery(totalsQuery);
  return (
    <Loaded query={open} lines={8}>
      {({ pages }) => {
        const lines = pages.flatMap((page) => page.lines);
        const waiting = lines.filter(({ status }) => status === 'awaiting-approval' || status === 'incomplete').length;
        return (
          <>
            <Lead title={t('liaison.title', { open: lines.length, waiting })}>{t('liaison.lead')}</Lead>
            <div className={`${css['columns']} ${css['sideColumn']}`}>
              <div className={css['stack']}>
                <Section title={t('liaison.referrals')}>
                  {lines.length === 0 ? <Empty>{t('liaison.none')}</Empty> : <ReferralTable lines={lines} />}
                </Section>
                <Section title={t('liaison.sealed')}>
                  <Candidates />
                </Section>
                <Section title={t('liaison.closed')}>
                  <Loaded query={closed}>
                    {(data) => {
                      const ended = data.pages.flatMap((page) => page.lines);
                      return ended.length === 0 ? <Empty>{t('liaison.noClosed')}</Empty> : <ReferralTable lines={ended} />;
                    }}
                  </Loaded>
                </Section>
              </div>
              <div className={css['stack']}>
                <Section title={t('liaison.totals')}>
                  <Loaded query={totals}>
                    {({ words }) =>
                      words.length === 0 ? (
                        <Empty>{t('referral.noOutcomes')}</Empty>
                      ) : (
                        <ul className={css['list']} lang="en">
                          {words.map((line) => (
                            <li key={line}>{line}</li>
                          ))}
                        </ul>
                      )
                    }
                  </Loaded>
                </Section>
              </div>
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

function ReferralTable({ lines }: { readonly lines: ReferralsOut['lines'] }): ReactNode {
  const { t, named } = useLanguage();
  return (
    <Table heads={[t('referral.actor'), t('form.recipient'), t('list.status'), t('list.due')]} isStackable>
      {lines.map(({ id, actor, number, recipient, recipientName, status, due, dueRule }) => (
        <tr key={id}>
          <td>
            <Link className={css['link'] ?? ''} href={hrefOf(id)}>
              {actor ?? '–'} · {number}
            </Link>
          </td>
          <td>{recipientName ?? recipient}</td>
          <td>
            <StatusChip status={status} />
          </td>
          <td>
            {due === null ? '–' : <Due at={due} />} <span className={css['dim']}>{dueRule === null ? '' : named('deadline', dueRule)}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** What can be referred, seller by seller, and the form that does it. */
function Candidates(): ReactNode {
  const { t } = useLanguage();
  const mayOpen = useMay('referral.open');
  const query = useInfiniteQuery(candidatesQuery);
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const lines = pages.flatMap((page) => page.lines);
        return (
          <div className={css['stack']}>
            {lines.length === 0 ? <Empty>{t('liaison.noSealed')}</Empty> : <CandidateTable lines={lines} />}
            {query.hasNextPage && (
              <div>
                <Act loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('list.more')}
                </Act>
              </div>
            )}
            {mayOpen && lines.length > 0 && <OpenReferral candidates={lines} />}
          </div>
        );
      }}
    </Loaded>
  );
}

interface CandidateProps {
  readonly lines: CandidatesOut['lines'];
}

function CandidateTable({ lines }: CandidateProps): ReactNode {
  const { t } = useLanguage();
  return (
    <Table heads={[t('list.subject'), t('referral.actor'), t('list.holder'), t('form.recipient')]} isStackable>
      {lines.flatMap(({ cases, name, recipients }) =>
        cases.map((one) => (
          <tr key={one.id}>
            <td>
              <Link className={css['link'] ?? ''} href={hrefOf(one.id)}>
                {titleOf(one)}
              </Link>{' '}
              <span className={css['dim']}>{one.listing}</span>
            </td>
            <td>
              {name} {name !== one.seller && <span className={css['dim']}>{one.seller}</span>}
            </td>
            <td>{one.holderName ?? one.holder}</td>
            <td>{recipients.flatMap((to) => (one.recipients.includes(to.id) ? [to.name] : [])).join(', ')}</td>
          </tr>
        )),
      )}
    </Table>
  );
}

function OpenReferral({ candidates }: { readonly candidates: CandidatesOut['lines'] }): ReactNode {
  const { t } = useLanguage();
  const [, go] = useLocation();
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <div>
        <Act onClick={() => setOpen(true)}>{t('liaison.open')}</Act>
      </div>
    );
  return (
    <MessageForm
      path="/api/referrals"
      form={openForm(candidates, ({ name, cases }) => t('liaison.choice', { name, count: cases.length }))}
      title={t('liaison.open')}
      onDone={({ aggregate }) => aggregate !== null && go(hrefOf(aggregate))}
      onStop={() => setOpen(false)}
    />
  );
}
