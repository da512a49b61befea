import type { ChainRecord, HistoryFile } from '../domain/history-file.ts';
import type { Check } from './check.ts';

/** The events that close a chain: nothing is decided after one. */
const CLOSING: readonly string[] = ['CaseSealed', 'AppealSealed'];

/** A sealed chain ends with the event that closes it and its root is the hash of that decision; an open one has no such event. */
export function sealCheck(chain: ChainRecord): Check {
  const { aggregate, decisions, seal } = chain;
  const closedAt = decisions.findIndex(
    ({ decision }) => 'events' in decision.outcome && decision.outcome.events.some((event) => CLOSING.includes(event.type)),
  );
  const last = decisions.at(-1);
  const fault = (what: string, n: number): Check => ({ check: 'seal', ok: false, what: `${aggregate}: ${what}`, at: { aggregate, n } });
  if (closedAt >= 0 && closedAt < decisions.length - 1) return fault(`decision ${closedAt + 2} comes after the one that closed it`, closedAt + 2);
  if (seal === null) {
    return closedAt >= 0
      ? fault('it is closed, but its seal is missing', closedAt + 1)
      : { check: 'seal', ok: true, what: `${aggregate}: not sealed yet: later decisions may exist that are not in this file` };
  }
  if (closedAt < 0) return fault('it is sealed, but the decision that closed it is missing', decisions.length);
  if (last?.hash !== seal.root) return fault(`the seal's root is not the hash of its last decision ${decisions.length}`, decisions.length);
  if (last.decision.at !== seal.at) return fault('the seal does not carry the instant of the last decision', decisions.length);
  return { check: 'seal', ok: true, what: `${aggregate}: sealed as number ${seal.sequence} at ${seal.at} with root ${seal.root}` };
}

type Fields = Readonly<Record<string, unknown>>;

/** What an appeal takes over is what the case says of itself: its chain starts from the case's root. */
export function appealLink(file: HistoryFile, appeal: ChainRecord): Check {
  const of = fieldsOf(fieldsOf(appeal.decisions[0]?.decision.command)['of']);
  const opening = fieldsOf(file.decisions[0]?.decision.command);
  const expected: Fields = {
    case: file.aggregate,
    root: file.decisions.at(-1)?.hash,
    sealedAt: file.seal?.at,
    policy: file.decisions[0]?.decision.facts.policy,
    marketplace: opening['marketplace'],
    listing: opening['listing'],
    holder: opening['holder'],
  };
  const wrong = Object.keys(expected).filter((key) => of[key] !== expected[key]);
  const at = { aggregate: appeal.aggregate, n: 1 };
  if (wrong.length > 0) {
    return { check: 'appeal', ok: false, what: `${appeal.aggregate}: its ${wrong.join(', ')} is not that of ${file.aggregate}`, at };
  }
  return { check: 'appeal', ok: true, what: `${appeal.aggregate} starts from the root of ${file.aggregate}` };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
