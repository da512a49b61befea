import type { PolicyDef } from '@mikro-orm/core';
import { p } from '@mikro-orm/core';

/** The two database roles (design.md section 2.9); neither owns a table and neither is a superuser. */
export const DatabaseRole = { engine: 'interdict_engine', portal: 'interdict_portal' } as const;
export type DatabaseRole = (typeof DatabaseRole)[keyof typeof DatabaseRole];

const OPERATOR = "current_setting('interdict.operator', true)";

/**
 * The column that every row carries: the marketplace operator, filled in from the connection's own setting. The default is
 * written as PostgreSQL prints it, or the drift check would see a difference.
 */
export const operatorColumn = () => p.string().length(64).defaultRaw("current_setting('interdict.operator'::text, true)");

/** The engine sees its operator's rows; a connection without the setting sees and writes none. */
export function engineRows(table: string): PolicyDef {
  const own = `operator = ${OPERATOR}`;
  return { name: `${table}_engine`, roles: [DatabaseRole.engine], using: own, check: own };
}

/** What the portal speaks for: a PostgreSQL array of organisations (an agent has several), and one capacity. */
export const SPEAKS_FOR = "any (nullif(current_setting('interdict.organisations', true), '')::text[])";
export const SPEAKS_AS = "current_setting('interdict.capacity', true)";

/**
 * The portal sees a row of its operator when one of the organisations it speaks for is a party to the aggregate in the capacity
 * it speaks in. `column` names the aggregate's id in this table, `and` narrows further.
 */
export function portalRows(table: string, column: string, and?: string): PolicyDef {
  const using = [
    // A scalar subquery, not exists: the planner would hash every row of the party for one page of a list.
    `operator = ${OPERATOR} and (select true from party where party.aggregate = "${table}"."${column}"`,
    `and party.organisation = ${SPEAKS_FOR} and party.capacity = ${SPEAKS_AS} limit 1)`,
    ...(and === undefined ? [] : [`and ${and}`]),
  ].join(' ');
  return { name: `${table}_portal`, command: 'select', roles: [DatabaseRole.portal], using };
}
