import type { LetterDraft } from '../domain/aggregate.ts';
import type { Instant } from '../domain/instant.ts';
import type { Chain } from './chain.ts';
import { LetterRow, LetterState } from './entities/letters.ts';
import type { Manager } from './orm.ts';

/** The database channel on which the dispatcher hears that there is work. */
export const WORK_CHANNEL = 'interdict_work';

/** Kind of the letter that starts an aggregate's workflow. */
export const START_LETTER = 'start';

/** Kind of the letter after which an actor's ledger is assessed (store/assess.ts). */
export const ASSESS_LETTER = 'assess';

/** Kinds of letters that no mail host ever sees. */
export const INTERNAL_LETTERS: readonly string[] = [START_LETTER, 'message', ASSESS_LETTER];

/** Letters of the decisions, written in their transaction; a new aggregate that is not final also owes its start. */
export async function writeLetters(em: Manager, chain: Chain): Promise<void> {
  const first = chain.decisions.find(({ decision }) => decision.n === 1)?.decision;
  const rows = chain.letters.map(({ n, at, draft }) => letterRow(chain, n, at, draft));
  if (first !== undefined) {
    rows.push(letterRow(chain, 1, first.at, { key: 'start', kind: START_LETTER, to: { aggregate: chain.id }, about: {} }));
  }
  if (rows.length === 0) return;
  await em.insertMany(LetterRow, rows);
  // Without a timestamp or an id: notifications of one transaction with the same payload are one.
  await em.execute(`select pg_notify('${WORK_CHANNEL}', '')`);
}

function letterRow(chain: Chain, n: number, at: Instant, draft: LetterDraft) {
  const { key, kind, to, about, dueAt, unless, digest } = draft;
  return {
    id: `${chain.id}/${n}/${key}`,
    aggregate: chain.id,
    n,
    kind,
    to,
    about,
    unless: unless ?? null,
    digestGroup: digest === undefined ? null : JSON.stringify([digest, to]),
    digest: null,
    writtenAt: at,
    dueAt: dueAt ?? at,
    state: LetterState.waiting,
  };
}
