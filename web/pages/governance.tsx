import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { Link } from 'wouter';
import { countsQuery } from '../api/queries.ts';
import { Ageing, type Counts } from '../parts/ageing.tsx';
import { StatusChip } from '../parts/chip.tsx';
import { Lines } from '../parts/lines.tsx';
import { Loaded, Waiting } from '../parts/loaded.tsx';
import { Empty, Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { useLanguage } from '../words/language.tsx';

const AgeingPlot = lazy(() => import('../parts/ageing-plot.tsx').then(({ AgeingPlot: plot }) => ({ default: plot })));
const LoadPlot = lazy(() => import('../parts/load-plot.tsx').then(({ LoadPlot: plot }) => ({ default: plot })));
/** The rule whose deadline is the next try of something outside that failed. */
const RETRY = 'effect.retry';
const FINAL: readonly string[] = ['actioned', 'dismissed', 'lapsed', 'cancelled'];

/** The officer's first page: what is overdue, what waits for a decision here, and where the load is. */
export function GovernancePage(): ReactNode {
  const { t } = useLanguage();
  const query = useQuery(countsQuery);
  return (
    <Loaded query={query} lines={10}>
      {(counts) => (
        <>
          <Lead title={leadOf(counts, t)}>{t('governance.lead')}</Lead>
          <div className={`${css['columns']} ${css['twoColumns']}`}>
            <div className={css['stack']}>
              <Section title={t('governance.second')}>
                <Lines kind="sanctions" filters={{ status: 'proposed' }} empty={t('governance.noSecond')} without="holder" />
              </Section>
              <Section title={t('governance.appeals')}>
                <Lines kind="appeals" filters={{ status: 'in-review' }} empty={t('governance.noAppeals')} />
              </Section>
              <Section title={t('governance.next')}>
                <Lines kind="cases" filters={{ open: 'true', limit: '10' }} empty={t('governance.noCases')} without="opened" />
              </Section>
            </div>
            <div className={css['stack']}>
              <Section title={t('governance.stuck')}>
                <Lines kind="cases" filters={{ open: 'true', dueRule: RETRY, limit: '10' }} empty={t('governance.noStuck')} without="opened" />
              </Section>
              <Section title={t('ageing.title')}>
                <Ageing counts={counts} />
              </Section>
              <Section title={t('ageing.plot')}>
                {counts.ageing.length === 0 ? (
                  <Empty>{t('ageing.none')}</Empty>
                ) : (
                  <Suspense fallback={<Waiting lines={5} />}>
                    <AgeingPlot counts={counts} />
                  </Suspense>
                )}
              </Section>
              <Section title={t('load.title')}>
                <Load load={counts.load} />
              </Section>
              <Section title={t('governance.stages')}>
                <Stages counts={counts} />
              </Section>
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

function Load({ load }: Pick<Counts, 'load'>): ReactNode {
  const { t } = useLanguage();
  const sum = (name: 'opened' | 'closed') => load.reduce((total, day) => total + day[name], 0);
  return (
    <>
      <p>{t('load.sums', { opened: sum('opened'), closed: sum('closed') })}</p>
      {load.length > 0 && (
        <Suspense fallback={<Waiting lines={5} />}>
          <LoadPlot load={load} />
        </Suspense>
      )}
    </>
  );
}

function leadOf({ byStatus, ageing }: Counts, t: ReturnType<typeof useLanguage>['t']): string {
  const open = byStatus.filter(({ kind, status }) => kind === 'case' && !FINAL.includes(status)).reduce((sum, { count }) => sum + count, 0);
  const of = (kind: string, status: string) => byStatus.find((row) => row.kind === kind && row.status === status)?.count ?? 0;
  return t('governance.title', {
    open,
    overdue: ageing.reduce((sum, { overdue }) => sum + overdue, 0),
    day: ageing.reduce((sum, { day }) => sum + day, 0),
    second: of('sanction', 'proposed'),
    appeals: of('appeal', 'in-review'),
  });
}

function Stages({ counts }: { readonly counts: Counts }): ReactNode {
  const { t, named } = useLanguage();
  return (
    <Table heads={[t('list.kind'), t('list.status'), { text: t('list.count'), isNumber: true }]}>
      {counts.byStatus.map(({ kind, status, count }) => (
        <tr key={`${kind} ${status}`}>
          <td>{named('kind', kind)}</td>
          <td>
            <StatusChip status={status} />
          </td>
          <td className={css['number']}>
            <Link className={css['link'] ?? ''} href={`/${kind}s?status=${status}`}>
              {count}
            </Link>
          </td>
        </tr>
      ))}
    </Table>
  );
}
