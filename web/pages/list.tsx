import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import type { ListKind } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Lines } from '../parts/lines.tsx';
import { Lead } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { type Key, useLanguage } from '../words/language.tsx';

const STATUSES: { readonly [K in ListKind]: readonly string[] } = {
  cases: [
    'awaiting-confirmation',
    'more-asked',
    'taking-down',
    'recapturing',
    'removed-provisionally',
    'putting-back',
    'actioned',
    'dismissed',
    'lapsed',
    'cancelled',
  ],
  appeals: ['in-review', 'offered', 'taking-down', 'putting-back', 'upheld', 'overturned', 'applied', 'withdrawn'],
  sanctions: ['proposed', 'executing', 'in-force', 'lifting', 'lifted', 'expired', 'overturned', 'rejected'],
};
const TITLES: { readonly [K in ListKind]: Key } = { cases: 'list.cases', appeals: 'list.appeals', sanctions: 'list.sanctions' };
const FILTERS = ['status', 'open', 'holder', 'seller', 'listing', 'marketplace', 'about', 'dueBefore', 'dueFrom', 'dueRule'] as const;

/** A list whose filters live in its address. */
export function ListPage({ kind }: { readonly kind: ListKind }): ReactNode {
  const { t, named } = useLanguage();
  const mayExport = useMay('case.export');
  const [search, setSearch] = useSearchParams();
  const filters = Object.fromEntries(FILTERS.flatMap((name) => (search.get(name) === null ? [] : [[name, search.get(name) ?? '']])));
  const set = (name: string, value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  const told = Object.entries(filters).map(([name, value]) => `${named('filter', name)}: ${named(name === 'dueRule' ? 'rule' : name, value)}`);
  return (
    <>
      <Lead title={t(TITLES[kind])}>{told.length === 0 ? t('list.all') : told.join(' · ')}</Lead>
      <div className={css['stack']}>
        <div className={css['row']}>
          <NativeSelect
            label={named('filter', 'status')}
            value={filters['status'] ?? ''}
            data={[{ value: '', label: t('list.any') }, ...STATUSES[kind].map((value) => ({ value, label: named('status', value) }))]}
            onChange={(event) => set('status', event.currentTarget.value)}
          />
          <NativeSelect
            label={named('filter', 'open')}
            value={filters['open'] ?? ''}
            data={[
              { value: '', label: t('list.any') },
              { value: 'true', label: named('open', 'true') },
              { value: 'false', label: named('open', 'false') },
            ]}
            onChange={(event) => set('open', event.currentTarget.value)}
          />
          <ListingFilter value={filters['listing'] ?? ''} onChange={(value) => set('listing', value)} />
          {mayExport && (
            <a className={css['link']} href={`/api/exports/${kind}?${new URLSearchParams(filters).toString()}`} download>
              {t('list.export')}
            </a>
          )}
        </div>
        <section className={css['section']} aria-label={t(TITLES[kind])}>
          <Lines kind={kind} filters={filters} empty={t('list.empty')} />
        </section>
      </div>
    </>
  );
}

/** Asks when the reader is done typing, not at every letter. */
function ListingFilter({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }): ReactNode {
  const { named } = useLanguage();
  return (
    <TextInput
      key={value}
      size="xs"
      label={named('filter', 'listing')}
      defaultValue={value}
      onBlur={(event) => event.currentTarget.value !== value && onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && onChange(event.currentTarget.value)}
    />
  );
}
