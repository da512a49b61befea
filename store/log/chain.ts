import type { Command, Event, Facts, OutboxDraft, RecordedFacts, Summary } from '../../domain/aggregate.ts';
import type { Decision } from '../../domain/decision.ts';
import { decisionHash, FIRST_PREV, recordedOutcome } from '../../domain/decision.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { kindOf } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { type AnyRules, rulesOf } from '../../domain/registry.ts';
import type { Disclosure } from '../../domain/salted.ts';
import type { Chain } from './chain-model.ts';
import { digestsIn, rememberDisclosures } from './disclosures.ts';
import type { CommandResult } from '../schema/entities/log.ts';
import { readFacts } from './facts.ts';
import { newOutboxRows } from '../outbox/messages.ts';
import { lockSeals } from './locks.ts';
import { LogBehind } from './faults.ts';
import type { LogContext } from './context.ts';
import type { Manager } from '../connection/orm.ts';
import { applyWrites, partiesOf } from './ledger-and-parties.ts';
import { save } from './persist-decisions.ts';
import { statement } from '../connection/statement.ts';

/** An aggregate that has no decision yet. The values that its opening salts can be asked for from here on. */
export function newChain(em: Manager, id: AggregateId, keys: readonly string[], disclosures: readonly Disclosure[] = []): Chain {
  rememberDisclosures(em, disclosures);
  return chainOf(id, rulesOf(kindOf(id)).initial, 0, FIRST_PREV, keys, disclosures);
}

