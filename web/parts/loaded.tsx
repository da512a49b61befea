import { Alert, Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiProblem, isFault, Unreachable } from '../api/client.ts';
import { useLanguage } from '../words/language.tsx';
import css from './parts.module.css';

const SLOW_MS = 300;

interface LoadedProps<T> {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch' | 'isFetching'>;
  /** About how many lines the content will have. */
  readonly lines?: number;
  readonly children: (data: T) => ReactNode;
}

/** What a query came to: its content, a skeleton of it, or what went wrong and what cures it. */
export function Loaded<T>({ query, lines = 4, children }: LoadedProps<T>): ReactNode {
  const { data, error, refetch } = query;
  if (data === undefined) return error === null ? <Waiting lines={lines} /> : <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {children(data)}
    </>
  );
}

/** A skeleton; words come when it takes longer than a blink. */
export function Waiting({ lines }: { readonly lines: number }): ReactNode {
  const { t } = useLanguage();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={css['stack']} aria-busy="true">
      <p role="status" className={css['dim']}>
        {isSlow ? t('state.loading') : ''}
      </p>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have nothing else
        <Skeleton key={index} height={18} radius="sm" />
      ))}
    </div>
  );
}

/** What failed, why, and what cures it, with the id to quote. */
export function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }): ReactNode {
  const { t } = useLanguage();
  return (
    <Alert color="red" role="alert" title={titleOf(error, t)}>
      <Reasons error={error} />
      {onRetry !== undefined && (
        <Button mt="xs" onClick={onRetry}>
          {t('state.retry')}
        </Button>
      )}
    </Alert>
  );
}

function titleOf(error: Error, t: ReturnType<typeof useLanguage>['t']): string {
  if (error instanceof Unreachable) return t('state.offline');
  if (error instanceof ApiProblem && error.status === 404) return t('state.notFound');
  if (isFault(error)) return t('state.fault');
  return error instanceof ApiProblem ? t('state.refused') : t('state.broken');
}

function Reasons({ error }: { readonly error: Error }): ReactNode {
  const { t, named, code } = useLanguage();
  if (error instanceof Unreachable) return <p>{t('state.offlineCure')}</p>;
  if (!(error instanceof ApiProblem)) return <p>{error.message}</p>;
  const own = named('refusal', error.code);
  return (
    <>
      {code !== 'en' && <p>{own}</p>}
      {error.message !== '' && (
        <p lang="en">
          {error.message} {error.cure}
        </p>
      )}
      {isFault(error) && <p>{t('state.faultCure')}</p>}
      <ul>
        {error.places.map(({ place, message }) => (
          <li key={`${place} ${message}`} lang="en">
            <b>{place}</b> {message}
          </li>
        ))}
      </ul>
      {isFault(error) && <p className={css['mono']}>{t('state.quote', { id: error.id })}</p>}
    </>
  );
}
