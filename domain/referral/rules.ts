import type { Effect, Facts, Outcome, Questions, Rules, Summary } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import { owed } from '../effects.ts';
import type { PolicyValues } from '../policy/policy.ts';
import { refuse } from '../refusals.ts';
import { declineAppraisal, giveAppraisal } from './asking.ts';
import { passDeadline, passing, referralDeadline } from './deadlines.ts';
import { evolveReferral, initialReferral } from './evolve.ts';
import type { Handler } from './handler.ts';
import { referralLetters } from './letters.ts';
import { referralMark } from './mark.ts';
import { FINAL_REFERRAL_STATUSES, type ReferralCommand, type ReferralEvent, type ReferralState, ReferralStatus } from './model.ts';
import { openReferral, reconsider } from './opening.ts';
import { decideReferral, rebuildPacket, recordOutcome, waiveItem } from './packet.ts';
import {
  answerQuestion,
  closeReferral,
  recordDelivery,
  recordFact,
  recordQuestion,
  recordReceipt,
  recordRefusal,
  withdrawReferral,
} from './authority.ts';

/** The decide table of a referral: every command, who may give it and when. */
export const referralHandlers: { readonly [K in ReferralCommand['kind']]: Handler<K> } = {
  openReferral,
  giveAppraisal,
  declineAppraisal,
  rebuildPacket,
  waiveItem,
  decideReferral,
  recordDelivery,
  recordReceipt,
  recordRefusal,
  recordQuestion,
  answerQuestion,
  recordFact,
  closeReferral,
  withdrawReferral,
  reconsider,
  passDeadline,
  recordOutcome,
};

function handlerOf<K extends ReferralCommand['kind']>(command: { readonly kind: K }): Handler<ReferralCommand['kind']> {
  // One cast where the table meets the union: the key and the handler's command are the same K by construction.
  return referralHandlers[command.kind] as unknown as Handler<ReferralCommand['kind']>;
}

/** A person acts under a mandate; a brand's person under that of the brand that the command speaks for. */
function mandateOf(command: ReferralCommand): Questions {
  if (command.by.capacity === Capacity.engine) return {};
  return { mandate: 'brand' in command ? { holder: command.brand } : true };
}

function questions(state: ReferralState, command: ReferralCommand, policy: PolicyValues): Questions {
  return { ...mandateOf(command), ...handlerOf(command).questions?.(state, command, policy) };
}

function decide(state: ReferralState, command: ReferralCommand, facts: Facts): Outcome<ReferralEvent> {
  const handler = handlerOf(command);
  if (isFinal(state)) return refuse('is-final');
  if (state.status === ReferralStatus.none && command.kind !== 'openReferral') return refuse('not-opened');
  if (state.status !== ReferralStatus.none && command.kind === 'openReferral') return refuse('already-open');
  if (!handler.by.includes(command.by.capacity)) return refuse('wrong-capacity');
  if (command.by.capacity !== Capacity.engine && facts.mandate !== 'valid')
    return refuse(facts.mandate === 'revoked' ? 'mandate-revoked' : 'no-mandate');
  if (!isTime(state, handler)) return refuse('not-now');
  return handler.decide(state, command, facts);
}

function isTime({ status, draft }: ReferralState, { when }: Handler<ReferralCommand['kind']>): boolean {
  return 'in' in when ? when.in.includes(status) : draft !== undefined && when.stages.includes(draft.stage);
}

function effects({ draft, profile }: ReferralState): readonly Effect[] {
  return owed(draft?.effect, { submission: draft?.submission, profile });
}

function isFinal({ status }: ReferralState): boolean {
  return FINAL_REFERRAL_STATUSES.includes(status);
}

/** Columns of lists: a referral is about an actor, whom no column names. */
function summary({ status }: ReferralState): Summary {
  return { status, marketplace: '', listing: '', holder: '' };
}

/** The rules of a referral: the cases of one actor on their way to one authority (design.md section 3). */
export const referralRules: Rules<ReferralState, ReferralCommand, ReferralEvent> = {
  initial: initialReferral,
  questions,
  decide,
  evolve: evolveReferral,
  deadline: referralDeadline,
  onDeadline: passing,
  effects,
  letters: (event, after) => referralLetters(event, after),
  writes: () => [],
  mark: referralMark,
  isFinal,
  summary,
  policyOf: (state) => state.policy,
};
