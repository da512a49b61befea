import type { Facts, InstantFact } from './aggregate.ts';

/** An answered instant; asking for one that was not in the questions is a programming error. */
export function instantFact(facts: Facts, name: string): InstantFact {
  const fact = facts.instants[name];
  if (fact === undefined) throw new Error(`the rule decides on ${name} without having asked for it`);
  return fact;
}
