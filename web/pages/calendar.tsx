import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { newFeedSchema } from '../../api/schemas/calendars.ts';
import { send } from '../api/client.ts';
import { feedsQuery } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Failure, Loaded } from '../parts/loaded.tsx';
import { Act, Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { At } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';

/** The reader's own deadlines in a calendar program: one address for each brand, shown once. */
export function CalendarPage(): ReactNode {
  const { t } = useLanguage();
  const { organisations } = useSession();
  const query = useQuery(feedsQuery);
  return (
    <>
      <Lead title={t('calendar.title')}>{t('calendar.lead')}</Lead>
      <Loaded query={query}>
        {({ lines }) => (
          <div className={css['stack']}>
            {organisations.map(({ id, name }) => (
              <Section key={id} title={name}>
                <Feed organisation={id} madeAt={lines.find(({ organisation }) => organisation === id)?.madeAt} />
              </Section>
            ))}
          </div>
        )}
      </Loaded>
    </>
  );
}

function Feed({ organisation, madeAt }: { readonly organisation: string; readonly madeAt: string | undefined }): ReactNode {
  const { t } = useLanguage();
  const client = useQueryClient();
  const path = `/api/calendars/${encodeURIComponent(organisation)}`;
  const onSuccess = () => client.invalidateQueries({ queryKey: feedsQuery.queryKey });
  const make = useMutation({ mutationFn: () => send<z.output<typeof newFeedSchema>>('PUT', path), onSuccess });
  const end = useMutation({
    mutationFn: () => send('DELETE', path),
    onSuccess: () => {
      make.reset();
      return onSuccess();
    },
  });
  const failed = make.error ?? end.error;
  return (
    <div className={css['stack']}>
      <p>
        {madeAt === undefined ? (
          t('calendar.none')
        ) : (
          <>
            {t('calendar.made')} <At at={madeAt} />
          </>
        )}
      </p>
      {make.data !== undefined && (
        <p role="status">
          {t('calendar.once')} <code className={css['mono']}>{make.data.url}</code>
        </p>
      )}
      <div className={css['row']}>
        <Act onClick={() => make.mutate()} loading={make.isPending}>
          {t(madeAt === undefined ? 'calendar.make' : 'calendar.again')}
        </Act>
        {madeAt !== undefined && (
          <Act onClick={() => end.mutate()} loading={end.isPending}>
            {t('calendar.end')}
          </Act>
        )}
      </div>
      {failed !== null && <Failure error={failed} />}
    </div>
  );
}
