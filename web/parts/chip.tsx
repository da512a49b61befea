import type { ReactNode } from 'react';
import { useLanguage } from '../words/language.tsx';
import css from './parts.module.css';

/** What a status means for the reader; colour never stands without the word. */
type Tone = 'waiting' | 'acted' | 'closed' | 'bad' | 'good';

const TONES: Readonly<Record<string, Tone>> = {
  'awaiting-confirmation': 'waiting',
  'more-asked': 'waiting',
  'in-review': 'waiting',
  offered: 'waiting',
  proposed: 'waiting',
  'asking-brands': 'waiting',
  incomplete: 'waiting',
  'awaiting-approval': 'waiting',
  building: 'acted',
  sending: 'acted',
  'with-recipient': 'acted',
  recapturing: 'waiting',
  'taking-down': 'acted',
  'removed-provisionally': 'acted',
  actioned: 'acted',
  executing: 'acted',
  'in-force': 'acted',
  upheld: 'acted',
  'putting-back': 'good',
  overturned: 'good',
  applied: 'good',
  lifting: 'good',
  lifted: 'good',
  overdue: 'bad',
  refused: 'bad',
};

/** A status as a word with its tone. */
export function StatusChip({ status }: { readonly status: string }): ReactNode {
  const { named } = useLanguage();
  return <Chip tone={TONES[status] ?? 'closed'}>{named('status', status)}</Chip>;
}

/** A word with a tone. */
export function Chip({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode {
  return <span className={`${css['chip']} ${css[tone]}`}>{children}</span>;
}
