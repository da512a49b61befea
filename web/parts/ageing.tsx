import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { z } from 'zod';
import type { countsSchema } from '../../api/schemas/lists.ts';
import { useLanguage } from '../words/language.tsx';
import { Empty } from './page.tsx';
import css from './parts.module.css';
import { Table } from './table.tsx';

export type Counts = z.output<typeof countsSchema>;

const HOUR = 3_600_000;
/** Bands of hours left; `from` and `to` are hours after the counts were taken. */
export const BANDS = [
  { name: 'overdue', to: 0 },
  { name: 'day', from: 0, to: 24 },
  { name: 'threeDays', from: 24, to: 72 },
  { name: 'later', from: 72 },
] as const;

/** Exactly the cases that a number counts. */
export function casesHref(holder: string, band: { readonly from?: number; readonly to?: number }, at: string): string {
  const instant = (hours: number) => new Date(Date.parse(at) + hours * HOUR).toISOString();
  const search = new URLSearchParams({ open: 'true', holder });
  if (band.from !== undefined) search.set('dueFrom', instant(band.from));
  if (band.to !== undefined) search.set('dueBefore', instant(band.to));
  return `/cases?${search.toString()}`;
}

/** Open cases by rights holder and hours left; each number leads to its cases. */
export function Ageing({ counts: { ageing, at } }: { readonly counts: Counts }): ReactNode {
  const { t } = useLanguage();
  if (ageing.length === 0) return <Empty>{t('ageing.none')}</Empty>;
  return (
    <Table heads={[t('list.holder'), ...BANDS.map(({ name }) => ({ text: t(`ageing.${name}`), isNumber: true as const }))]}>
      {ageing.map((row) => (
        <tr key={row.holder}>
          <td>{row.holderName ?? row.holder}</td>
          {BANDS.map((band) => (
            <td key={band.name} className={`${css['number']} ${band.name === 'overdue' && row.overdue > 0 ? css['bad'] : ''}`}>
              {row[band.name] === 0 ? (
                '0'
              ) : (
                <Link className={css['link'] ?? ''} href={casesHref(row.holder, band, at)}>
                  {row[band.name]}
                </Link>
              )}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
