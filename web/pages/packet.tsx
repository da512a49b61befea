import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { packetQuery } from '../api/queries.ts';
import { hrefOf } from '../parts/lines.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { MissingItems } from '../parts/missing.tsx';
import { Empty, Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { useLanguage } from '../words/language.tsx';

/** What is missing from the evidence packet of a case or a referral, with the cure; the packet itself. */
export function PacketPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useLanguage();
  const query = useQuery(packetQuery(id));
  return (
    <Loaded query={query} lines={8}>
      {({ missing, files, isRefused, profile }) => (
        <>
          <Lead title={t('packet.title', { missing: missing.length })}>{t('packet.lead', { profile })}</Lead>
          <div className={css['stack']}>
            <p className={css['row']}>
              <Link className={css['link'] ?? ''} href={hrefOf(id)}>
                {t('packet.back')}
              </Link>
              {!isRefused && (
                <a className={css['link']} href={`/api/packets/${encodeURIComponent(id)}/file`} download>
                  {t('packet.download')}
                </a>
              )}
            </p>
            <Section title={t('referral.missing')}>
              {missing.length === 0 ? <Empty>{t('referral.complete')}</Empty> : <MissingItems missing={missing} />}
            </Section>
            {files.length > 0 && (
              <Section title={t('packet.files', { count: files.length })}>
                <ul className={css['list']}>
                  {files.map(({ path, size, sha256 }) => (
                    <li key={path} className={css['line']}>
                      <code>{path}</code> <span className={css['dim']}>{t('packet.bytes', { size })}</span>{' '}
                      <code className={css['mono']}>{sha256.slice(0, 16)}…</code>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}
