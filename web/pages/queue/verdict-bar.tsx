import { Kbd } from '@mantine/core';
import type { ReactNode } from 'react';
import { outbox } from '../../api/outbox.ts';
import { Act } from '../../parts/page.tsx';
import { type Language, useLanguage } from '../../words/language.tsx';
import { actionOf, VERDICTS, type Verdict } from './model.ts';
import css from './queue.module.css';
import type { QueueState } from './use-queue.ts';
import type { VerdictState } from './use-verdict.ts';

interface BarProps {
  readonly queue: QueueState;
  readonly verdict: VerdictState;
  readonly takenBy: string | undefined;
  readonly onMap: () => void;
}

/** Every key as a button: verdicts, then the reasons of the one chosen. */
export function VerdictBar({ queue, verdict, takenBy, onMap }: BarProps): ReactNode {
  const { t } = useLanguage();
  const count = verdict.targets.length;
  return (
    <section className={css['bar']} aria-label={t('queue.answer')}>
      {takenBy !== undefined && (
        <p role="status" lang="en">
          {takenBy}
        </p>
      )}
      {count > 1 && <p role="status">{t('queue.selected', { count })}</p>}
      {verdict.choosing === undefined ? <Verdicts queue={queue} verdict={verdict} takenBy={takenBy} /> : <Reasons verdict={verdict} />}
      <div className={css['row']}>
        <Act keys="s" onClick={() => queue.item !== undefined && queue.skip(queue.item.id)}>
          {t('queue.skip')} <Kbd size="xs">s</Kbd>
        </Act>
        <Act keys="u" onClick={() => outbox.undo()}>
          {t('queue.undo')} <Kbd size="xs">u</Kbd>
        </Act>
        <Act keys="f" onClick={() => queue.narrow('like', queue.item?.id ?? '')}>
          {t('queue.more')} <Kbd size="xs">f</Kbd>
        </Act>
        <Act keys="?" onClick={onMap}>
          {t('queue.keys')} <Kbd size="xs">?</Kbd>
        </Act>
      </div>
    </section>
  );
}

function Verdicts({ queue, verdict, takenBy }: Omit<BarProps, 'onMap'>): ReactNode {
  const language = useLanguage();
  const { named } = language;
  return (
    <div className={css['row']}>
      {VERDICTS.map((each, index) => (
        <Act key={each} keys={String(index + 1)} why={whyOf(queue, each, takenBy, language)} onClick={() => verdict.begin(each)}>
          {named('verdict', each)} <Kbd size="xs">{index + 1}</Kbd>
        </Act>
      ))}
    </div>
  );
}

/** Why a verdict cannot be given: a colleague has the case, or the rules refuse it. */
function whyOf({ item }: QueueState, verdict: Verdict, takenBy: string | undefined, { code, named, t }: Language): string | undefined {
  if (takenBy !== undefined) return takenBy;
  const action = item === undefined ? undefined : actionOf(item, verdict);
  if (action?.fault != null) return t('fault.action', { id: action.fault });
  const refused = action?.refused;
  if (refused == null) return undefined;
  return code === 'en' ? `${refused.message} ${refused.cure}` : named('refusal', refused.code);
}

function Reasons({ verdict: { choosing, reason, stop } }: { readonly verdict: VerdictState }): ReactNode {
  const { t, named } = useLanguage();
  if (choosing === undefined) return null;
  const { last } = choosing;
  return (
    <fieldset className={css['reasons']}>
      <legend>{t('queue.why', { verdict: named('verdict', choosing.verdict) })}</legend>
      {choosing.reasons.map(({ code, letter }) => (
        <Act key={code} {...(letter !== undefined && { keys: letter })} onClick={() => reason(code)}>
          {named('reason', code)} {letter !== undefined && <Kbd size="xs">{letter}</Kbd>}
        </Act>
      ))}
      {last !== undefined && (
        <Act keys="Enter" onClick={() => reason(last)}>
          {t('queue.asBefore', { reason: named('reason', last) })} <Kbd size="xs">Enter</Kbd>
        </Act>
      )}
      <Act keys="Escape" variant="subtle" onClick={stop}>
        {t('queue.stop')} <Kbd size="xs">Esc</Kbd>
      </Act>
    </fieldset>
  );
}
