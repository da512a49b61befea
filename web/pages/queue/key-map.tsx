import { Kbd } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { type Key, useLanguage } from '../../words/language.tsx';
import { VERDICTS } from './model.ts';
import css from './queue.module.css';

const KEYS: readonly (readonly [keys: string, text: Key])[] = [
  ['j', 'keys.next'],
  ['k', 'keys.previous'],
  ['Enter', 'keys.enter'],
  ['Esc', 'keys.escape'],
  ['s', 'keys.skip'],
  ['u', 'keys.undo'],
  ['x', 'keys.select'],
  ['Shift+x', 'keys.range'],
  ['f', 'keys.more'],
  ['g', 'keys.gallery'],
  ['i', 'keys.compare'],
  ['h', 'keys.history'],
  ['/', 'keys.search'],
  ['?', 'keys.map'],
];

interface MapProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly keysOn: boolean;
  readonly setKeysOn: (isOn: boolean) => void;
}

/** The map of keys. */
export function KeyMap({ isOpen, onClose, keysOn, setKeysOn }: MapProps): ReactNode {
  const { t, named } = useLanguage();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('keys.title')} close={t('keys.close')}>
      <dl className={css['keys']}>
        {VERDICTS.map((verdict, index) => [
          <dt key={`${verdict} key`}>
            <Kbd>{index + 1}</Kbd>
          </dt>,
          <dd key={verdict}>{t('keys.verdict', { verdict: named('verdict', verdict) })}</dd>,
        ])}
        {KEYS.map(([key, text]) => [
          <dt key={`${key} key`}>
            <Kbd>{key}</Kbd>
          </dt>,
          <dd key={key}>{t(text)}</dd>,
        ])}
      </dl>
      <label className={css['row']}>
        <input type="checkbox" checked={keysOn} onChange={(event) => setKeysOn(event.currentTarget.checked)} />
        {t('keys.on')}
      </label>
    </Dialog>
  );
}
