import { Capacity, cause } from '../aggregate.ts';
import { refuse } from '../refusals.ts';
import { added, beginSubmission } from './asking.ts';
import { type Events, OPEN, type ReferralHandler } from './command.ts';
import { newCases, without } from './draft.ts';
import { crosses, type LinkedFact, qualifying, unfit } from './qualifying-cases.ts';
import { type Draft, type ReferralCommand, type ReferralState, ReferralStatus, Stage } from './model.ts';
import { askingQuestions, linkedOf, type ReferralFacts } from './questions.ts';

const { governance, liaison, engine } = Capacity;

/** Decision 1: by the engine when the threshold of a profile is crossed, or by hand for whatever qualifies. */
export const openReferral: ReferralHandler<'openReferral'> = {
  by: [engine, governance, liaison],
  in: [ReferralStatus.none],
  opens: true,
  questions: (_state, command, policy) => ({
    instants: askingQuestions(command.at, policy),
    linked: { actor: command.actor, recipient: command.recipient },
  }),
  decide(_state, command, facts) {
    const { linked } = facts;
    const why = linked === undefined ? 'nothing-qualifies' : unfit(linked, command.profile);
    if (linked?.recipient === undefined || why !== undefined) return refuse(why ?? 'recipient-unknown');
    const cases = qualifying(linked);
    const isByHand = command.by.capacity !== engine;
    if (!isByHand && !crosses(linked, facts.policy.referrals.profiles[command.profile])) return refuse('nothing-qualifies');
    const { kind: _, id: __, by, recipient: ___, ...rest } = command;
    const opener = isByHand && by.person !== undefined ? { by: by.person } : {};
    const because = cause(command, `referrals.profiles.${command.profile}`);
    return {
      events: [
        { type: 'ReferralOpened', ...rest, recipient: linked.recipient, ...opener, cause: because },
        ...beginSubmission(1, cases, command, facts),
      ],
    };
  },
};

/** The ledger of the actor has changed: overturned cases are taken out, new ones join the submission in preparation or start a supplement. */
export const reconsider: ReferralHandler<'reconsider'> = {
  by: [engine],
  in: OPEN,
  questions: (state, command, policy) => ({ ...linkedOf(state), instants: askingQuestions(command.at, policy) }),
  decide: (state, command, facts) => ({ events: facts.linked === undefined ? [] : reconsidered(state, facts.linked, command, facts) }),
};

function reconsidered(state: ReferralState, linked: LinkedFact, command: ReferralCommand, facts: ReferralFacts): Events {
  // What is being mailed is treated as sent: it cannot be taken back.
  const draft = state.draft?.stage === Stage.sending ? undefined : state.draft;
  const undone = undoneCases(state, linked);
  const taken: Events = undone.length === 0 ? [] : [{ type: 'CasesLeftOut', cases: undone, reason: 'overturned', cause: cause(command) }];
  const left = draft?.cases.filter((one) => !undone.includes(one.case)) ?? [];
  const isSmaller = draft !== undefined && left.length < draft.cases.length;
  const next = isSmaller ? without(state, draft, undone, command, 'every case was overturned') : [];
  const more = newCases(state, linked);
  if (more.length === 0 || (isSmaller && left.length === 0)) return [...taken, ...next];
  return [...taken, ...next, ...joined(state, draft && { ...draft, cases: left }, more, command, facts)];
}

function joined(
  state: ReferralState,
  draft: Draft | undefined,
  more: ReturnType<typeof newCases>,
  command: ReferralCommand,
  facts: ReferralFacts,
): Events {
  if (draft !== undefined) return added(draft, more, command, facts);
  // While a mail is under way nothing joins it: its delivery asks again.
  return state.draft === undefined ? beginSubmission(state.sent.length + 1, more, command, facts) : [];
}

/** Cases of this referral that no longer stand, each told once. */
function undoneCases({ draft, sent, leftOut }: ReferralState, { cases }: LinkedFact): readonly string[] {
  const standing = new Set(cases.map((one) => one.case));
  const out = new Set(leftOut.map((one) => one.case));
  const own = [...sent.flatMap((submission) => submission.cases), ...(draft?.cases ?? [])].map((one) => one.case);
  return own.filter((id) => !standing.has(id) && !out.has(id));
}
