import { cause, sealing } from '../aggregate.ts';
import type { Events } from './command.ts';
import { type LinkedFact, qualifying } from './qualifying-cases.ts';
import { type Draft, type ReferralCommand, type ReferralEvent, type ReferralState, ReferralStatus } from './model.ts';

/** The submission in preparation. Throws when there is none; the guard lets no such command through. */
export function draftOf({ draft }: ReferralState): Draft {
  if (draft === undefined) throw new Error('a command about a submission was let through without one');
  return draft;
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

/** Whether every brand of the cases has given its appraisal. */
export function isAnswered({ parts }: Draft, cases: readonly { readonly holder: string }[]): boolean {
  return brandsOf(cases).every((brand) => parts.find((part) => part.brand === brand)?.given !== undefined);
}

/** Builds the packet (again). `key` is fixed by the owing command. */
export function build(command: ReferralCommand): ReferralEvent {
  return { type: 'PacketOrdered', key: `packet:${command.id}`, cause: cause(command) };
}

/** The end: nothing can be added to the chain afterwards. */
export function sealReferral(as: ReferralStatus, command: ReferralCommand): ReferralEvent {
  return sealing('ReferralSealed')(as, command.at, cause(command));
}

/** Drops a submission: a first one ends the referral, a supplement ends alone. */
export function dropped(state: ReferralState, command: ReferralCommand, why: string): Events {
  if (state.sent.length > 0) return [{ type: 'SubmissionDropped', reason: why, cause: cause(command) }];
  return [{ type: 'ReferralWithdrawn', why, cause: cause(command) }, sealReferral(ReferralStatus.withdrawn, command)];
}

/** What happens to a submission that loses cases: it is dropped when none is left, and built when all remaining brands have answered. */
export function without(state: ReferralState, draft: Draft, cases: readonly string[], command: ReferralCommand, why: string): Events {
  const left = draft.cases.filter((one) => !cases.includes(one.case));
  if (left.length === 0) return dropped(state, command, why);
  return isAnswered(draft, left) ? [build(command)] : [];
}
