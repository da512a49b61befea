import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { Loaded } from '../../parts/loaded.tsx';
import css from '../../parts/parts.module.css';
import { useLanguage } from '../../words/language.tsx';
import { TimeSlider } from './time-slider.tsx';

interface ThroughTimeProps<T> {
  /** Reads the view as it is now, or as it was known at an instant. */
  readonly queryAt: (at?: string) => UseQueryOptions<T, Error, T, string[]>;
  readonly lead: (present: T) => ReactNode;
  readonly whole: (view: T) => ReactNode;
}

/** One subject now, or as it was known at the instant in the address. */
export function ThroughTime<T extends { readonly instants: readonly string[] }>({ queryAt, lead, whole }: ThroughTimeProps<T>): ReactNode {
  const { t } = useLanguage();
  const [search, setSearch] = useSearchParams();
  const at = search.get('at') ?? undefined;
  const now = useQuery(queryAt());
  const then = useQuery({ ...queryAt(at), enabled: at !== undefined });
  return (
    <Loaded query={now} lines={12}>
      {(present) => (
        <>
          {lead(present)}
          <div className={css['stack']}>
            <TimeSlider
              instants={present.instants}
              at={at}
              onChange={(instant) => setSearch(instant === undefined ? {} : { at: instant }, { replace: true })}
            />
            {at === undefined ? (
              whole(present)
            ) : (
              <Loaded query={then} lines={12}>
                {(past) => (
                  <section aria-label={t('case.past')} data-past>
                    {whole(past)}
                  </section>
                )}
              </Loaded>
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}
