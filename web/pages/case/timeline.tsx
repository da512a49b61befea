import type { ReactNode } from 'react';
import type { TimelineEntry } from '../../../api/schemas/case.ts';
import { Chip } from '../../parts/chip.tsx';
import { Empty } from '../../parts/page.tsx';
import { At } from '../../words/clock.tsx';
import { useLanguage } from '../../words/language.tsx';
import css from './case.module.css';

/** Every decision in words: when, who, what followed, and on request why. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }): ReactNode {
  const { t } = useLanguage();
  if (entries.length === 0) return <Empty>{t('case.noTimeline')}</Empty>;
  return (
    <ol className={css['timeline']}>
      {entries.map((entry) => (
        <Entry key={entry.n} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntry }): ReactNode {
  const { t, named, code, happening } = useLanguage();
  const { n, at, by, organisation, person, command, said, events, refused } = entry;
  // What came of a message says what was asked; its exact content stands under the reasons. Not so what was refused, and what readers wrote themselves.
  const isShown = entry.rules === null || refused !== null;
  return (
    <li>
      <p className={css['head']}>
        <span className={css['number']}>{n}</span> <At at={at} /> · {named('capacity', by)}
        {[person, organisation].map((name) => name !== null && <span key={name}> · {name}</span>)}
      </p>
      {command !== '' && (
        <p>
          <b>{named('command', command)}</b>
          {said !== '' && isShown && (
            <span className={css['dim']} lang="en">
              {' '}
              {said}
            </span>
          )}
        </p>
      )}
      <ul>
        {events.map((event) => (
          <li key={`${event.type} ${event.words}`}>{happening(event)}</li>
        ))}
      </ul>
      {refused !== null && (
        <p>
          <Chip tone="bad">{t('case.refused')}</Chip> {code === 'en' ? `${refused.message} ${refused.cure}` : named('refusal', refused.code)}
        </p>
      )}
      {entry.rules !== null && <Why entry={entry} />}
    </li>
  );
}

/** What the decision rests on: policy values with their sources, how each due instant came about, the rules that decided. */
function Why({ entry: { said, policy, instants, rules, hash } }: { readonly entry: TimelineEntry }): ReactNode {
  const { t } = useLanguage();
  return (
    <details className={css['why']}>
      <summary>{t('case.why')}</summary>
      <ul>
        {said !== '' && <li lang="en">{said}</li>}
        {policy.map(({ path, value, source }) => (
          <li key={path} lang="en">
            <code>
              {path} = {value}
            </code>
            {source === null ? '' : ` (${source})`}
          </li>
        ))}
        {instants.map((words) => (
          <li key={words} lang="en">
            {words}
          </li>
        ))}
        <li>
          {t('case.rules')} <code>{rules}</code>
        </li>
        {hash !== null && (
          <li>
            {t('case.hash')} <code>{hash}</code>
          </li>
        )}
      </ul>
    </details>
  );
}
