import type { Facts, InstantFact, InstantQuestion, Questions } from './aggregate.ts';
import type { Instant } from './instant.ts';

/** The instant that answers the question of that name. Throws when the rule did not ask it: that is a mistake in the rule. */
export function instantFact(facts: Facts, name: string): InstantFact {
  const fact = facts.instants[name];
  if (fact === undefined) throw new Error(`the rule decides on ${name} without having asked for it`);
  return fact;
}

/** The newly counted instant, or the one that somebody was told before if that is later: nobody gets less time than promised. */
export function laterOf(facts: Facts, name: string, told: Instant | undefined): Instant {
  const { at } = instantFact(facts, name);
  return told !== undefined && told > at ? told : at;
}

/**
 * The questions whose answers are provisional, as an event records them, so that they can be asked again when a calendar is published.
 * Without the field when every answer is final.
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
