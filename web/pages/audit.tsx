import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { z } from 'zod';
import type { foundSchema } from '../../api/schemas/audit.ts';
import { accessLogQuery, foundQuery } from '../api/queries.ts';
import { StatusChip } from '../parts/chip.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Empty, Lead, Section } from '../parts/page.tsx';
import { hrefOf, titleOf } from '../parts/lines.tsx';
import css from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { At } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';

/** The auditor's first page: find anything, then replay or verify it; who read what. */
export function AuditPage(): ReactNode {
  const { t } = useLanguage();
  return (
    <>
      <Lead title={t('audit.title')}>{t('audit.lead')}</Lead>
      <div className={css['stack']}>
        <Section title={t('audit.find')}>
          <Find />
        </Section>
        <div className={`${css['columns']} ${css['twoColumns']}`}>
          <Section title={t('audit.verify')}>
            <p>{t('audit.verifyLead')}</p>
            <p>
              <a className={css['link']} href="/verify.html">
                {t('verify.offline')}
              </a>
            </p>
          </Section>
          <Section title={t('audit.log')}>
            <AccessLog />
          </Section>
        </div>
      </div>
    </>
  );
}

function Find(): ReactNode {
  const { t } = useLanguage();
  const [search, setSearch] = useSearchParams();
  const asked = search.get('text') ?? '';
  const [text, setText] = useState(asked);
  const query = useQuery(foundQuery(asked));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSearch({ text: text.trim() });
  };
  return (
    <div className={css['stack']}>
      <form className={css['find']} onSubmit={submit}>
        <TextInput label={t('audit.findLabel')} value={text} maxLength={256} required onChange={(event) => setText(event.currentTarget.value)} />
        <Button type="submit" variant="filled">
          {t('audit.findDo')}
        </Button>
      </form>
      {asked !== '' && (
        <Loaded query={query} lines={2}>
          {({ found }) => (found.length === 0 ? <Empty>{t('audit.nothing', { text: asked })}</Empty> : <FoundTable found={found} />)}
        </Loaded>
      )}
    </div>
  );
}

function FoundTable({ found }: z.output<typeof foundSchema>): ReactNode {
  const { t, named } = useLanguage();
  return (
    <Table heads={[t('list.subject'), t('list.holder'), t('list.status'), t('list.opened'), t('audit.foundAs')]} isStackable>
      {found.map(({ id, as, kind, title, listing, measureKind, holder, holderName, status, openedAt }) => (
        <tr key={`${id} ${as}`}>
          <td>
            <Link className={css['link'] ?? ''} href={hrefOf(id)}>
              {measureKind === null ? titleOf({ id, title, listing }) : named('measure', measureKind)}
            </Link>{' '}
            <span className={css['dim']}>
              {named('kind', kind)} {listing}
            </span>
            <div className={css['line']}>
              <Link className={css['link'] ?? ''} href={`/replay/${encodeURIComponent(id)}`}>
                {t('audit.replay')}
              </Link>
            </div>
          </td>
          <td>{holderName ?? (holder === '' ? '–' : holder)}</td>
          <td>
            <StatusChip status={status} />
          </td>
          <td>
            <At at={openedAt} />
          </td>
          <td>{named('foundAs', as)}</td>
        </tr>
      ))}
    </Table>
  );
}

function AccessLog(): ReactNode {
  const { t, named } = useLanguage();
  const query = useQuery(accessLogQuery);
  return (
    <Loaded query={query}>
      {({ lines }) =>
        lines.length === 0 ? (
          <Empty>{t('audit.noLog')}</Empty>
        ) : (
          <Table heads={[t('audit.when'), t('audit.who'), t('audit.what')]} isStackable>
            {lines.map(({ id, at, who, capacity, operation, aggregate }) => (
              <tr key={id}>
                <td>
                  <At at={at} />
                </td>
                <td>
                  {who} <span className={css['dim']}>{named('capacity', capacity)}</span>
                </td>
                <td>
                  {operation}{' '}
                  <Link className={css['link'] ?? ''} href={hrefOf(aggregate)}>
                    {aggregate.slice(0, 14)}…
                  </Link>
                </td>
              </tr>
            ))}
          </Table>
        )
      }
    </Loaded>
  );
}
