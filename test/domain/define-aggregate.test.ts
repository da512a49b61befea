import { describe, expect, it } from 'vitest';
import { Capacity, type Command, type Event, type Facts, type OutboxDraft, type Party, type PartyRef } from '../../domain/aggregate.ts';
import { type Decision, decisionHash, FIRST_PREV, recordedOutcome } from '../../domain/decision.ts';
import type { EffectResult } from '../../domain/effects.ts';
import { isPersonal } from '../../domain/guard.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { next } from '../../domain/next-item.ts';
import { AGGREGATES, type AnyRules } from '../../domain/registry.ts';
import { redecideWith, type StoredDecision, verifyChain } from '../../domain/verify-decisions.ts';
import { factsFor, POLICY, POLICY_DIGEST, POLICY_DOCUMENT, START } from '../support/story.ts';
import { type LoanState, loanRules } from './loan.ts';

const ALL: readonly AnyRules[] = [...Object.values(AGGREGATES), loanRules];
const HANDLERS = ALL.flatMap((rules) => Object.entries(rules.handlers).map(([kind, handler]) => [rules.kind, kind, rules, handler] as const));

/** What an aggregate in that status says to a command of a kind that says nothing else than what kind of appeal it would open. */
function refusedIn(rules: AnyRules, status: string, kind: string, by: PartyRef, facts: Partial<Facts> = {}): string | undefined {
  const command: Command = { ...{ id: 'm', at: START, kind, by }, ...{ appeal: 'correction' } };
  return rules.guard({ ...(rules.initial as object), status }, command, { policy: POLICY, instants: {}, ...facts });
}

const statusOf = (rules: AnyRules) => (rules.initial as { readonly status: string }).status;

describe('the one guard of all aggregates', () => {
  it.each(HANDLERS)('%s.%s: final, not opened, capacity, status, mandate, in this order', (_, kind, rules, { by, in: places }) => {
    const none = statusOf(rules);
    const opens = places.includes(none);
    const elsewhere = Object.values(rules.handlers)
      .flatMap((other) => other.in)
      .find((status) => status !== none && !places.includes(status) && !rules.isFinal({ status }));
    const [proper = Capacity.engine] = by;
    for (const capacity of Object.values(Capacity)) {
      // Nobody here has a mandate: it is asked for last.
      const refused = (status: string) => refusedIn(rules, status, kind, { capacity }, { mandate: 'none' });
      if (!opens) expect(refused(none)).toBe('not-opened');
      if (opens && elsewhere !== undefined) expect(refused(elsewhere)).toBe('already-open');
      for (const status of ['closed', 'withdrawn', 'returned', 'lifted', 'lapsed'].filter((one) => rules.isFinal({ status: one })))
        expect(refused(status)).toBe('is-final');
      if (by.includes(capacity)) continue;
      expect(refused(places[0] ?? none)).toBe('wrong-capacity');
      if (!opens && elsewhere !== undefined) expect(refused(elsewhere)).toBe('wrong-capacity');
    }
    if (!opens && elsewhere !== undefined) expect(refusedIn(rules, elsewhere, kind, { capacity: proper }, { mandate: 'none' })).toBe('not-now');
    expect(places.length * by.length).toBeGreaterThan(0);
  });

  const lent: LoanState = { status: 'lent', item: 'watch', borrower: 'lab' };
  const asked: LoanState = { ...lent, status: 'asked', askedBy: { '...': 'a' } };
  const guard = (state: LoanState, command: object, by: PartyRef, facts: Partial<Facts>) =>
    loanRules.guard(state, { id: 'm', at: START, kind: '', by, ...command }, { policy: POLICY, instants: {}, ...facts });

  it('asks who exactly it is after the status, and for the mandate after that', () => {
    const by = (organisation: string) => ({ capacity: Capacity.rightsHolder, organisation });
    expect(guard(asked, { kind: 'returnItem' }, by('other'), { mandate: 'none' })).toBe('not-now');
    expect(guard(lent, { kind: 'returnItem' }, by('other'), { mandate: 'none' })).toBe('wrong-capacity');
    expect(guard(lent, { kind: 'returnItem' }, by('lab'), { mandate: 'none' })).toBe('no-mandate');
    expect(guard(lent, { kind: 'returnItem' }, by('lab'), { mandate: 'revoked' })).toBe('mandate-revoked');
    expect(guard(lent, { kind: 'returnItem' }, by('lab'), { mandate: 'valid' })).toBeUndefined();
  });

  it('asks for a second person last, and only where something is approved', () => {
    const by = { capacity: Capacity.governance };
    const approve = { kind: 'decideLoan', decision: 'approve' };
    expect(guard(asked, approve, by, { mandate: 'none', fourEyes: 'proposed' })).toBe('no-mandate');
    expect(guard(asked, approve, by, { mandate: 'valid', fourEyes: 'proposed' })).toBe('same-person');
    expect(guard(asked, approve, by, { mandate: 'valid', fourEyes: 'opened' })).toBe('four-eyes');
    expect(guard(asked, approve, by, { mandate: 'valid', fourEyes: 'none' })).toBeUndefined();
    expect(guard(asked, { ...approve, decision: 'reject' }, by, { mandate: 'valid', fourEyes: 'proposed' })).toBeUndefined();
  });

  it.each(HANDLERS)(
    '%s.%s asks nothing where it is refused by how things stand, and a person for a mandate where it is not',
    (_, kind, rules, handler) => {
      const final = { ...(rules.initial as object), status: 'withdrawn' };
      for (const capacity of Object.values(Capacity)) {
        const command: Command = { id: 'm', at: START, kind, by: { capacity } };
        if (rules.isFinal(final)) expect(rules.questions(final, command, POLICY)).toEqual({});
        if (!handler.by.includes(capacity)) expect(rules.questions({ ...final, status: handler.in[0] }, command, POLICY)).toEqual({});
        else if (isPersonal(capacity)) expect(refusedIn(rules, handler.in[0] ?? '', kind, { capacity }, { mandate: 'none' })).not.toBeUndefined();
      }
    },
  );
});

