import type { Command, Event } from './aggregate.ts';
import type { Decision } from './decision.ts';

/** Kinds of commands by the names under which they were recorded before. */
const COMMANDS: Readonly<Record<string, string>> = {
  recordOutcome: 'recordEffectResult',
  recordFact: 'recordAuthorityAction',
  fileCounterStatement: 'fileCounterNotice',
};
const EVENTS: Readonly<Record<string, string>> = { CounterStatementFiled: 'CounterNoticeFiled' };
const APPEALS: Readonly<Record<string, string>> = { 'counter-statement': 'counter-notice' };

/** The name that is used today; a name that never changed is itself. */
function todays(names: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name;
}

function appealRenamed<T extends object>(one: T): T {
  return 'appeal' in one && typeof one.appeal === 'string' ? { ...one, appeal: todays(APPEALS, one.appeal) } : one;
}

/** The word of today for a kind of command, event or appeal; a word that never changed is itself. */
export function todaysWord(word: string): string {
  return todays({ ...COMMANDS, ...EVENTS, ...APPEALS }, word);
}

/** A recorded command in the names of today. */
export function commandInTodaysNames(command: Command): Command {
  return appealRenamed({ ...command, kind: todays(COMMANDS, command.kind) });
}

/** A recorded event in the names of today. */
export function eventInTodaysNames<E extends Event>(event: E): E {
  return appealRenamed({ ...event, type: todays(EVENTS, event.type) });
}

/**
 * A recorded decision in the names of today. What is recorded is hashed and never rewritten: whoever shows or folds decisions reads them
 * through here; whoever checks hashes or decides again must not.
 */
export function inTodaysNames(decision: Decision): Decision {
  const { command, outcome } = decision;
  const renamed = { ...decision, command: commandInTodaysNames(command) };
  return 'events' in outcome ? { ...renamed, outcome: { ...outcome, events: outcome.events.map(eventInTodaysNames) } } : renamed;
}
