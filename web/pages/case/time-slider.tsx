import { Button, Slider } from '@mantine/core';
import type { ReactNode } from 'react';
import css from '../../parts/parts.module.css';
import { instantText } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';
import { useKeys } from '../queue/use-keys.ts';

interface SliderProps {
  /** Instants of all decisions, oldest first. */
  readonly instants: readonly string[];
  /** The instant that is shown; undefined: now. */
  readonly at: string | undefined;
  readonly onChange: (at: string | undefined) => void;
}

/** Goes back to any decision: the page shows what was known then, and nothing later. `[` and `]` go one decision back and on. */
export function TimeSlider({ instants, at, onChange }: SliderProps): ReactNode {
  const language = useLanguage();
  const { t } = language;
  const now = instants.length;
  const place =
    at === undefined
      ? now
      : Math.max(
          0,
          instants.findLastIndex((each) => each <= at),
        );
  const go = (to: number) => onChange(instants[Math.max(0, to)]);
  useKeys((key) => {
    if (key !== '[' && key !== ']') return false;
    go(key === '[' ? place - 1 : place + 1);
    return true;
  }, instants.length > 0);
  const told = (index: number) => (index >= now ? t('slider.now') : instantText(instants[index] ?? '', language));
  if (instants.length === 0) return null;
  return (
    <section className={css['section']} aria-label={t('slider.label')}>
      <div className={css['row']}>
        <Button aria-keyshortcuts="[" disabled={place === 0} onClick={() => go(place - 1)}>
          {t('slider.back')}
        </Button>
        <Button aria-keyshortcuts="]" disabled={place >= now} onClick={() => go(place + 1)}>
          {t('slider.on')}
        </Button>
        <Button disabled={at === undefined} onClick={() => onChange(undefined)}>
          {t('slider.toNow')}
        </Button>
        <span role="status">{at === undefined ? t('slider.isNow') : t('slider.shown', { at: instantText(at, language), utc: at })}</span>
      </div>
      <Slider
        mt="xs"
        min={0}
        max={now}
        value={place}
        onChange={go}
        label={told}
        thumbLabel={t('slider.label')}
        thumbProps={{ 'aria-valuetext': told(place) }}
        marks={instants.map((_, value) => ({ value }))}
      />
    </section>
  );
}
