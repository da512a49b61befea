import type { Facts, InstantFact, InstantQuestion, Questions } from './aggregate.ts';
import type { Instant } from './instant.ts';

/** An answered instant; asking for one that was not in the questions is a programming error. */
export function instantFact(facts: Facts, name: string): InstantFact {
  const fact = facts.instants[name];
  if (fact === undefined) throw new Error(`the rule decides on ${name} without having asked for it`);
  return fact;
}

/** The answer to a question that is asked again, or what somebody was told before where that is later. */
export function laterOf(facts: Facts, name: string, told: Instant | undefined): Instant {
  const { at } = instantFact(facts, name);
  return told !== undefined && told > at ? told : at;
}

/**
 * The questions among these whose answer is provisional, as an event carries them: what it says may move when they are asked
 * again. Nothing at all where every answer is final, so that such an event reads as ever.
 */
export function provisionalOf(facts: Facts, isAbout: (name: string) => boolean): { readonly provisional?: readonly InstantQuestion[] } {
  const open = Object.values(facts.instants).filter((fact) => fact.provisional === true && isAbout(fact.name));
  // By name: a store does not keep the order of an object's keys, and the event is compared byte by byte when it is decided again.
  open.sort((a, b) => (a.name < b.name ? -1 : 1));
  return open.length === 0 ? {} : { provisional: open.map(({ at: _, data: __, provisional: ___, ...question }) => question) };
}

/** All these questions together; instants are joined. */
export function allOf<Q extends Questions>(...all: readonly Q[]): Q {
  const instants = all.flatMap((questions) => questions.instants ?? []);
  return { ...Object.assign({}, ...all), ...(instants.length > 0 && { instants }) };
}
