import type { ReactNode } from 'react';
import { Bar, BarChart, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useLocation } from 'wouter';
import { useLanguage } from '../words/language.tsx';
import { BANDS, casesHref, type Counts } from './ageing.tsx';
import css from './plot.module.css';

const FILL: { readonly [B in (typeof BANDS)[number]['name']]: string } = {
  overdue: 'var(--bad)',
  day: 'var(--waiting)',
  threeDays: 'var(--acted)',
  later: 'var(--closed)',
};
const MOST_BRANDS = 12;

/** The ageing table as bars; the table beside it says the same in numbers, so that readers of screens lose nothing. */
export function AgeingPlot({ counts: { ageing, at } }: { readonly counts: Counts }): ReactNode {
  const { t } = useLanguage();
  const [, go] = useLocation();
  const rows = ageing.slice(0, MOST_BRANDS).map((row) => ({ ...row, name: row.holderName ?? row.holder }));
  return (
    <figure className={css['plot']} aria-label={t('ageing.plotLabel')}>
      <ResponsiveContainer width="100%" height={Math.max(160, rows.length * 34 + 70)}>
        <BarChart data={rows} layout="vertical" margin={{ left: 8, right: 16 }} accessibilityLayer={false}>
          <XAxis type="number" allowDecimals={false} stroke="var(--mantine-color-dimmed)" />
          <YAxis type="category" dataKey="name" width={120} stroke="var(--mantine-color-dimmed)" />
          <Tooltip
            cursor={{ fill: 'var(--hover)' }}
            contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--line)', borderRadius: 6 }}
            formatter={(value, name, { payload }) => [t('ageing.of', { count: Number(value), all: totalOf(payload) }), name]}
          />
          <Legend itemSorter={null} />
          {BANDS.map((band) => (
            <Bar
              key={band.name}
              dataKey={band.name}
              name={t(`ageing.${band.name}`)}
              stackId="all"
              fill={FILL[band.name]}
              isAnimationActive={false}
              onClick={({ payload }) => go(casesHref(String((payload as { holder?: unknown } | undefined)?.holder), band, at))}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}

/** Rates come with their denominator: how many of a brand's open cases. */
function totalOf(row: unknown): number {
  const counts = row as Counts['ageing'][number];
  return BANDS.reduce((sum, { name }) => sum + counts[name], 0);
}
