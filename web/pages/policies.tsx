import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { policiesQuery, policyDiffQuery, policyQuery } from '../api/queries.ts';
import { Chip } from '../parts/chip.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Empty, Lead, Section } from '../parts/page.tsx';
import { Detectors } from './detectors.tsx';
import css from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { At } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';

/** Policy versions, one of them in full, and what changed from one to the next. */
export function PoliciesPage(): ReactNode {
  const { t } = useLanguage();
  const [search, setSearch] = useSearchParams();
  const query = useQuery(policiesQuery);
  return (
    <Loaded query={query}>
      {({ lines }) => {
        const current = lines.find(({ isInForce }) => isInForce);
        const shown = search.get('version') ?? current?.digest;
        const place = lines.findIndex(({ digest }) => digest === shown);
        const before = lines[place + 1];
        return (
          <>
            <Lead title={t('policies.title', { name: current?.name ?? '–', version: current?.version ?? 0, count: lines.length })}>
              {t('policies.lead')}
            </Lead>
            <div className={css['stack']}>
              <Section title={t('policies.versions')}>
                <ul className={css['list']}>
                  {lines.map(({ digest, name, version, since, isInForce }) => (
                    <li key={digest}>
                      <button
                        type="button"
                        className={css['asLink']}
                        onClick={() => setSearch({ version: digest })}
                        aria-current={digest === shown ? 'true' : undefined}
                      >
                        {name} {version}
                      </button>{' '}
                      <At at={since} /> {isInForce && <Chip tone="good">{t('policies.inForce')}</Chip>} <code className={css['mono']}>{digest}</code>
                    </li>
                  ))}
                </ul>
              </Section>
              <Section title={t('detectors.title')}>
                <Detectors />
              </Section>
              {shown !== undefined && before !== undefined && <Diff digest={shown} since={before.digest} />}
              {shown !== undefined && <Whole digest={shown} />}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

function Diff({ digest, since }: { readonly digest: string; readonly since: string }): ReactNode {
  const { t } = useLanguage();
  const query = useQuery(policyDiffQuery(digest, since));
  return (
    <Section title={t('policies.changes')}>
      <Loaded query={query}>
        {({ changes }) =>
          changes.length === 0 ? (
            <Empty>{t('policies.same')}</Empty>
          ) : (
            <Values
              heads={[t('policies.path'), t('policies.was'), t('policies.is'), t('policies.source')]}
              rows={changes.map(({ path, was, is, isSource, wasSource }) => [path, was ?? '–', is ?? '–', isSource ?? wasSource ?? ''])}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function Whole({ digest }: { readonly digest: string }): ReactNode {
  const { t } = useLanguage();
  const query = useQuery(policyQuery(digest));
  return (
    <Section title={t('policies.values')}>
      <Loaded query={query}>
        {({ document }) => <Values heads={[t('policies.path'), t('policies.is'), t('policies.source')]} rows={valuesOf(document)} />}
      </Loaded>
    </Section>
  );
}

function Values({ heads, rows }: { readonly heads: readonly string[]; readonly rows: readonly (readonly string[])[] }): ReactNode {
  return (
    <Table heads={heads} isStackable className={css['long']} lang="en">
      {rows.map((row) => (
        <tr key={row[0]}>
          {heads.map((head, index) => (
            <td key={head} className={index === 0 ? css['mono'] : undefined}>
              {row[index]}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

/** Every value of a document by its path, with its source. */
function valuesOf(node: unknown, path = ''): readonly (readonly [path: string, value: string, source: string])[] {
  if (typeof node !== 'object' || node === null) return [[path, JSON.stringify(node), '']];
  if ('value' in node && 'source' in node) return [[path, JSON.stringify(node.value), String(node.source)]];
  return Object.entries(node).flatMap(([key, child]) => valuesOf(child, path === '' ? key : `${path}.${key}`));
}
