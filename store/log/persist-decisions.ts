import type { Decision } from '../../domain/decision.ts';
import type { Disclosure } from '../../domain/salted.ts';
import type { CommandResult } from '../schema/entities/log.ts';
import { type NewOutboxRow, WORK_CHANNEL } from '../outbox/messages.ts';
import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** Everything that one transaction writes about one aggregate; names are the columns'. */
export interface Saved {
  readonly aggregate: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly decisions: readonly {
    readonly n: number;
    readonly command: string;
    readonly at: string;
    readonly envelope: Decision;
    readonly hash: string;
  }[];
  /** Natural keys under which the aggregate becomes known. */
  readonly keys: readonly string[];
  readonly disclosures: readonly Disclosure[];
  /** Digests that its commands rest on. */
  readonly disclosed: readonly string[];
  readonly parties: readonly { readonly aggregate: string; readonly organisation: string; readonly capacity: string }[];
  readonly letters: readonly NewOutboxRow[];
  readonly answers: readonly { readonly id: string; readonly answer: CommandResult; readonly at: string }[];
}

const PROJECTED = 'n, head, state, due, due_rule, owes, is_owing, is_final, status, marketplace, listing, holder, about, changed_at';
const LETTER = 'id, n, kind, "to", about, unless, digest_group, written_at, due_at, state';

/** The organisation that an owner turned out to be: chains that were final before go on naming the owner (store/register/adoption.ts). */
function standing(column: string): string {
  return `coalesce((select o.adopted_by from organisation o where o.id = ${column}), ${column})`;
}

/**
 * One statement for all: a decision is a round trip, not ten, and its text is the same for every aggregate. A natural key that
 * is taken stops it. Of disclosures and parties only those are written that are not there; an answer is never replaced.
 */
const SAVE = `with
  saved_aggregate as (
    insert into aggregate (id, kind, opened_at, ${PROJECTED})
    select id, kind, changed_at, ${PROJECTED.replace(' holder,', ` ${standing('x.holder')},`)} from jsonb_to_record($1::jsonb -> 'aggregate') as x(
      id text, kind text, n int, head text, state jsonb, due text, due_rule text, owes jsonb, is_owing boolean, is_final boolean,
      status text, marketplace text, listing text, holder text, about text, changed_at text)
    on conflict (id) do update set (${PROJECTED}) = row(${PROJECTED.replace(/\w+/g, 'excluded.$&')}) ),
  saved_decisions as (
    insert into decision (aggregate, n, command, at, envelope, hash)
    select $1::jsonb #>> '{aggregate,id}', n, command, at, envelope, hash
    from jsonb_to_recordset($1::jsonb -> 'decisions') as x(n int, command text, at text, envelope jsonb, hash text) ),
  saved_keys as (
    insert into natural_key (key, aggregate)
    select key, $1::jsonb #>> '{aggregate,id}' from jsonb_array_elements_text($1::jsonb -> 'keys') as x(key) ),
  saved_disclosures as (
    insert into disclosure (digest, salt, value)
    select digest, salt, value from jsonb_to_recordset($1::jsonb -> 'disclosures') as x(digest text, salt text, value text)
    on conflict do nothing ),
  saved_disclosed as (
    insert into disclosed (aggregate, digest)
    select $1::jsonb #>> '{aggregate,id}', digest from jsonb_array_elements_text($1::jsonb -> 'disclosed') as x(digest)
    on conflict do nothing ),
  saved_parties as (
    insert into party (aggregate, organisation, capacity)
    select aggregate, ${standing('x.organisation')}, capacity
    from jsonb_to_recordset($1::jsonb -> 'parties') as x(aggregate text, organisation text, capacity text)
    on conflict do nothing ),
  saved_letters as (
    insert into outbox (aggregate, ${LETTER})
    select $1::jsonb #>> '{aggregate,id}', ${LETTER} from jsonb_to_recordset($1::jsonb -> 'letters') as x(
      id text, n int, kind text, "to" jsonb, about jsonb, unless text, digest_group text, written_at text, due_at text, state text) ),
  saved_answers as (
    update inbox set answer = x.answer, answered_at = x.at
    from jsonb_to_recordset($1::jsonb -> 'answers') as x(id text, answer jsonb, at text)
    where inbox.id = x.id and inbox.answer is null )
  select case when jsonb_array_length($1::jsonb -> 'letters') > 0 then pg_notify('${WORK_CHANNEL}', '') end`;

/** Writes what a transaction decided, all or nothing. */
export async function save(em: Manager, saved: Saved): Promise<void> {
  await statement(em, SAVE, [JSON.stringify(saved)]);
}
