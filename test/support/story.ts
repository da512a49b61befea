import type { Command, Deadline, Effect, Event, InstantFact, InstantQuestion, OutboxDraft, Outcome, Rules } from '../../domain/aggregate.ts';
import { type Decision, decisionHash, FIRST_PREV, recordedOutcome } from '../../domain/decision.ts';
import type { AggregateId } from '../../domain/ids.ts';
import type { LedgerFact } from '../../domain/ledger/ledger.ts';
import { type Duration, DurationUnit, type Instant, instant, plusMs } from '../../domain/instant.ts';
import { policyDigest, type PolicyValues, valuesOf } from '../../domain/policy/policy.ts';
import type { StoredDecision } from '../../domain/verify-decisions.ts';
import type { AnyFacts, AnyQuestions } from '../../domain/registry.ts';
import type { Write } from '../../domain/writes.ts';
import { shippedPolicy } from '../../policies/load.ts';

export const POLICY_DOCUMENT = await shippedPolicy();
export const POLICY: PolicyValues = valuesOf(POLICY_DOCUMENT);
export const POLICY_DIGEST = policyDigest(POLICY_DOCUMENT);
export const START = instant('2025-10-01T09:00:00.000Z');

/** What a rule is told about the world when it asks. */
export interface World {
  readonly mandate?: NonNullable<AnyFacts['mandate']>;
  readonly otherGrounds?: boolean;
  readonly ledger?: LedgerFact;
  readonly duty?: NonNullable<AnyFacts['duty']>;
  readonly actor?: NonNullable<AnyFacts['actor']>;
  readonly fourEyes?: NonNullable<AnyFacts['fourEyes']>;
  readonly stand?: NonNullable<AnyFacts['stand']>;
  readonly linked?: NonNullable<AnyFacts['linked']>;
}

const HOUR = 3_600_000;
const MS: { readonly [U in DurationUnit]: number } = {
  [DurationUnit.minutes]: 60_000,
  [DurationUnit.hours]: HOUR,
  [DurationUnit.workingHours]: HOUR,
  [DurationUnit.calendarDays]: 24 * HOUR,
  [DurationUnit.businessDays]: 24 * HOUR,
  [DurationUnit.workingDays]: 24 * HOUR,
};

/** A duration by plain addition: these tests are about rules, not about calendars. */
export function msOf(duration: Duration): number {
  return duration.n * MS[duration.unit];
}

/** Answers exactly what was asked, so that a rule that decides on what it did not ask for fails. */
export function factsFor(questions: AnyQuestions, world: World, policy: PolicyValues = POLICY): AnyFacts {
  const resolve = (q: InstantQuestion): InstantFact => ({ ...q, at: plusMs(q.from, msOf(q.after)), data: 'plain addition' });
  return {
    policy,
    instants: Object.fromEntries((questions.instants ?? []).map((q) => [q.name, resolve(q)])),
    ...(questions.mandate && { mandate: world.mandate ?? 'valid' }),
    ...(questions.grounds && { otherGrounds: world.otherGrounds ?? false }),
    ...(questions.ledger && { ledger: world.ledger ?? 'none' }),
    ...(questions.actor && world.actor && { actor: world.actor }),
    ...(questions.stand && { stand: world.stand ?? { isRestricted: true, since: START } }),
    ...(questions.fourEyes && { fourEyes: world.fourEyes ?? 'none' }),
    ...(questions.linked && world.linked && { linked: world.linked }),
    ...(questions.duty && { duty: world.duty ?? { capacity: 'governance' as const } }),
  };
}

/** One decision as a story tells it. */
export interface Told<S, C, E extends Event> {
  readonly before: S;
  readonly command: C;
  readonly facts: AnyFacts;
  readonly outcome: Outcome<E>;
  readonly after: S;
}

