import { Capacity } from '../aggregate.ts';
import type { ChainRecord, HistoryFile } from '../history-file.ts';
import { chainsOf } from '../history-file.ts';
import { isSalted } from '../salted.ts';

/**
 * Kinds of withheld values, by the field of the command that holds the digest: `seller`, `person` (who acted, other than the
 * seller), and the free texts `note`, `statement`, `reason` ... A kind that nobody has thought of is withheld.
 */
export type DisclosureKind = string;

/** The kinds of every digest that a history rests on. */
export function disclosureKinds(file: HistoryFile): ReadonlyMap<string, ReadonlySet<DisclosureKind>> {
  const kinds = new Map<string, Set<DisclosureKind>>();
  for (const chain of chainsOf(file)) {
    for (const { decision } of chain.decisions) {
      const { by } = decision.command;
      collect(decision.command, 'value', by.capacity === Capacity.seller ? 'seller' : 'person', kinds);
    }
  }
  return kinds;
}

function collect(value: unknown, field: string, person: DisclosureKind, into: Map<string, Set<DisclosureKind>>): void {
  if (isSalted(value)) {
    const kind = field === 'person' ? person : field;
    into.set(value['...'], (into.get(value['...']) ?? new Set()).add(kind));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) collect(child, Array.isArray(value) ? field : key, person, into);
  }
}

/**
 * The history without the values that the recipient may not see. Only disclosures are left out: decisions, hashes and seals are
 * what they were, and the chain verifies against the sealed root. A value is disclosed only when every kind that it stands for is.
 */
export function redacted(file: HistoryFile, disclosed: readonly DisclosureKind[]): HistoryFile {
  const kinds = disclosureKinds(file);
  const keep = <C extends ChainRecord>(chain: C): C => ({
    ...chain,
    disclosures: chain.disclosures.filter(({ digest }) => [...(kinds.get(digest) ?? ['unknown'])].every((kind) => disclosed.includes(kind))),
  });
  return { ...keep(file), appeals: file.appeals.map(keep) };
}

/** The kinds that are in the history and not disclosed, for the cover to say. */
export function withheldKinds(files: readonly HistoryFile[], disclosed: readonly DisclosureKind[]): readonly DisclosureKind[] {
  const all = new Set(files.flatMap((file) => [...disclosureKinds(file).values()].flatMap((kinds) => [...kinds])));
  return [...all].filter((kind) => !disclosed.includes(kind)).sort();
}
