import type { LetterDraft } from '../domain/aggregate.ts';
import type { Instant } from '../domain/instant.ts';
import type { Chain } from './log/chain-model.ts';
import { LetterState } from './schema/entities/letters.ts';

/** A letter as it is first written. */
export interface NewLetter {
  readonly id: string;
  readonly n: number;
  readonly kind: string;
  readonly to: unknown;
  readonly about: unknown;
  readonly unless: string | null;
  readonly digest_group: string | null;
  readonly written_at: string;
  readonly due_at: string;
  readonly state: LetterState;
}

/** The database channel on which the dispatcher hears that there is work. */
export const WORK_CHANNEL = 'interdict_work';

/** Kind of the letter that starts an aggregate's workflow. */
export const START_LETTER = 'start';

/** Kind of the letter after which an actor's ledger is assessed (store/log/assess-ledger.ts). */
export const ASSESS_LETTER = 'assess';

/** Kind of the letter that brings a link to sign in; it is about no aggregate. */
export const SIGN_IN_LETTER = 'sign-in';

/** Kind of the letter that answers a reply; it is about no one aggregate. */
export const MAIL_ANSWER_LETTER = 'mail-answer';

/** Kind of the letter that tells an endpoint what has changed; it is about no one aggregate. */
export const WEBHOOK_LETTER = 'webhook';

/** Kinds of letters that no mail host ever sees. */
export const INTERNAL_LETTERS: readonly string[] = [START_LETTER, 'message', ASSESS_LETTER];

/** Letters of the decisions; a new aggregate that is not final also owes its start. */
export function newLetters(chain: Chain): readonly NewLetter[] {
  const first = chain.decisions.find(({ decision }) => decision.n === 1)?.decision;
  const letters = chain.letters.map(({ n, at, draft }) => newLetter(chain, n, at, draft));
  if (first === undefined) return letters;
  return [...letters, newLetter(chain, 1, first.at, { key: 'start', kind: START_LETTER, to: { aggregate: chain.id }, about: {} })];
}

function newLetter(chain: Chain, n: number, at: Instant, draft: LetterDraft): NewLetter {
  const { key, kind, to, about, dueAt, unless, digest } = draft;
  return {
    id: `${chain.id}/${n}/${key}`,
    n,
    kind,
    to,
    about,
    unless: unless ?? null,
    digest_group: digest === undefined ? null : JSON.stringify([digest, to]),
    written_at: at,
    due_at: dueAt ?? at,
    state: LetterState.waiting,
  };
}
