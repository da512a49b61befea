import { cause } from '../aggregate.ts';
import type { DeadlineRules } from '../deadlines.ts';
import { instantFact } from '../facts.ts';
import { silence, silentBrands } from './asking.ts';
import { OPEN } from './command.ts';
import { type ReferralEvent, type ReferralState, Stage } from './model.ts';
import { days, type ReferralFacts, type ReferralQuestions } from './questions.ts';

const ReferralDeadline = { remindBrands: 'appraisal.remind', silence: 'appraisal.end', remind: 'referral.remind' } as const;

/** What a referral waits for. Of two deadlines at the same instant the one listed first passes first. */
export const referralDeadlines: DeadlineRules<ReferralState, ReferralEvent, ReferralQuestions, ReferralFacts> = {
  in: OPEN,
  waits({ draft, remindAt }, retries) {
    const asks = draft?.stage === Stage.asking;
    return [
      ...retries,
      asks && draft.remindAt !== undefined ? { at: draft.remindAt, rule: ReferralDeadline.remindBrands } : undefined,
      asks && draft.until !== undefined ? { at: draft.until, rule: ReferralDeadline.silence } : undefined,
      remindAt === undefined ? undefined : { at: remindAt, rule: ReferralDeadline.remind },
    ];
  },
  questions(state, command, policy) {
    return command.rule === ReferralDeadline.remind ? { instants: [days(nextReminder(state), command.at, policy)] } : {};
  },
  passed(state, command, facts) {
    switch (command.rule) {
      case ReferralDeadline.remindBrands:
        return [{ type: 'BrandsReminded', brands: silentBrands(state), cause: cause(command, 'referrals.remindBrandAfter') }];
      case ReferralDeadline.silence:
        return silence(state, command);
      default: {
        const name = nextReminder(state);
        return [{ type: 'LiaisonReminded', at: command.at, remindAt: instantFact(facts, name).at, cause: cause(command, `referrals.${name}`) }];
      }
    }
  },
};

/** What the liaison is reminded of next: the receipt until the authority has acknowledged the referral, then the outcome. */
function nextReminder({ reference }: ReferralState) {
  return reference === undefined ? 'remindReceiptAfter' : 'remindOutcomeAfter';
}
