import { Capacity, type Deadline } from '../aggregate.ts';
import { retryDeadline, retryDue } from '../effects.ts';
import { instantFact } from '../facts.ts';
import { refuse } from '../refusals.ts';
import { silence, silentBrands } from './asking.ts';
import { cause, days, type Handler, OPEN } from './handler.ts';
import { type ReferralCommand, type ReferralState, Stage } from './model.ts';

const ReferralDeadline = {
  remindBrands: 'appraisal.remind',
  silence: 'appraisal.end',
  retry: 'effect.retry',
  remind: 'referral.remind',
} as const;

/** The one next deadline: the earliest; at a tie the order written here. */
export function referralDeadline({ draft, remindAt }: ReferralState): Deadline | undefined {
  const asks = draft?.stage === Stage.asking;
  const all: readonly (Deadline | undefined)[] = [
    retryDeadline(draft?.effect, ReferralDeadline.retry),
    asks && draft.remindAt !== undefined ? { at: draft.remindAt, rule: ReferralDeadline.remindBrands } : undefined,
    asks && draft.until !== undefined ? { at: draft.until, rule: ReferralDeadline.silence } : undefined,
    remindAt === undefined ? undefined : { at: remindAt, rule: ReferralDeadline.remind },
  ];
  return all.reduce((first, next) => (first === undefined || (next !== undefined && next.at < first.at) ? next : first), undefined);
}

/** A deadline as the command that its passing is; its id makes it happen once. */
export function passing({ at, rule }: Deadline): ReferralCommand {
  return { id: `${rule}@${at}`, at, by: { capacity: Capacity.engine }, kind: 'passDeadline', rule, due: at };
}

export const passDeadline: Handler<'passDeadline'> = {
  by: [Capacity.engine],
  when: { in: OPEN },
  questions(state, command, policy) {
    if (command.rule !== ReferralDeadline.remind) return {};
    return { instants: [days(state.reference === undefined ? 'remindReceiptAfter' : 'remindOutcomeAfter', command.at, policy)] };
  },
  decide(state, command, facts) {
    const due = referralDeadline(state);
    if (due?.rule !== command.rule || due.at !== command.due) return refuse('not-owed');
    switch (command.rule) {
      case ReferralDeadline.remindBrands:
        return { events: [{ type: 'BrandsReminded', brands: silentBrands(state), cause: cause(command, 'referrals.remindBrandAfter') }] };
      case ReferralDeadline.silence:
        return { events: silence(state, command) };
      case ReferralDeadline.retry:
        return { events: [retryDue(state.draft?.effect, cause(command))] };
      default: {
        const name = state.reference === undefined ? 'remindReceiptAfter' : 'remindOutcomeAfter';
        const remindAt = instantFact(facts, name).at;
        return { events: [{ type: 'LiaisonReminded', at: command.at, remindAt, cause: cause(command, `referrals.${name}`) }] };
      }
    }
  },
};