/** An aggregate driven by its real rules with a faked world: decides, folds, keeps the chain and what the store would write. */
export class Story<S, C extends Command, E extends Event> {
  readonly rules: Rules<S, C, E, AnyQuestions, AnyFacts>;
  readonly told: Told<S, C, E>[] = [];
  readonly letters: OutboxDraft[] = [];
  readonly writes: Write[] = [];
  state: S;
  now: Instant = START;
  readonly id: AggregateId;

  constructor(rules: Rules<S, C, E, AnyQuestions, AnyFacts>, id: AggregateId) {
    this.rules = rules;
    this.state = rules.initial;
    this.id = id;
  }

  /** Decides a command at its own instant and folds what came of it. */
  tell(command: C, world: World = {}): Outcome<E> {
    const { rules, state: before } = this;
    const facts = factsFor(rules.questions(before, command, POLICY), { ledger: this.ledgerRow(), ...world });
    const outcome = rules.decide(before, command, facts);
    if ('events' in outcome) {
      for (const event of outcome.events) {
        this.state = rules.evolve(this.state, event);
        this.letters.push(...rules.outbox(event, this.state, command));
        this.writes.push(...rules.writes(event));
      }
    }
    this.told.push({ before, command, facts, outcome, after: this.state });
    return outcome;
  }

  /** Moves the clock past the one deadline and decides it. Returns it, or nothing when there is none. */
  passDeadline(world: World = {}): Deadline | undefined {
    const due = this.due();
    if (due === undefined) return undefined;
    const past = plusMs(due.at, 1);
    if (past > this.now) this.now = past;
    this.tell(this.rules.onDeadline(due), world);
    return due;
  }

  /** Lets time go by; every deadline on the way is decided with its own instant. */
  wait(ms: number, world: World = {}): void {
    const until = plusMs(this.now, ms);
    for (let due = this.due(); due !== undefined && due.at < until; due = this.due()) this.passDeadline(world);
    if (until > this.now) this.now = until;
  }

  due(): Deadline | undefined {
    return this.rules.deadline(this.state);
  }

  owes(): readonly Effect[] {
    return this.rules.effects(this.state);
  }

  isFinal(): boolean {
    return this.rules.isFinal(this.state);
  }

  events(): readonly E[] {
    return this.told.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []));
  }

  /** Whether the writes so far leave a ground of this aggregate on the listing. */
  hasGround(): boolean {
    return this.writes.reduce((stands, write) => ('ground' in write ? write.ground === 'add' : stands), false);
  }

  /** The seller's ledger row as the writes so far leave it. */
  ledgerRow(): LedgerFact {
    return this.writes.reduce<LedgerFact>((row, write) => {
      if (!('ledger' in write)) return row;
      if (write.ledger === 'enter') return 'counted';
      return write.ledger === 'void' ? 'voided' : row;
    }, 'none');
  }

  /** How fast-check prints a counterexample: what was told, line by line. */
  [Symbol.for('fast-check/toStringMethod')](): string {
    return this.told.map(({ command, outcome }) => `\n  ${command.at} ${JSON.stringify(command)} => ${describeOutcome(outcome)}`).join('');
  }

  /** The chain that a store would hold, hashes and all. */
  get chain(): readonly StoredDecision[] {
    let prev = FIRST_PREV;
    return this.told.map(({ command, facts, outcome, after }, index) => {
      const decision: Decision = {
        v: 1,
        aggregate: this.id,
        n: index + 1,
        at: command.at,
        command,
        facts: { ...facts, policy: POLICY_DIGEST },
        outcome: recordedOutcome(this.rules, outcome, after),
        rules: 'f'.repeat(64),
        prev,
      };
      prev = decisionHash(decision);
      return { decision, hash: prev };
    });
  }
}

/** The types of a decision's events, or its refusal's code. */
export function describeOutcome(outcome: Outcome): string {
  return 'refused' in outcome ? `refused: ${outcome.refused.code}` : outcome.events.map((event) => event.type).join(', ') || 'noted';
}
