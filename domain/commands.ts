import type { Capacity } from './aggregate.ts';
import { AGGREGATES, type Aggregates } from './registry.ts';

/** A command by its aggregate and its name, such as `case.extendWindow`. */
export type CommandName = { [K in keyof Aggregates]: `${K}.${keyof Aggregates[K]['handlers'] & string}` }[keyof Aggregates];

/** Who may give each command, as the handlers say it: the one place that says it. */
export const GIVEN_BY: ReadonlyMap<string, readonly Capacity[]> = new Map(
  Object.values(AGGREGATES).flatMap(({ kind, handlers }) => Object.entries(handlers).map(([command, { by }]) => [`${kind}.${command}`, by] as const)),
);
