import type { Command, Event, Facts, LetterDraft, RecordedFacts } from '../domain/aggregate.ts';
import type { Decision } from '../domain/decision.ts';
import { decisionHash, FIRST_PREV, recordedOutcome } from '../domain/decision.ts';
import type { AggregateId } from '../domain/ids.ts';
import { kindOf } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Write } from '../domain/ledger/ledger.ts';
import { rulesOf } from '../domain/registry.ts';
import { AggregateRow, type Answer, DecisionRow } from './entities/log.ts';
import { readFacts } from './facts.ts';
import { writeLetters } from './letters.ts';
import { lockSeals } from './locks.ts';
import { LogBehind } from './log-faults.ts';
import type { LogContext } from './log-context.ts';
import type { Manager } from './orm.ts';
import { applyWrites } from './project.ts';
import { keepDisclosed } from './disclosures.ts';

/** One aggregate's chain while a transaction extends it. */
export interface Chain {
  readonly id: AggregateId;
  state: unknown;
  n: number;
  head: string;
  readonly decisions: { readonly decision: Decision; readonly hash: string }[];
  readonly letters: { readonly n: number; readonly at: Instant; readonly draft: LetterDraft }[];
  readonly writes: { readonly n: number; readonly write: Write }[];
}

/** An aggregate that has no decision yet. */
export function newChain(id: AggregateId): Chain {
  return chainOf(id, rulesOf(kindOf(id)).initial, 0, FIRST_PREV);
}

/** The chain as the store holds it. Throws when there is none: only known ids reach the log. */
export async function loadChain(em: Manager, id: AggregateId): Promise<Chain> {
  const row = await em.findOne(AggregateRow, { id }, { fields: ['state', 'n', 'head'], disableIdentityMap: true });
  // A database that was put back to before this aggregate was opened.
  if (row === null) throw new LogBehind(id, 1, 0);
  return chainOf(id, row.state, row.n, row.head);
}

function chainOf(id: AggregateId, state: unknown, n: number, head: string): Chain {
  return {
    id,
    state,
    n,
    head,
    decisions: [],
    letters: [],
    writes: [],
  };
}

/**
 * Decides one command on the chain: reads the facts it asks for, runs the pure rule, appends the decision, folds the state
 * and collects letters and writes. Nothing is in the store before `saveChain`.
 */
export async function decideOn(em: Manager, context: LogContext, chain: Chain, command: Command): Promise<Answer> {
  const rules = rulesOf(kindOf(chain.id));
  const policyDigest = rules.policyOf(chain.state) ?? pinned(command);
  const policy = await context.policies.values(em, policyDigest);
  const questions = rules.questions(chain.state, command, policy);
  const summary = summaryOf(chain, command);
  const facts = await readFacts(em, questions, command, { summary, caseId: summary.about ?? chain.id }, policy);
  const outcome = rules.decide(chain.state, command, facts);
  const n = chain.n + 1;
  if ('events' in outcome) {
    for (const event of outcome.events) {
      chain.state = rules.evolve(chain.state, event);
      for (const draft of rules.letters(event, chain.state, command)) chain.letters.push({ n, at: command.at, draft });
      for (const write of rules.writes(event)) chain.writes.push({ n, write });
    }
  }
  append(context, chain, command, recorded(facts, policyDigest), recordedOutcome(rules, outcome, chain.state));
  if ('refused' in outcome) return { kind: 'refused', ...outcome.refused, aggregate: chain.id };
  return { kind: 'done', aggregate: chain.id, n, events: outcome.events.map((event: Event) => event.type) };
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

/** Before decision 1 the state says nothing yet: what is asked about is in the opening command. */
function summaryOf(chain: Chain, command: Command) {
  const rules = rulesOf(kindOf(chain.id));
  if (chain.n > 0) return rules.summary(chain.state);
  const opening = command as Command & { of?: { case: string; marketplace: string; listing: string; holder: string; seller?: { '...': string } } };
  const { of } = opening;
  return of === undefined ? rules.summary(chain.state) : { status: 'none', ...of, about: of.case };
}

function pinned(command: Command): string {
  const { policy, of } = command as Command & { policy?: string; of?: { policy?: string } };
  const digest = policy ?? of?.policy;
  if (digest === undefined) throw new Error(`command ${command.id} opens nothing and names no policy`);
  return digest;
}

function recorded(facts: Facts, digest: string): RecordedFacts {
  return { ...facts, policy: digest };
}

/** Writes what a transaction decided: decisions, projection, ledger and grounds, letters, disclosures, seal. */
export async function saveChain(em: Manager, chain: Chain, before: number): Promise<void> {
  const rules = rulesOf(kindOf(chain.id));
  await em.insertMany(
    DecisionRow,
    chain.decisions.map(({ decision, hash }) => ({
      aggregate: chain.id,
      n: decision.n,
      command: decision.command.id,
      at: decision.at,
      envelope: decision,
      hash,
    })),
  );
  const last = chain.decisions.at(-1)?.decision;
  if (last === undefined) return;
  const projection = projectionOf(chain, last.at);
  if (before === 0) await em.insert(AggregateRow, { id: chain.id, kind: kindOf(chain.id), openedAt: last.at, ...projection });
  else await em.nativeUpdate(AggregateRow, { id: chain.id }, projection);
  const summary = rules.summary(chain.state);
  await keepDisclosed(
    em,
    chain.id,
    chain.decisions.map(({ decision }) => decision.command),
  );
  await applyWrites(em, chain, summary);
  await writeLetters(em, chain);
  if (rules.isFinal(chain.state)) await seal(em, chain, last.at);
}

function projectionOf(chain: Chain, changedAt: Instant) {
  const rules = rulesOf(kindOf(chain.id));
  const due = rules.deadline(chain.state);
  const owes = rules.effects(chain.state);
  const { status, marketplace, listing, holder, about } = rules.summary(chain.state);
  return {
    n: chain.n,
    head: chain.head,
    state: chain.state,
    due: due?.at ?? null,
    dueRule: due?.rule ?? null,
    owes,
    isOwing: owes.length > 0,
    isFinal: rules.isFinal(chain.state),
    status,
    marketplace,
    listing,
    holder,
    about: about ?? null,
    changedAt,
  };
}

/** The root of a closed chain takes the next number of the operator's sequence. */
async function seal(em: Manager, chain: Chain, at: Instant): Promise<void> {
  await lockSeals(em);
  await em.execute('insert into seal (sequence, aggregate, root, at) select coalesce(max(sequence), 0) + 1, ?, ?, ? from seal', [
    chain.id,
    chain.head,
    at,
  ]);
}