/** What an aggregate comes to: it is driven as the log drives it, by whatever is next. */
class Driven {
  state: unknown = loanRules.initial;
  readonly chain: StoredDecision[] = [];
  readonly letters: OutboxDraft[] = [];
  readonly parties: Party[] = [];
  readonly #rules: AnyRules;
  readonly #world: Readonly<Record<string, unknown>>;

  constructor(rules: AnyRules, world: Readonly<Record<string, unknown>>) {
    this.#rules = rules;
    this.#world = world;
  }

  /** Decides everything that can be decided by then, in its order. */
  advance(now: Instant, messages: readonly Command[], results: readonly EffectResult[] = []): readonly string[] {
    const rules = this.#rules;
    let unread = messages.map((message) => ({ id: message.id, receivedAt: message.at, message }));
    let outcomes = results.map((result, index) => {
      const owed = rules.effects(this.state)[index];
      const about = { key: owed?.key ?? '', try: owed?.try ?? 0, result };
      return { id: `${about.key}@${about.try}`, arrivedAt: now, about };
    });
    const said: string[] = [];
    for (;;) {
      const coming = rules.isFinal(this.state) ? undefined : next(rules.deadline(this.state), unread, outcomes, now);
      if (coming === undefined) return said;
      if (coming.kind === 'message') unread = unread.filter((one) => one !== coming.message);
      if (coming.kind === 'outcome') outcomes = outcomes.filter((one) => one !== coming.outcome);
      said.push(this.#decide(commandOf(coming, rules)));
    }
  }

  #decide(command: Command): string {
    const rules = this.#rules;
    const questions = rules.questions(this.state, command, POLICY);
    const facts = { ...factsFor(questions, {}), ...('shelf' in questions ? { shelf: this.#world['shelf'] } : {}) };
    const outcome = rules.decide(this.state, command, facts);
    const events: readonly Event[] = 'events' in outcome ? outcome.events : [];
    for (const event of events) {
      this.state = rules.evolve(this.state, event);
      this.letters.push(...rules.outbox(event, this.state, command));
    }
    this.parties.push(...rules.parties(this.state, events));
    const { policy: _, ...rest } = facts;
    const decision: Decision = {
      ...{ v: 1, aggregate: 'loan:1' as AggregateId, n: this.chain.length + 1, at: command.at, command },
      ...{ facts: { ...rest, policy: POLICY_DIGEST }, outcome: recordedOutcome(rules, outcome, this.state), rules: 'f'.repeat(64) },
      prev: this.chain.at(-1)?.hash ?? FIRST_PREV,
    };
    this.chain.push({ decision, hash: decisionHash(decision) });
    return 'refused' in outcome ? outcome.refused.code : events.map(({ type }) => type).join(', ');
  }
}

type Coming = Exclude<
  ReturnType<typeof next<{ id: string; receivedAt: Instant; message: Command }, { id: string; arrivedAt: Instant; about: object }>>,
  undefined
>;

function commandOf(coming: Coming, rules: AnyRules): Command {
  if (coming.kind === 'message') return coming.message.message;
  if (coming.kind === 'deadline') return rules.onDeadline(coming.deadline);
  const { id, arrivedAt: at, about } = coming.outcome;
  return { id, at, by: { capacity: Capacity.engine }, kind: 'recordEffectResult', ...about };
}

const DAY = 86_400_000;
const at = (days: number) => plusMs(START, days * DAY);
const liaison: PartyRef = { capacity: Capacity.liaison, person: { '...': 'a' } };
const officer: PartyRef = { capacity: Capacity.governance, person: { '...': 'b' } };
const lab: PartyRef = { capacity: Capacity.rightsHolder, organisation: 'lab', person: { '...': 'c' } };
const open = { id: 'm1', at: at(0), by: liaison, kind: 'openLoan', item: 'watch', borrower: 'lab', policy: POLICY_DIGEST };

describe('an aggregate that the product does not have', () => {
  it('is opened, decided, waits, owes, tells and ends in the frame that all have, and every decision is decided again alike', () => {
    const loan = new Driven(loanRules, { shelf: 1 });
    expect(loanRules.opening({ ...open, kind: 'openLoan' })).toEqual({
      policy: POLICY_DIGEST,
      summary: { status: 'none', marketplace: '', listing: '', holder: '' },
    });
    expect(loan.advance(at(0), [open])).toEqual(['LoanAsked']);
    expect(loan.parties).toEqual([{ capacity: Capacity.rightsHolder, organisation: 'lab' }]);
    expect(loan.advance(at(1), [{ ...open, id: 'm2' }])).toEqual(['already-open']);
    expect(loan.advance(at(1), [{ ...open, id: 'm3', at: at(1), by: officer, kind: 'decideLoan', ...{ decision: 'approve' } }])).toEqual([
      'LoanApproved',
    ]);
    expect(loanRules.effects(loan.state as LoanState)).toMatchObject([{ key: 'label:m3', try: 1, args: { item: 'watch' } }]);
    // The printer fails once: an hour later it is owed again.
    expect(loan.advance(at(1), [], [{ kind: 'failed', reason: 'no paper' }])).toEqual(['EffectFailed']);
    expect(loanRules.effects(loan.state as LoanState)).toEqual([]);
    expect(loan.advance(at(2), [])).toEqual(['RetryDue']);
    expect(loan.advance(at(2), [], [{ kind: 'captured', digest: 'd', version: 'v' }])).toEqual(['LabelPrinted']);
    // A message of the deadline's own instant comes first, then the deadline, then what came after it.
    const back = (id: string, days: number, by: PartyRef) => ({ id, at: at(days), by, kind: 'returnItem' });
    const late = [back('m6', 7, lab), back('m5', 6, { ...lab, organisation: 'other' })];
    expect(loan.advance(at(8), late)).toEqual(['wrong-capacity', 'LoanOverdue', 'LoanSealed']);
    expect(loan.letters.map(({ kind, to }) => [kind, to])).toEqual([['loan-overdue', { organisation: 'lab', capacity: Capacity.rightsHolder }]]);
    expect(loanRules.isFinal(loan.state as LoanState)).toBe(true);

    const all = loan.chain.map((_, index) => ({ n: index + 1, ok: true }));
    expect(verifyChain(loan.chain)).toEqual(all);
    expect(redecideWith(loanRules, loan.chain, { [POLICY_DIGEST]: POLICY_DOCUMENT })).toEqual(all);
  });

  it('decides on the answer to its own question, and a changed answer is found out', () => {
    const loan = new Driven(loanRules, { shelf: 0 });
    expect(loan.advance(at(0), [open])).toEqual(['exhibit-unknown']);
    const [first] = loan.chain;
    const changed = first && [{ ...first, decision: { ...first.decision, facts: { ...first.decision.facts, ...{ shelf: 3 } } } }];
    expect(redecideWith(loanRules, changed ?? [], { [POLICY_DIGEST]: POLICY_DOCUMENT })).toMatchObject([{ n: 1, ok: false }]);
  });
});
