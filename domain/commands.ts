import type { Capacity } from './aggregate.ts';
import { appealTable } from './appeal/rules.ts';
import { caseHandlers } from './case/rules.ts';
import { AggregateKind } from './ids.ts';
import { referralHandlers } from './referral/rules.ts';
import { sanctionTable } from './sanction/rules.ts';

type Table = Readonly<Record<string, { readonly by: readonly Capacity[] }>>;

const TABLES = {
  [AggregateKind.case]: caseHandlers,
  [AggregateKind.appeal]: appealTable,
  [AggregateKind.sanction]: sanctionTable,
  [AggregateKind.referral]: referralHandlers,
} as const satisfies Record<AggregateKind, Table>;

/** A command by its aggregate and its name, such as `case.extendWindow`. */
export type CommandName = { [K in AggregateKind]: `${K}.${keyof (typeof TABLES)[K] & string}` }[AggregateKind];

/** Who may give each command, as the decide tables say it: the one place that says it. */
export const GIVEN_BY: ReadonlyMap<string, readonly Capacity[]> = new Map(
  Object.entries(TABLES).flatMap(([kind, table]: readonly [string, Table]) =>
    Object.entries(table).map(([command, { by }]) => [`${kind}.${command}`, by] as const),
  ),
);
