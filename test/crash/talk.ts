import { Client } from '@temporalio/client';
import { COMMANDS } from '../../commands/catalogue.ts';
import type { Stage } from '../../bench/stage.ts';
import { HOLDER, listingOf, openingOf, REVIEWER } from '../../bench/stage-data.ts';
import type { CaseClient } from '../../client/case-client.ts';
import type { Verdict } from '../../domain/case/model.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { until } from '../support/real-time.ts';

export const CASES_A_ROUND = 4;

type Roll = (sides: number) => number;

/** A random sequence that is the same for the same seed (mulberry32). */
export function dice(seed: number): Roll {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** Sends through a client that loses a third of its signals. */
export function lossyClient(stage: Stage, roll: Roll): CaseClient {
  const { connection, options } = stage.temporal;
  const temporal = new Client({
    connection,
    namespace: options.namespace,
    interceptors: { workflow: [{ signal: (input, next) => (roll(3) === 0 ? Promise.resolve() : next(input)) }] },
  });
  return stage.client({ temporal, waitMs: 0 });
}

/** What the brand says to a case, in order; nothing is silence. */
const TALKS: readonly (readonly (readonly [Verdict, string])[])[] = [
  [['counterfeit', 'packaging']],
  [['counterfeit', 'packaging']],
  [['genuine', 'checked']],
  [
    ['counterfeit', 'packaging'],
    ['genuine', 'checked'],
  ],
  [],
];

/** Opens a case and says to it what was rolled, some of it twice; the ids of the messages. */
export async function talk(stage: Stage, client: CaseClient, number: number, roll: Roll): Promise<readonly string[]> {
  await stubborn(() => openCases(stage.context, [openingOf(number)]));
  const target = { listing: listingOf(number).listing, holder: HOLDER };
  // Two of each round are counterfeit for sure, so that every point comes by.
  const said = TALKS[number % CASES_A_ROUND < 2 ? 0 : roll(TALKS.length)] ?? [];
  const ids: string[] = [];
  for (const [at, [verdict, reasonCode]] of said.entries()) {
    const messageId = `message-${number}-${at}`;
    const times = roll(3) === 0 ? 2 : 1;
    const answer = { verdict, reasonCode, basis: 'image' } as const;
    for (let sent = 0; sent < times; sent++)
      await stubborn(() => client.send(COMMANDS.recordVerdict, { as: REVIEWER, messageId }, target, { ...answer, isCorrection: true }));
    ids.push(messageId);
  }
  return ids;
}

/** Does it again as long as a server is away: the sender learns it, and whoever sent it sends it again under the same id. */
async function stubborn(act: () => Promise<unknown>): Promise<void> {
  let last: unknown;
  const isDone = async () => {
    try {
      await act();
      return true;
    } catch (error) {
      last = error;
      return false;
    }
  };
  await until(isDone, 'a server to come back').catch((cause: unknown) => {
    throw new Error(`${String(cause)}: ${String(last)}`, { cause: last });
  });
}
