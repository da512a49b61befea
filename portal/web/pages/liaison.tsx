import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { ReferralsOut } from '../../server/schemas/referrals.ts';
import { recipientsQuery, referralsQuery, totalsQuery } from '../api/queries.ts';
import { useMay, useSession } from '../api/session.tsx';
import { StatusChip } from '../parts/chip.tsx';
import { hrefOf, Lines } from '../parts/lines.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Act, Empty, Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Left } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';
import { MessageForm } from './case/message-form.tsx';
import { openForm } from './referral/forms.ts';

/** The liaison's first page, and the officer's list: which referrals wait for somebody, what came of all of them, how to open one. */
export function LiaisonPage(): ReactNode {
  const { t } = useLanguage();
  const { capacity } = useSession();
  const mayOpen = useMay('referral.open');
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
                {mayOpen && (
                  <Section title={t('liaison.open')}>
                    <OpenReferral />
                  </Section>
                )}
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
                {capacity === 'liaison' && (
                  <Section title={t('liaison.sealed')}>
                    <Lines kind="cases" filters={{ status: 'actioned' }} empty={t('liaison.noSealed')} without="holder-and-opened" />
                  </Section>
                )}
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
            {due === null ? '–' : <Left at={due} />} <span className={css['dim']}>{dueRule === null ? '' : named('rule', dueRule)}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function OpenReferral(): ReactNode {
  const { t } = useLanguage();
  const [, go] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const recipients = useQuery({ ...recipientsQuery, enabled: isOpen });
  if (!isOpen) return <Act onClick={() => setOpen(true)}>{t('liaison.open')}</Act>;
  return (
    <Loaded query={recipients} lines={3}>
      {({ lines }) =>
        lines.length === 0 ? (
          <Empty>{t('liaison.noRecipients')}</Empty>
        ) : (
          <MessageForm
            path="/api/referrals"
            form={openForm(lines)}
            title={t('liaison.open')}
            onDone={({ aggregate }) => aggregate !== null && go(hrefOf(aggregate))}
            onStop={() => setOpen(false)}
          />
        )
      }
    </Loaded>
  );
}
