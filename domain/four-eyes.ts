import type { Facts, Outcome, Questions } from './aggregate.ts';
import { refuse } from './refusals.ts';
import type { Salted } from './salted.ts';

/** What an approval asks to know: whether the acting person opened one of these cases by hand, or is one of those who proposed it. */
export function fourEyes(cases: readonly string[], people: readonly (Salted | undefined)[] = []): Questions {
  return { fourEyes: { cases, people: people.filter((person) => person !== undefined) } };
}

/** Why the acting person may not be the one who approves: nobody approves what they opened or proposed. Whoever it is may reject it. */
export function notSecond({ fourEyes: part }: Facts): Extract<Outcome, { readonly refused: unknown }> | undefined {
  switch (part) {
    case 'opened':
      return refuse('four-eyes');
    case 'proposed':
      return refuse('same-person');
    default:
      return undefined;
  }
}
