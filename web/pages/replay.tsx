import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { z } from 'zod';
import type { replaySchema } from '../../api/schemas/audit.ts';
import { replayQuery } from '../api/queries.ts';
import { Chip } from '../parts/chip.tsx';
import { hrefOf } from '../parts/lines.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { At } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';

/** Every decision of an aggregate decided again, and every check of its chain. */
export function ReplayPage({ id }: { readonly id: string }): ReactNode {
  const { t, code } = useLanguage();
  const query = useQuery(replayQuery(id, code));
  return (
    <Loaded query={query} lines={10}>
      {({ ok, broken, checks, decisions, unproved }) => (
        <>
          <Lead title={ok ? t('replay.good', { count: decisions.length }) : t('replay.bad', { what: broken?.what ?? '' })}>{id}</Lead>
          <div className={css['stack']}>
            <p className={css['row']}>
              <Link className={css['link'] ?? ''} href={hrefOf(id)}>
                {t('replay.case')}
              </Link>
              <a className={css['link']} href={`/api/audit/${encodeURIComponent(id)}/history`} download>
                {t('replay.export')}
              </a>
              <a className={css['link']} href={`/api/audit/${encodeURIComponent(id)}/history?redacted=true`} download>
                {t('replay.exportRedacted')}
              </a>
              <a className={css['link']} href="/verify.html">
                {t('verify.offline')}
              </a>
            </p>
            <Section title={t('replay.checks')}>
              <ul className={css['list']}>
                {checks.map(({ ok: holds, what }) => (
                  <li key={what}>
                    <Chip tone={holds ? 'good' : 'bad'}>{t(holds ? 'replay.holds' : 'replay.broken')}</Chip> <span lang="en">{what}</span>
                  </li>
                ))}
                {unproved.map((what) => (
                  <li key={what}>
                    <Chip tone="closed">{t('replay.unproved')}</Chip> <span lang="en">{what}</span>
                  </li>
                ))}
              </ul>
            </Section>
            <Section title={t('replay.decisions')}>
              <ol className={css['list']}>
                {decisions.map((decision) => (
                  <Decision key={`${decision.aggregate} ${decision.n}`} decision={decision} />
                ))}
              </ol>
            </Section>
          </div>
        </>
      )}
    </Loaded>
  );
}

type DecisionTold = z.output<typeof replaySchema>['decisions'][number];

function Decision({ decision }: { readonly decision: DecisionTold }): ReactNode {
  const { t, code } = useLanguage();
  const { n, at, who, input, policy, instants, outcome, next, rules, same, why } = decision;
  return (
    <li className={css['replayed']}>
      <b>{n}</b> <At at={at} /> <Chip tone={same ? 'good' : 'bad'}>{same ? t('replay.same') : t('replay.differs')}</Chip>{' '}
      {why !== undefined && <span lang="en">{why}</span>}
      <ul lang="en">
        <li>
          {who}: {input}
        </li>
        {outcome.map((line) => (
          <li key={line} lang={code}>
            {line}
          </li>
        ))}
        {[...next, ...instants].map((line) => (
          <li key={line}>{line}</li>
        ))}
        {policy.map(({ path, value, source }) => (
          <li key={path}>
            <code>
              {path} = {value}
            </code>{' '}
            {source}
          </li>
        ))}
        <li>
          {t('case.rules')} <code>{rules}</code>
        </li>
      </ul>
    </li>
  );
}
