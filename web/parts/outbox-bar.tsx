import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { type Outgoing, outbox, useOutbox } from '../api/outbox.ts';
import { useLanguage } from '../words/language.tsx';
import { Chip } from './chip.tsx';
import css from './outbox.module.css';

const SHOWN = 4;

/** Answers on their way: how long they can be taken back, what waits for the network, what was refused. */
export function OutboxBar(): ReactNode {
  const { t } = useLanguage();
  const client = useQueryClient();
  const entries = useOutbox();
  const done = entries.filter(({ state }) => state === 'done').length;
  // The lists that an answer leaves are read again, but never the queue under the reviewer's hands.
  useEffect(() => {
    if (done > 0) void client.invalidateQueries({ queryKey: ['live', 'view'] });
  }, [done, client]);
  const open = entries.filter(({ state }) => state !== 'done');
  if (open.length === 0) return null;
  const more = open.length - SHOWN;
  return (
    <aside className={css['bar']} aria-label={t('outbox.label')}>
      <ul className={css['list']}>
        {open.slice(-SHOWN).map((entry) => (
          <li key={entry.messageId}>
            <Entry entry={entry} />
          </li>
        ))}
      </ul>
      {more > 0 && <p>{t('outbox.more', { count: more })}</p>}
      {open.some(({ state }) => state === 'held') && (
        <Button onClick={() => outbox.undo()} aria-keyshortcuts="u">
          {t('outbox.undo')}
        </Button>
      )}
    </aside>
  );
}

function Entry({ entry }: { readonly entry: Outgoing }): ReactNode {
  const { t, named } = useLanguage();
  const { messageId, title, verdict, state } = entry;
  const isBad = state === 'refused' || state === 'fault';
  return (
    <>
      <Chip tone={isBad ? 'bad' : state === 'offline' ? 'waiting' : 'acted'}>{named('verdict', verdict)}</Chip> <span>{title}</span>{' '}
      {state === 'held' ? <Countdown entry={entry} /> : <span role="status">{t(`outbox.${state}`, { id: messageId })}</span>}
      {isBad && (
        <>
          {' '}
          <Why entry={entry} /> {state === 'fault' && <Button onClick={() => outbox.again(messageId)}>{t('outbox.again')}</Button>}
          <Button variant="subtle" onClick={() => outbox.dismiss(messageId)}>
            {t('outbox.dismiss')}
          </Button>
        </>
      )}
    </>
  );
}

/** Why it was refused and what cures it; of a fault of ours, the id to quote. */
function Why({ entry: { state, refused, faultId } }: { readonly entry: Outgoing }): ReactNode {
  const { t, named, code } = useLanguage();
  if (state === 'fault') return <span role="alert">{t('state.quote', { id: faultId ?? '' })}</span>;
  if (refused === undefined) return null;
  return (
    <span role="alert" {...(code !== 'en' && named('refusal', refused.code) === refused.code.replaceAll('-', ' ') && { lang: 'en' })}>
      {code === 'en' ? `${refused.message} ${refused.cure}` : named('refusal', refused.code)}
    </span>
  );
}

function Countdown({ entry }: { readonly entry: Outgoing }): ReactNode {
  const { t } = useLanguage();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return <span>{t('outbox.held', { seconds: Math.max(0, Math.ceil((entry.sendAt - now) / 1000)) })}</span>;
}
