import type { Capacity, Cause, Facts, InstantQuestion, Outcome, Questions } from '../aggregate.ts';
import type { Duration, Instant } from '../instant.ts';
import type { PolicyValues } from '../policy/policy.ts';
import { qualifying } from './qualifying-cases.ts';
import type { LinkedFact } from './qualifying-cases.ts';
import { type Draft, FINAL_REFERRAL_STATUSES, type ReferralCommand, type ReferralEvent, type ReferralState, ReferralStatus, Stage } from './model.ts';

export type CommandOf<K extends ReferralCommand['kind']> = Extract<ReferralCommand, { kind: K }>;
type ReferralOutcome = Outcome<ReferralEvent>;
export type Events = readonly ReferralEvent[];

/** Every status in which a referral is open. */
export const OPEN: readonly ReferralStatus[] = Object.values(ReferralStatus).filter(
  (status) => status !== ReferralStatus.none && !FINAL_REFERRAL_STATUSES.includes(status),
);

/** The stages of a submission before it goes out. */
export const PREPARED: readonly Stage[] = Object.values(Stage).filter((stage) => stage !== Stage.sending);

/** One command of the decide table: who may give it, when, what it asks to know, and what follows. */
export interface Handler<K extends ReferralCommand['kind']> {
  readonly by: readonly Capacity[];
  /** Either statuses of the referral, or stages of the submission in preparation, which may be a supplement. */
  readonly when: { readonly in: readonly ReferralStatus[] } | { readonly stages: readonly Stage[] };
  questions?(state: ReferralState, command: CommandOf<K>, policy: PolicyValues): Questions;
  decide(state: ReferralState, command: CommandOf<K>, facts: Facts): ReferralOutcome;
}

export function cause(command: { readonly id: string }, policy?: string): Cause {
  return { command: command.id, ...(policy !== undefined && { policy }) };
}

type Days = 'appraisalWithin' | 'remindBrandAfter' | 'remindApproverAfter' | 'remindReceiptAfter' | 'remindOutcomeAfter';

/** An instant so many plain days of the policy after `from`: nobody's working calendar decides about an authority. */
export function days(name: Days, from: Instant, { referrals, ledger }: PolicyValues): InstantQuestion {
  const after: Duration = referrals[name];
  return { name, from, after, calendar: ledger.expiryCalendar, policy: `referrals.${name}` };
}

/** The instants of asking brands at `from`. */
export function askingQuestions(from: Instant, policy: PolicyValues): readonly InstantQuestion[] {
  return [days('remindBrandAfter', from, policy), days('appraisalWithin', from, policy)];
}

/** The actor's cases and the recipient as they are now. */
export function linkedOf({ actor, recipient }: ReferralState): Questions {
  return actor === undefined || recipient === undefined ? {} : { linked: { actor, recipient: recipient.id } };
}

/** Qualifying cases that this referral has never had. */
export function newCases(state: ReferralState, linked: LinkedFact | undefined) {
  const known = new Set([
    ...[...state.sent, ...(state.draft === undefined ? [] : [state.draft])].flatMap(({ cases }) => cases.map((one) => one.case)),
    ...state.leftOut.map((one) => one.case),
  ]);
  return linked === undefined ? [] : qualifying(linked).filter((one) => !known.has(one.case));
}

/** Brands whose cases a draft has, in a fixed order. */
export function brandsOf(cases: readonly { readonly holder: string }[]): readonly string[] {
  return [...new Set(cases.map(({ holder }) => holder))].sort();
}

/** Builds the packet (again). `key` is fixed by the owing command. */
export function build(command: ReferralCommand): ReferralEvent {
  return { type: 'PacketOrdered', key: `packet:${command.id}`, cause: cause(command) };
}

/** The submission in preparation; the table lets nobody get here without one. */
export function draftOf({ draft }: ReferralState): Draft {
  if (draft === undefined) throw new Error('a command about a submission was let through without one');
  return draft;
}

/** The end: nothing can be added to the chain afterwards. */
export function sealed(as: ReferralStatus, command: ReferralCommand): ReferralEvent {
  return { type: 'ReferralSealed', as, at: command.at, cause: cause(command) };
}

/** A submission that comes to nothing: the whole referral when it was the first, else only the supplement. */
export function dropped(state: ReferralState, command: ReferralCommand, why: string): Events {
  if (state.sent.length > 0) return [{ type: 'SubmissionDropped', reason: why, cause: cause(command) }];
  return [{ type: 'ReferralWithdrawn', why, cause: cause(command) }, sealed(ReferralStatus.withdrawn, command)];
}

/** Where a draft without some cases goes on: nowhere, to the packet when everybody left has answered, or on waiting. */
export function without(state: ReferralState, draft: Draft, cases: readonly string[], command: ReferralCommand, why: string): Events {
  const left = draft.cases.filter((one) => !cases.includes(one.case));
  if (left.length === 0) return dropped(state, command, why);
  return isAnswered(draft, left) ? [build(command)] : [];
}

/** Whether every brand of the cases has given its appraisal. */
export function isAnswered({ parts }: Draft, cases: readonly { readonly holder: string }[]): boolean {
  return brandsOf(cases).every((brand) => parts.find((part) => part.brand === brand)?.given !== undefined);
}
