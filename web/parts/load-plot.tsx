import type { ReactNode } from 'react';
import { Bar, BarChart, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { dayText } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';
import type { Counts } from './ageing.tsx';
import css from './plot.module.css';

/** Cases opened and closed by day; the line above it says the sums in words. */
export function LoadPlot({ load }: Pick<Counts, 'load'>): ReactNode {
  const language = useLanguage();
  const { t } = language;
  return (
    <figure className={css['plot']} aria-label={t('load.label')}>
      <ResponsiveContainer width="100%" height={180}>
        <BarChart data={load} margin={{ left: 0, right: 8 }} accessibilityLayer={false}>
          <XAxis dataKey="day" tickFormatter={(day: string) => dayText(day, language)} stroke="var(--mantine-color-dimmed)" />
          <YAxis allowDecimals={false} width={36} stroke="var(--mantine-color-dimmed)" />
          <Tooltip
            labelFormatter={(day) => dayText(String(day), language)}
            cursor={{ fill: 'var(--hover)' }}
            contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--line)', borderRadius: 6 }}
          />
          <Legend itemSorter={null} />
          <Bar dataKey="opened" name={t('load.opened')} fill="var(--waiting)" isAnimationActive={false} />
          <Bar dataKey="closed" name={t('load.closed')} fill="var(--acted)" isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}