interface Stored {
  readonly n: number;
  readonly head: string;
  readonly state: unknown;
  readonly message: string | null;
  readonly received_at: Instant;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A message of an aggregate's inbox that has no answer yet. */
export interface Unread {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The chain as the store holds it, with its unread messages in order. Throws when there is none: only known ids reach the log. */
export async function loadChain(em: Manager, id: AggregateId, limit: number): Promise<{ readonly chain: Chain; readonly unread: readonly Unread[] }> {
  const rows = await statement<Stored>(
    em,
    `select a.n, a.head, a.state, i.id as message, i.received_at, i.content
     from aggregate a left join inbox i on i.aggregate = a.id and i.answer is null
     where a.id = $1 order by i.received_at, i.id limit $2`,
    [id, limit],
  );
  const [first] = rows;
  // A database that was put back to before this aggregate was opened.
  if (first === undefined) throw new LogBehind(id, 1, 0);
  const unread = rows.flatMap(({ message, received_at: receivedAt, content }) => (message === null ? [] : [{ id: message, receivedAt, content }]));
  return { chain: chainOf(id, first.state, first.n, first.head), unread };
}

/** The effects that an aggregate owes now, as the log recorded them. */
export async function readOwed(em: Manager, id: string): Promise<readonly unknown[]> {
  const [row] = await statement<{ owes: readonly unknown[] }>(em, 'select owes from aggregate where id = $1', [id]);
  return row?.owes ?? [];
}

function chainOf(
  id: AggregateId,
  state: unknown,
  n: number,
  head: string,
  keys: readonly string[] = [],
  disclosures: readonly Disclosure[] = [],
): Chain {
  return { id, state, n, head, decisions: [], letters: [], writes: [], answers: [], keys, disclosures };
}

/**
 * Decides one command on the chain: reads the facts it asks for, runs the pure rule, appends the decision, folds the state
 * and collects outbox messages and writes. Nothing is in the store before `saveChain`.
 */
export async function decideOn(em: Manager, context: LogContext, chain: Chain, command: Command): Promise<CommandResult> {
  const rules = rulesOf(kindOf(chain.id));
  // Before decision 1 the state says nothing yet: what is asked about is in the opening command.
  const opening = chain.n === 0 ? rules.opening(command) : undefined;
  const policyDigest = opening?.policy ?? rules.policyOf(chain.state);
  if (policyDigest === undefined) throw new Error(`command ${command.id} opens nothing and names no policy`);
  const policy = await context.policies.values(em, policyDigest);
  const questions = rules.questions(chain.state, command, policy);
  const summary = opening?.summary ?? rules.summary(chain.state);
  const facts = await readFacts(em, questions, command, { summary, caseId: summary.about ?? chain.id }, policy);
  const outcome = rules.decide(chain.state, command, facts);
  const n = chain.n + 1;
  const drafts: OutboxDraft[] = [];
  if ('events' in outcome) {
    for (const event of outcome.events) {
      chain.state = rules.evolve(chain.state, event);
      drafts.push(...rules.outbox(event, chain.state, command));
      for (const write of rules.writes(event)) chain.writes.push({ n, write });
    }
    // Everything that a notification will say is fixed with its decision: nobody reads the log to find it out.
    for (const draft of drafts) chain.letters.push({ n, at: command.at, draft: withParameters(draft, rules, chain.state, policy) });
  }
  append(context, chain, command, recorded(facts, policyDigest), recordedOutcome(rules, outcome, chain.state));
  // What was refused an opening is never saved: there is nothing to name.
  if ('refused' in outcome) return { kind: 'refused', ...outcome.refused, ...(n > 1 && { aggregate: chain.id }) };
  return { kind: 'done', aggregate: chain.id, n, events: outcome.events.map((event: Event) => event.type) };
}

function withParameters(draft: OutboxDraft, rules: AnyRules, state: unknown, policy: PolicyValues): OutboxDraft {
  if ('aggregate' in draft.to) return draft;
  return { ...draft, about: { ...draft.about, ...rules.parameters(draft.kind, state, policy) } };
}

function append(context: LogContext, chain: Chain, command: Command, facts: RecordedFacts, outcome: Decision['outcome']): void {
  const decision: Decision = {
    v: 1,
    aggregate: chain.id,
    n: chain.n + 1,
    at: command.at,
    command,
    facts,
    outcome,
    rules: context.rules,
    prev: chain.head,
  };
  const hash = decisionHash(decision);
  chain.decisions.push({ decision, hash });
  chain.n = decision.n;
  chain.head = hash;
}

function recorded(facts: Facts, digest: string): RecordedFacts {
  return { ...facts, policy: digest };
}

/** Writes what a transaction decided: decisions, projection, ledger and grounds, outbox messages, disclosures, answers, seal. */
export async function saveChain(em: Manager, chain: Chain): Promise<void> {
  const last = chain.decisions.at(-1)?.decision;
  if (last === undefined) return;
  const rules = rulesOf(kindOf(chain.id));
  const summary = rules.summary(chain.state);
  await applyWrites(em, chain, summary);
  await save(em, {
    aggregate: { id: chain.id, kind: kindOf(chain.id), ...projectionOf(chain, summary, last.at) },
    decisions: chain.decisions.map(({ decision, hash }) => ({
      n: decision.n,
      command: decision.command.id,
      at: decision.at,
      envelope: decision,
      hash,
    })),
    keys: chain.keys,
    disclosures: chain.disclosures,
    disclosed: digestsIn(chain.decisions.map(({ decision }) => decision.command)),
    parties: await partiesOf(em, chain),
    letters: newOutboxRows(chain),
    answers: chain.answers,
  });
  if (rules.isFinal(chain.state)) await seal(em, chain, last.at);
}

/** Columns of the projection. */
function projectionOf(chain: Chain, { status, marketplace, listing, holder, about }: Summary, changedAt: Instant) {
  const rules = rulesOf(kindOf(chain.id));
  const due = rules.deadline(chain.state);
  const owes = rules.effects(chain.state);
  return {
    n: chain.n,
    head: chain.head,
    state: chain.state,
    due: due?.at ?? null,
    due_rule: due?.rule ?? null,
    owes,
    is_owing: owes.length > 0,
    is_final: rules.isFinal(chain.state),
    status,
    marketplace,
    listing,
    holder,
    about: about ?? null,
    changed_at: changedAt,
  };
}

/** The root of a closed chain takes the next number of the operator's sequence. */
async function seal(em: Manager, chain: Chain, at: Instant): Promise<void> {
  await lockSeals(em);
  await statement(em, 'insert into seal (sequence, aggregate, root, at) select coalesce(max(sequence), 0) + 1, $1, $2, $3 from seal', [
    chain.id,
    chain.head,
    at,
  ]);
}
