import type { ReactNode } from 'react';
import type { CaseView } from '../../api/schemas/case.ts';
import { At } from '../words/clock.tsx';
import { useLanguage } from '../words/language.tsx';
import css from './evidence.module.css';
import { Empty } from './page.tsx';

/** The captured images, byte for byte what the marketplace served; nothing is loaded from a seller's own address. */
export function Evidence({ captures }: { readonly captures: CaseView['captures'] }): ReactNode {
  const { t } = useLanguage();
  if (captures.length === 0) return <Empty>{t('subject.noCapture')}</Empty>;
  return (
    <div id="gallery" tabIndex={-1}>
      {captures.map((capture) => (
        <div key={capture.digest}>
          <p className={css['dim']}>
            {capture.at === null ? '' : <At at={capture.at} />} <span title={capture.digest}>{capture.digest.slice(0, 19)}…</span>
          </p>
          {capture.isMissing && <Empty>{t('subject.captureMissing')}</Empty>}
          <div className={css['gallery']}>
            {capture.images.map(({ url, href }, index) =>
              href === null ? (
                <Empty key={url}>{t('subject.imageMissing', { n: index + 1 })}</Empty>
              ) : (
                <a key={url} href={href} target="_blank" rel="noreferrer">
                  <img src={href} alt={t('subject.image', { n: index + 1 })} loading="lazy" />
                </a>
              ),
            )}
          </div>
        </div>
      ))}
    </div>
  );
}
