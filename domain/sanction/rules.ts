import type { ActorFact, Facts, InstantQuestion, Outcome, Questions, Rules } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import { effectFailed, isInFlight, isOutcomeOf, retryDue, retryQuestion } from '../effects.ts';
import { instantFact } from '../facts.ts';
import { isStepReached } from '../ledger/points.ts';
import type { Instant } from '../instant.ts';
import type { Measure, PolicyValues } from '../policy/policy.ts';
import { fourEyes, notSecond } from '../four-eyes.ts';
import { refuse } from '../refusals.ts';
import { evolveSanction, isAct, isSameSwitch, SanctionDeadline, sanctionDeadline, sanctionEffects, sanctionSummary } from './evolve.ts';
import { sanctionLetters } from './letters.ts';
import type { SanctionCommand, SanctionEvent, SanctionState, ShopAct } from './model.ts';
import { FINAL_SANCTION_STATUSES, SanctionStatus as Status } from './model.ts';

type CommandOf<K extends SanctionCommand['kind']> = Extract<SanctionCommand, { kind: K }>;
type Events = readonly SanctionEvent[];

/** Who may give a command, and in which statuses. */
export const sanctionTable: { readonly [K in SanctionCommand['kind']]: { readonly by: readonly Capacity[]; readonly in: readonly Status[] } } = {
  openSanction: { by: [Capacity.engine], in: [Status.none] },
  // The proposer is the engine; an officer who opened one of the cases behind it is no second person.
  decideSanction: { by: [Capacity.governance], in: [Status.proposed] },
  liftSanction: { by: [Capacity.governance], in: [Status.inForce] },
  reconsider: { by: [Capacity.engine], in: [Status.proposed, Status.executing, Status.inForce, Status.lifting] },
  passDeadline: { by: [Capacity.engine], in: [Status.executing, Status.inForce, Status.lifting] },
  recordOutcome: { by: [Capacity.engine], in: [Status.executing, Status.lifting] },
};

const END = 'sanction.end';
const REMIND = 'approval.remind';

function questions(state: SanctionState, command: SanctionCommand, policy: PolicyValues): Questions {
  switch (command.kind) {
    case 'openSanction':
      return { instants: [...endQuestion(command.step.measure, command.at, policy), ...remindQuestion(command.step.measure, command.at, policy)] };
    case 'decideSanction':
      return { mandate: true, ...fourEyes(state.cases), ...actorOf(state), instants: endQuestion(state.step?.measure, command.at, policy) };
    case 'liftSanction':
      return { mandate: true, ...actorOf(state) };
    case 'reconsider':
    case 'passDeadline':
      return actorOf(state);
    case 'recordOutcome':
      return outcomeQuestions(state, command, policy);
  }
}

function outcomeQuestions(state: SanctionState, command: CommandOf<'recordOutcome'>, policy: PolicyValues): Questions {
  if (!isOwed(state, command)) return {};
  const instants =
    command.result.kind === 'failed'
      ? retryQuestion(command.at, command.try, policy.sanctions.retryAfter, 'sanctions.retryAfter', policy.ledger.expiryCalendar).instants
      : state.status === Status.executing && state.until === undefined && endQuestion(state.step?.measure, command.at, policy);
  return { ...actorOf(state), ...(instants && { instants }) };
}

function actorOf({ seller, marketplace, crossedAt }: SanctionState): Questions {
  return seller === undefined || crossedAt === undefined ? {} : { actor: { seller, marketplace, crossedAt } };
}

/** Plain days: the end of a measure must not depend on how far ahead a country's holidays are known. */
function endQuestion(measure: Measure | undefined, from: Instant, policy: PolicyValues): readonly InstantQuestion[] {
  const after = measure === undefined ? undefined : policy.sanctions.measures[measure].lasts;
  const { expiryCalendar: calendar } = policy.ledger;
  return after === undefined ? [] : [{ name: END, from, after, calendar, policy: `sanctions.measures.${measure}.lasts` }];
}

function remindQuestion(measure: Measure, from: Instant, { sanctions, ledger }: PolicyValues): readonly InstantQuestion[] {
  if (!sanctions.measures[measure].needsApproval) return [];
  const { remindOfficerAfter: after } = sanctions;
  return [{ name: REMIND, from, after, calendar: ledger.expiryCalendar, policy: 'sanctions.remindOfficerAfter' }];
}

