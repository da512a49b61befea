import type { OwnCommand } from '../define-aggregate.ts';
import type { Handler } from '../handler.ts';
import { FINAL_REFERRAL_STATUSES, type ReferralCommand, type ReferralEvent, type ReferralState, ReferralStatus, Stage } from './model.ts';
import type { ReferralFacts, ReferralQuestions } from './questions.ts';

type CommandOf<K extends ReferralCommand['kind']> = Extract<ReferralCommand, { kind: K }>;
export type Events = readonly ReferralEvent[];

/**
 * How a referral decides one kind of command. `in` names statuses of the referral, or stages of the submission in preparation, which may
 * be a supplement.
 */
export type ReferralHandler<K extends OwnCommand<ReferralCommand>['kind']> = Handler<
  ReferralState,
  CommandOf<K>,
  ReferralEvent,
  ReferralQuestions,
  ReferralFacts
>;

/** Every status in which a referral is open. */
export const OPEN: readonly ReferralStatus[] = Object.values(ReferralStatus).filter(
  (status) => status !== ReferralStatus.none && !FINAL_REFERRAL_STATUSES.includes(status),
);

/** The stages of a submission before it goes out. */
export const PREPARED: readonly Stage[] = Object.values(Stage).filter((stage) => stage !== Stage.sending);
