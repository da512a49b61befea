import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { packetQuery } from '../api/queries.ts';
import { Chip } from '../parts/chip.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Empty, Lead, Section } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { useLanguage } from '../words/language.tsx';

/** What is missing from the evidence packet of a case or a referral, with the cure; the packet itself. */
export function PacketPage({ id }: { readonly id: string }): ReactNode {
  const { t, named } = useLanguage();
  const query = useQuery(packetQuery(id));
  return (
    <Loaded query={query} lines={8}>
      {({ missing, files, isRefused, profile }) => (
        <>
          <Lead title={t('packet.title', { missing: missing.length })}>{t('packet.lead', { profile })}</Lead>
          <div className={css['stack']}>
            <p className={css['row']}>
              <Link className={css['link'] ?? ''} href={`/${id.split(':')[0]}s/${encodeURIComponent(id)}`}>
                {t('packet.back')}
              </Link>
              {!isRefused && (
                <a className={css['link']} href={`/api/packets/${encodeURIComponent(id)}/file`} download>
                  {t('packet.download')}
                </a>
              )}
            </p>
            <Section title={t('referral.missing')}>
              {missing.length === 0 ? (
                <Empty>{t('referral.complete')}</Empty>
              ) : (
                <ul className={css['list']}>
                  {missing.map(({ item, where, what, cure, refuses }) => (
                    <li key={`${item} ${where} ${what}`} className={css['line']}>
                      <Chip tone={refuses ? 'bad' : 'waiting'}>{named('missing', item)}</Chip>{' '}
                      <span lang="en">
                        {what} <span className={css['dim']}>{cure}</span>
                      </span>
                    </li>
                  ))}
                </ul>
              )}
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