function decide(state: SanctionState, command: SanctionCommand, facts: Facts): Outcome<SanctionEvent> {
  if (isFinal(state)) return refuse('is-final');
  if (state.status === Status.none && command.kind !== 'openSanction') return refuse('not-opened');
  if (state.status !== Status.none && command.kind === 'openSanction') return refuse('already-open');
  const row = sanctionTable[command.kind];
  if (!row.by.includes(command.by.capacity)) return refuse('wrong-capacity');
  if (!row.in.includes(state.status)) return refuse('not-now');
  if (command.by.capacity === Capacity.governance && facts.mandate !== 'valid')
    return refuse(facts.mandate === 'revoked' ? 'mandate-revoked' : 'no-mandate');
  switch (command.kind) {
    case 'openSanction':
      return { events: proposed(command, facts) };
    case 'decideSanction':
      return (command.decision === 'approve' ? notSecond(facts) : undefined) ?? { events: approvedOrNot(state, command, facts) };
    case 'liftSanction':
      return { events: lift(state, command, facts, Status.lifted) };
    case 'reconsider':
      return { events: reconsidered(state, command, facts) };
    case 'passDeadline':
      return passed(state, command, facts);
    case 'recordOutcome':
      return isOwed(state, command) ? { events: outcome(state, command, facts) } : refuse('not-owed');
  }
}

/** Some measures take effect at once, others wait for a second person: the policy says which. */
function proposed(command: CommandOf<'openSanction'>, facts: Facts): Events {
  const { kind: _, id: __, by: ___, ...rest } = command;
  const { measure } = command.step;
  const opened: SanctionEvent = { type: 'SanctionProposed', ...rest, cause: cause(command, 'ledger.steps') };
  if (!facts.policy.sanctions.measures[measure].needsApproval) return [opened, ...take(measure, command, facts)];
  const remindAt = instantFact(facts, REMIND).at;
  return [opened, { type: 'ApprovalAsked', remindAt, cause: cause(command, `sanctions.measures.${measure}.needsApproval`) }];
}

function approvedOrNot(state: SanctionState, command: CommandOf<'decideSanction'>, facts: Facts): Events {
  const { reason } = command;
  if (command.decision === 'reject') return [{ type: 'SanctionRejected', reason, cause: cause(command) }, sealed(Status.rejected, command)];
  // The ledger may have fallen between the proposal and the approval, with its message still on the way.
  if (facts.actor !== undefined && !stands(state, facts.actor)) return [said(state, command, facts.actor), sealed(Status.overturned, command)];
  return [{ type: 'SanctionApproved', reason, cause: cause(command) }, ...take(state.step?.measure, command, facts)];
}

/** A warning is the statement itself; everything else is an act on the marketplace. */
function take(measure: Measure | undefined, command: SanctionCommand, facts: Facts): Events {
  if (isAct(measure)) return [{ type: 'MeasureOrdered', key: `measure:${command.id}`, cause: cause(command, 'ledger.steps') }];
  return [taken(measure, command, facts.instants[END]?.at, 'warned')];
}

/** The days of a measure begin when the first shop feels it: all were told the same end. */
function taken(measure: Measure | undefined, command: SanctionCommand, until: Instant | undefined, result: string, act?: ShopAct): SanctionEvent {
  const shop = act === undefined ? {} : { shop: act.shop };
  const because = cause(command, until === undefined ? 'ledger.steps' : `sanctions.measures.${measure}.lasts`);
  return { type: 'MeasureTaken', at: command.at, result, ...shop, ...(until !== undefined && { until }), cause: because };
}

/** Ends a measure: undone outside unless another sanction holds the same switch. */
function lift(state: SanctionState, command: SanctionCommand, facts: Facts, ends: Status): Events {
  if (!isAct(state.step?.measure)) return [sealed(ends, command)];
  const held = heldByOther(state, facts);
  if (held !== undefined) return [{ type: 'LiftWithheld', reason: 'other-sanction', held, cause: cause(command) }, sealed(ends, command)];
  const reason = command.kind === 'liftSanction' ? { reason: command.reason } : {};
  return [{ type: 'LiftOrdered', key: `lift:${command.id}`, ends, ...reason, cause: cause(command) }];
}

function heldByOther({ step }: SanctionState, { actor }: Facts): Measure | undefined {
  const own = step?.measure;
  return isAct(own) ? actor?.held.filter(isAct).find((other) => isSameSwitch(own, other)) : undefined;
}

/**
 * A sanction stands while its step is reached: by the points of now, or by those that made it cross. Points that have expired
 * since were right at their time; what was voided since never counted.
 */
function stands({ step }: SanctionState, { points, pointsThen }: ActorFact): boolean {
  return isStepReached(step?.points ?? 0, points, pointsThen);
}

function said(state: SanctionState, command: SanctionCommand, actor: ActorFact): SanctionEvent {
  const { version, points } = actor;
  return { type: 'Reconsidered', version, points, stands: stands(state, actor), cause: cause(command, 'ledger.steps') };
}

/** Decides on the ledger as it is now, under the actor's lock; a version seen before says nothing new. */
function reconsidered(state: SanctionState, command: CommandOf<'reconsider'>, facts: Facts): Events {
  const { actor } = facts;
  if (actor === undefined || actor.version <= state.version) return [];
  const now = said(state, command, actor);
  if (stands(state, actor) || state.status === Status.lifting) return [now];
  if (state.status === Status.proposed) return [now, sealed(Status.overturned, command)];
  // A measure under way is never cancelled but lifted after its outcome.
  if (state.status === Status.executing && state.acts.some(isInFlight)) return [now];
  return [now, ...lift(state, command, facts, Status.overturned)];
}

