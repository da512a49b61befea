import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ReferralOut } from '../../../api/schemas/referrals.ts';
import { referralQuery } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { StatusChip } from '../../parts/chip.tsx';
import { MissingParts } from '../../parts/faults.tsx';
import { hrefOf } from '../../parts/lines.tsx';
import { Empty, Facts, Lead, Section } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { endOf, Silence } from '../../parts/silence.tsx';
import { deadlineText, distanceWords, useNow } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';
import { Actions } from '../case/actions.tsx';
import { ThroughTime } from '../case/through-time.tsx';
import { Timeline } from '../case/timeline.tsx';
import { referralForm } from './forms.ts';
import { Outcomes, Questions } from './outcomes.tsx';
import { Draft, Sent } from './submissions.tsx';

/** One referral: where it stands, what is missing, what the authority said and did; now, or as it was known at the instant in the address. */
export function ReferralPage({ id }: { readonly id: string }): ReactNode {
  return (
    <ThroughTime queryAt={(at) => referralQuery(id, at)} lead={(view) => <ReferralLead view={view} />} whole={(view) => <Whole view={view} />} />
  );
}

function ReferralLead({ view }: { readonly view: ReferralOut }): ReactNode {
  const language = useLanguage();
  const { t, named, happening } = language;
  const now = useNow();
  const { actor, number, recipient, recipientName, status, due, dueRule, deadlines } = view;
  const words = { actor: actor ?? '–', number, recipient: recipientName ?? recipient, status: named('status', status) };
  const act = endOf(deadlines[0]);
  const until =
    due === null
      ? ''
      : t('case.due', {
          rule: named('deadline', dueRule ?? ''),
          at: deadlineText(due, language),
          left: distanceWords(due, now, language),
          act: act === undefined ? '' : happening(act),
        });
  return <Lead title={t('referral.title', words)}>{until === '' && view.isFinal ? t('case.final') : until}</Lead>;
}

function Whole({ view }: { readonly view: ReferralOut }): ReactNode {
  const { t, named } = useLanguage();
  const { id, actions, draft, sent, leftOut, deadlines, timeline, isPast } = view;
  return (
    <div className={`${css['columns']} ${css['sideColumn']}`}>
      <div className={css['stack']}>
        <MissingParts faults={view.faults} />
        {!isPast && actions.length > 0 && (
          <Section title={t('case.actions')}>
            <Actions
              actions={actions}
              id={id}
              base={`/api/referrals/${encodeURIComponent(id)}`}
              formOf={({ command }) => referralForm(command, view)}
            />
          </Section>
        )}
        {draft !== null && <Draft draft={draft} />}
        {sent.map((one) => (
          <Sent key={one.submission} one={one} />
        ))}
        {leftOut.length > 0 && (
          <Section title={t('referral.leftOut')}>
            <ul className={css['list']}>
              {leftOut.map(({ case: left, reason }) => (
                <li key={left} className={css['line']}>
                  <Link className={css['link'] ?? ''} href={hrefOf(left)}>
                    {left.slice(0, 17)}…
                  </Link>{' '}
                  {named('leftOut', reason)}
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Questions questions={view.questions} />
        <Section title={t('case.timeline')}>
          <Timeline entries={timeline} />
        </Section>
      </div>
      <div className={css['stack']}>
        <About view={view} />
        <Outcomes outcomes={view.outcomes} totals={view.totals} />
        <Section title={t('subject.silence')}>
          <Silence deadlines={deadlines} />
        </Section>
      </div>
    </div>
  );
}

function About({ view }: { readonly view: ReferralOut }): ReactNode {
  const { t } = useLanguage();
  const mayReplay = useMay('audit.replay');
  const { id, status, actor, recipient, recipientName, recipientNow, reference, profile, openedBy, cost } = view;
  return (
    <Section title={t('case.status')}>
      <p>
        <StatusChip status={status} />
      </p>
      <Facts
        facts={[
          [t('referral.actor'), actor ?? '–'],
          [
            t('form.recipient'),
            recipientNow === null ? `${recipientName ?? recipient}: ${t('referral.noRecipient')}` : `${recipientNow.name} (${recipientNow.country})`,
          ],
          [t('form.reference'), reference ?? '–'],
          [t('referral.profile'), profile],
          [t('referral.openedBy'), openedBy ?? t('referral.byEngine')],
          [t('cost.decisions'), String(cost.decisions)],
        ]}
      />
      {mayReplay ? (
        <p>
          <Link className={css['link'] ?? ''} href={`/replay/${encodeURIComponent(id)}`}>
            {t('audit.replay')}
          </Link>
        </p>
      ) : (
        <Empty>{t('referral.confidential')}</Empty>
      )}
    </Section>
  );
}
