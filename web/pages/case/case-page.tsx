import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CaseView } from '../../../api/schemas/case.ts';
import { type ListKind, viewQuery } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.tsx';
import { StatusChip } from '../../parts/chip.tsx';
import { MissingParts } from '../../parts/faults.tsx';
import { titleOf } from '../../parts/lines.tsx';
import { Lead, Section } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { endOf, Silence } from '../../parts/silence.tsx';
import { deadlineText, distanceWords, useNow } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';
import { Actions } from './actions.tsx';
import { About } from './about.tsx';
import { formOf } from './forms.ts';
import { Around } from './context.tsx';
import { ThroughTime } from './through-time.tsx';
import { Timeline } from './timeline.tsx';

interface PageProps {
  readonly kind: ListKind;
  readonly id: string;
}

/** One case, appeal or sanction: what, why, until when, what can be done; now, or as it was known at the instant in the address. */
export function CasePage({ kind, id }: PageProps): ReactNode {
  return <ThroughTime queryAt={(at) => viewQuery(kind, id, at)} lead={(view) => <CaseLead view={view} />} whole={(view) => <Whole view={view} />} />;
}

function CaseLead({ view }: { readonly view: CaseView }): ReactNode {
  const language = useLanguage();
  const { t, named, happening } = language;
  const now = useNow();
  const { capacity } = useSession();
  const words = {
    kind: named('kind', view.kind),
    title: view.measureKind === null ? titleOf(view) : named('measure', view.measureKind),
    status: named('status', view.status),
  };
  const silence = endOf(view.deadlines[0]);
  const until =
    view.due === null
      ? ''
      : t('case.due', {
          rule: named('deadline', view.dueRule ?? ''),
          at: deadlineText(view.due, language),
          left: distanceWords(view.due, now, language),
          act: silence === undefined ? '' : happening(silence),
        });
  const contest =
    view.contestUntil !== null && capacity === 'seller' ? t('case.contestUntil', { at: deadlineText(view.contestUntil, language) }) : '';
  return <Lead title={t('case.title', words)}>{[until, contest, view.isFinal ? t('case.final') : ''].filter((part) => part !== '').join(' ')}</Lead>;
}

function Whole({ view }: { readonly view: CaseView }): ReactNode {
  const { t } = useLanguage();
  const mayReplay = useMay('audit.replay');
  const mayPack = useMay('packet.read');
  const { capacity } = useSession();
  return (
    <div className={`${css['columns']} ${css['sideColumn']}`}>
      <div className={css['stack']}>
        <MissingParts faults={view.faults} />
        {!view.isPast && view.actions.length > 0 && (
          <Section title={t('case.actions')}>
            <Actions
              actions={view.actions}
              id={view.id}
              base={`/api/${view.kind}s/${encodeURIComponent(view.id)}`}
              formOf={({ command, verdict, reasonCodes }) =>
                verdict === null
                  ? formOf(command)
                  : formOf(command, { fixed: { verdict, isCorrection: view.verdict !== null }, choices: { reasonCode: reasonCodes } })
              }
            />
          </Section>
        )}
        <About view={view} />
        <Section title={t('case.timeline')}>
          <Timeline entries={view.timeline} />
        </Section>
      </div>
      <div className={css['stack']}>
        <Section title={t('case.status')}>
          <p>
            <StatusChip status={view.status} />
          </p>
          {mayPack && view.kind === 'case' && view.isFinal && (
            <p className={css['line']}>
              <Link className={css['link'] ?? ''} href={`/packets/${encodeURIComponent(view.id)}`}>
                {t('packet.link')}
              </Link>
            </p>
          )}
          {mayReplay && (
            <p className={css['line']}>
              <Link className={css['link'] ?? ''} href={`/replay/${encodeURIComponent(view.id)}`}>
                {t('audit.replay')}
              </Link>
            </p>
          )}
        </Section>
        {capacity !== 'seller' && (
          <Section title={t('subject.silence')}>
            <Silence deadlines={view.deadlines} />
          </Section>
        )}
        <Around view={view} />
      </div>
    </div>
  );
}