function passed(state: SanctionState, command: CommandOf<'passDeadline'>, facts: Facts): Outcome<SanctionEvent> {
  const deadline = sanctionDeadline(state);
  if (deadline?.rule !== command.rule || deadline.at !== command.due) return refuse('not-owed');
  if (command.rule === SanctionDeadline.end) return { events: lift(state, command, facts, Status.expired) };
  const again = state.acts.filter(({ retryAt }) => retryAt === command.due);
  return { events: again.map((act) => retryDue(act, cause(command))) };
}

function isOwed({ acts }: SanctionState, command: CommandOf<'recordOutcome'>): boolean {
  return acts.some((act) => isOutcomeOf(act, command));
}

function outcome(state: SanctionState, command: CommandOf<'recordOutcome'>, facts: Facts): Events {
  return state.acts
    .filter((act) => isOutcomeOf(act, command))
    .flatMap((act) => (state.status === Status.executing ? afterTaking(state, act, command, facts) : afterUndoing(state, act, command, facts)));
}

/** A measure that is not to stand any more is lifted from all shops, but never while an act is under way. */
function afterTaking(state: SanctionState, act: ShopAct, command: CommandOf<'recordOutcome'>, facts: Facts): Events {
  const { kind: result } = command.result;
  const until = state.until ?? facts.instants[END]?.at;
  const ends = endOf(state, command.at);
  const isBusy = state.acts.some((other) => other !== act && isInFlight(other));
  // What failed may have been done all the same: without its points it is lifted, not tried again.
  if (result === 'failed' && (ends === undefined || isBusy)) return [failed(command, facts)];
  const now = result === 'failed' ? [] : [taken(state.step?.measure, command, until, result, act)];
  return ends === undefined || isBusy ? now : [...now, ...lift(state, command, facts, ends)];
}

/** How a measure ends that is being taken: its points fell, or its time was over before the last shop felt it. */
function endOf({ fell, until }: SanctionState, at: Instant): Status | undefined {
  if (fell === true) return Status.overturned;
  return until !== undefined && until <= at ? Status.expired : undefined;
}

/** While we lifted, another sanction may have taken hold of the same switch: what it holds is put back before we end. */
function afterUndoing(state: SanctionState, { shop }: ShopAct, command: CommandOf<'recordOutcome'>, facts: Facts): Events {
  const { kind: result } = command.result;
  if (result === 'failed') return [failed(command, facts)];
  const isLast = state.acts.length === 1;
  const ends = isLast ? [sealed(state.ends ?? Status.lifted, command)] : [];
  if (state.forOther !== undefined) return [{ type: 'MeasureRestored', result, shop, cause: cause(command) }, ...ends];
  const lifted: SanctionEvent = { type: 'MeasureLifted', result, shop, cause: cause(command) };
  const held = isLast ? heldByOther(state, facts) : undefined;
  return held === undefined ? [lifted, ...ends] : [lifted, { type: 'MeasureReordered', key: `hold:${command.id}`, held, cause: cause(command) }];
}

function failed(command: CommandOf<'recordOutcome'>, facts: Facts): SanctionEvent {
  const { key, result } = command;
  const reason = result.kind === 'failed' ? result.reason : '';
  return effectFailed(key, reason, facts, cause(command, 'sanctions.retryAfter'));
}

function isFinal(s: SanctionState): boolean {
  return FINAL_SANCTION_STATUSES.includes(s.status);
}

function cause(command: { readonly id: string }, policy?: string): SanctionEvent['cause'] {
  return { command: command.id, ...(policy !== undefined && { policy }) };
}

function sealed(as: Status, command: SanctionCommand): SanctionEvent {
  return { type: 'SanctionSealed', as, at: command.at, cause: cause(command) };
}

/** The rules of a sanction: one measure from its proposal to its lifting (design.md section 3). */
export const sanctionRules: Rules<SanctionState, SanctionCommand, SanctionEvent> = {
  initial: { status: Status.none, marketplace: '', shops: [], cases: [], points: 0, version: 0, acts: [], felt: [] },
  questions,
  decide,
  evolve: evolveSanction,
  deadline: sanctionDeadline,
  onDeadline: ({ at, rule }) => ({ id: `${rule}@${at}`, at, by: { capacity: Capacity.engine }, kind: 'passDeadline', rule, due: at }),
  effects: sanctionEffects,
  letters: (event, after) => sanctionLetters(event, after),
  writes: () => [],
  mark: (state) => state.status,
  isFinal,
  summary: sanctionSummary,
  policyOf: (state) => state.policy,
};
