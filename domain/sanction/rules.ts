import type { ActorFact, Facts, InstantQuestion, Outcome, Questions, Rules } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import { instantFact, retryQuestion } from '../case/window.ts';
import { isInFlight } from '../effects.ts';
import type { Instant } from '../instant.ts';
import type { Measure, PolicyValues } from '../policy/policy.ts';
import { refuse } from '../refusals.ts';
import { evolveSanction, isAct, isSameSwitch, SanctionDeadline, sanctionDeadline, sanctionEffects, sanctionSummary } from './evolve.ts';
import { sanctionLetters } from './letters.ts';
import type { SanctionCommand, SanctionEvent, SanctionState } from './model.ts';
import { FINAL_SANCTION_STATUSES, SanctionStatus as Status } from './model.ts';

type CommandOf<K extends SanctionCommand['kind']> = Extract<SanctionCommand, { kind: K }>;
type Events = readonly SanctionEvent[];

/** Who may give a command, and in which statuses. */
export const sanctionTable: { readonly [K in SanctionCommand['kind']]: { readonly by: readonly Capacity[]; readonly in: readonly Status[] } } = {
  openSanction: { by: [Capacity.engine], in: [Status.none] },
  // The proposer is the engine, so any officer is a second person.
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
      return { mandate: true, ...actorOf(state), instants: endQuestion(state.step?.measure, command.at, policy) };
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
      ? retryQuestion(command.at, command.try, policy.sanctions.retryAfter, 'sanctions.retryAfter', { calendar: policy.ledger.expiryCalendar })
          .instants
      : state.status === Status.executing && endQuestion(state.step?.measure, command.at, policy);
  return { ...actorOf(state), ...(instants && { instants }) };
}

function actorOf({ seller, crossedAt }: SanctionState): Questions {
  return seller === undefined || crossedAt === undefined ? {} : { actor: { seller, crossedAt } };
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
      return { events: approvedOrNot(state, command, facts) };
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
  return [taken(measure, command, facts, 'warned')];
}

/** The days of a measure begin when it has taken effect. */
function taken(measure: Measure | undefined, command: SanctionCommand, facts: Facts, result: string): SanctionEvent {
  const until = facts.instants[END]?.at;
  const because = cause(command, until === undefined ? 'ledger.steps' : `sanctions.measures.${measure}.lasts`);
  return { type: 'MeasureTaken', at: command.at, result, ...(until !== undefined && { until }), cause: because };
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
  return Math.max(points, pointsThen) >= (step?.points ?? 0);
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
  if (state.status === Status.executing && isInFlight(state.effect)) return [now];
  return [now, ...lift(state, command, facts, Status.overturned)];
}

function passed(state: SanctionState, command: CommandOf<'passDeadline'>, facts: Facts): Outcome<SanctionEvent> {
  const deadline = sanctionDeadline(state);
  if (deadline?.rule !== command.rule || deadline.at !== command.due) return refuse('not-owed');
  if (command.rule === SanctionDeadline.end) return { events: lift(state, command, facts, Status.expired) };
  return { events: [{ type: 'RetryDue', key: state.effect?.key ?? '', cause: cause(command) }] };
}

function isOwed({ effect }: SanctionState, command: CommandOf<'recordOutcome'>): boolean {
  return effect?.key === command.key && effect.try === command.try && effect.retryAt === undefined;
}

function outcome(state: SanctionState, command: CommandOf<'recordOutcome'>, facts: Facts): Events {
  const { key, result } = command;
  const isTaking = state.status === Status.executing;
  if (result.kind !== 'failed') return isTaking ? measureTaken(state, command, facts) : measureUndone(state, command, facts);
  // What failed may have been done all the same: without its points it is lifted, not tried again.
  if (isTaking && state.fell === true) return lift(state, command, facts, Status.overturned);
  return [
    { type: 'EffectFailed', key, reason: result.reason, retryAt: instantFact(facts, 'retry').at, cause: cause(command, 'sanctions.retryAfter') },
  ];
}

function measureTaken(state: SanctionState, command: CommandOf<'recordOutcome'>, facts: Facts): Events {
  const now = taken(state.step?.measure, command, facts, command.result.kind);
  return state.fell === true ? [now, ...lift(state, command, facts, Status.overturned)] : [now];
}

/** While we lifted, another sanction may have taken hold of the same switch: what it holds is put back before we end. */
function measureUndone(state: SanctionState, command: CommandOf<'recordOutcome'>, facts: Facts): Events {
  const ends = sealed(state.ends ?? Status.lifted, command);
  const { kind: result } = command.result;
  if (state.forOther !== undefined) return [{ type: 'MeasureRestored', result, cause: cause(command) }, ends];
  const lifted: SanctionEvent = { type: 'MeasureLifted', result, cause: cause(command) };
  const held = heldByOther(state, facts);
  return held === undefined ? [lifted, ends] : [lifted, { type: 'MeasureReordered', key: `hold:${command.id}`, held, cause: cause(command) }];
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
  initial: { status: Status.none, marketplace: '', cases: [], points: 0, version: 0 },
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
