import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Line } from '../../api/schemas/lists.ts';
import { type Filters, type ListKind, listQuery } from '../api/queries.ts';
import { At, Due } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';
import { StatusChip } from './chip.tsx';
import { Loaded } from './loaded.tsx';
import { Empty } from './page.tsx';
import css from './parts.module.css';
import { Table } from './table.tsx';

/** Columns that leave nothing to say: of one holder, or beside something larger. */
type Without = 'holder' | 'opened' | 'holder-and-opened';

interface ListProps {
  readonly kind: ListKind;
  readonly filters: Filters;
  readonly empty: string;
  readonly without?: Without;
}

/** A list that can go on. */
export function Lines({ kind, filters, empty, without }: ListProps): ReactNode {
  const { t } = useLanguage();
  const query = useInfiniteQuery(listQuery(kind, filters));
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const lines = pages.flatMap((page) => page.lines);
        if (lines.length === 0) return <Empty>{empty}</Empty>;
        return (
          <>
            <LineTable lines={lines} {...(without && { without })} />
            {query.hasNextPage && (
              <Button mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('list.more')}
              </Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

/** Where the page of a case, an appeal, a sanction or a referral is: the kind stands in its id. */
export function hrefOf(id: string): string {
  return `/${id.split(':')[0]}s/${encodeURIComponent(id)}`;
}

/** What a line is called: its listing's title, else what it has. */
export function titleOf({ title, listing, id }: Pick<Line, 'title' | 'listing' | 'id'>): string {
  // A measure has no listing: the beginning of its id tells it from others.
  return title ?? (listing === '' ? `${id.slice(0, 17)}…` : listing);
}

/** Cases, appeals or sanctions in rows. */
export function LineTable({ lines, without }: { readonly lines: readonly Line[]; readonly without?: Without }): ReactNode {
  const { t } = useLanguage();
  const heads = [
    t('list.subject'),
    ...(hasHolder(without) ? [t('list.holder')] : []),
    t('list.status'),
    t('list.due'),
    ...(hasOpened(without) ? [t('list.opened')] : []),
  ];
  return (
    <Table heads={heads} isStackable>
      {lines.map((line) => (
        <Row key={line.id} line={line} without={without} />
      ))}
    </Table>
  );
}

function hasHolder(without: Without | undefined): boolean {
  return without === undefined || without === 'opened';
}

function hasOpened(without: Without | undefined): boolean {
  return without === undefined || without === 'holder';
}

function Row({ line, without }: { readonly line: Line; readonly without: Without | undefined }): ReactNode {
  const { t, named } = useLanguage();
  return (
    <tr>
      <td>
        <Link className={css['link'] ?? ''} href={hrefOf(line.id)}>
          {line.measureKind === null ? titleOf(line) : named('measure', line.measureKind)}
        </Link>{' '}
        <span className={css['dim']}>{line.listing}</span>
        {line.claim !== null && !line.claim.isMine && <div className={css['dim']}>{t('list.claimed', { name: line.claim.name })}</div>}
      </td>
      {hasHolder(without) && <td>{line.holderName ?? line.holder}</td>}
      <td>
        <StatusChip status={line.status} />
      </td>
      <td>
        {line.due === null ? (
          '–'
        ) : (
          <>
            <Due at={line.due} /> <span className={css['dim']}>{line.dueRule === null ? '' : named('deadline', line.dueRule)}</span>
          </>
        )}
      </td>
      {hasOpened(without) && (
        <td>
          <At at={line.openedAt} />
        </td>
      )}
    </tr>
  );
}
