import { Capacity, cause } from '../aggregate.ts';
import type { EffectRules } from '../effect-rules.ts';
import { instantFact } from '../facts.ts';
import { refuse } from '../refusals.ts';
import type { Events, ReferralHandler } from './command.ts';
import { build, draftOf, dropped } from './draft.ts';
import { type Draft, type ReferralCommand, type ReferralEvent, type ReferralState, Stage } from './model.ts';
import { days, type ReferralFacts, type ReferralQuestions } from './questions.ts';

const { governance, liaison, engine } = Capacity;

/** Building a packet, and where it goes once it is built. */
export const referralEffects: EffectRules<ReferralState, ReferralEvent, ReferralQuestions, ReferralFacts> = {
  in: [Stage.building],
  because: 'referrals.retryAfter',
  kept: ({ draft, profile }) => (draft?.effect === undefined ? [] : [{ effect: draft.effect, args: { submission: draft.submission, profile } }]),
  retries: (_state, _effect, { referrals, ledger }) => ({
    after: referrals.retryAfter,
    path: 'referrals.retryAfter',
    calendar: ledger.expiryCalendar,
  }),
  questions: (_state, { result, at }, _effect, policy) => (result.kind === 'failed' ? {} : { instants: [days('remindApproverAfter', at, policy)] }),
  done(state, command, _effect, facts) {
    const { result } = command;
    if (result.kind !== 'built') throw new Error(`building a packet does not end as ${result.kind}`);
    const { packet, missing } = result;
    const { packet: _, ...rest } = draftOf(state);
    const content = { missing, ...(packet !== undefined && { packet }) };
    return [{ type: 'PacketBuilt', ...content, cause: cause(command) }, ...assessed(state, { ...rest, ...content }, command, facts)];
  },
};

/** What happens to a built packet: it waits for missing items or for approval, or it is sent. */
function assessed(state: ReferralState, draft: Draft, command: ReferralCommand, facts: ReferralFacts): Events {
  const open = draft.missing.filter(({ item, refuses }) => refuses || !state.waived.includes(item));
  const items = [...new Set(open.map(({ item }) => item))];
  if (items.length > 0) return [{ type: 'PacketIncomplete', items, cause: cause(command) }];
  if (state.sent.length > 0 && !facts.policy.referrals.supplementsNeedApproval) return [ordered(draft, command)];
  const remindAt = instantFact(facts, 'remindApproverAfter').at;
  return [{ type: 'ApprovalAsked', packet: draft.packet ?? '', remindAt, cause: cause(command, 'referrals.remindApproverAfter') }];
}

/** The packet goes to the authority by mail. */
function ordered(draft: Draft, command: ReferralCommand): ReferralEvent {
  return { type: 'SubmissionOrdered', packet: draft.packet ?? '', submission: draft.submission, cause: cause(command) };
}

/** The packet is built again, because the register has changed or because somebody asks for it. */
export const rebuildPacket: ReferralHandler<'rebuildPacket'> = {
  by: [governance, liaison, engine],
  in: [Stage.incomplete, Stage.awaitingApproval],
  decide: (_state, command) => ({ events: [build(command)] }),
};

/** A missing item is waived, with a reason. An item that the packet must not be sent without cannot be waived. */
export const waiveItem: ReferralHandler<'waiveItem'> = {
  by: [governance, liaison],
  in: [Stage.incomplete],
  questions: (_state, command, policy) => ({ instants: [days('remindApproverAfter', command.at, policy)] }),
  decide(state, command, facts) {
    const { item, reason } = command;
    const draft = draftOf(state);
    const missing = draft.missing.filter((one) => one.item === item);
    if (missing.length === 0 || state.waived.includes(item)) return refuse('not-missing');
    if (missing.some(({ refuses }) => refuses)) return refuse('cannot-waive');
    const after = { ...state, waived: [...state.waived, item] };
    return { events: [{ type: 'ItemWaived', item, reason, cause: cause(command) }, ...assessed(after, draft, command, facts)] };
  },
};

/** A second person approves sending exactly this packet, or somebody rejects it. */
export const decideReferral: ReferralHandler<'decideReferral'> = {
  by: [governance, liaison],
  in: [Stage.awaitingApproval],
  secondPerson: {
    of: ({ openedBy, draft }) => ({
      cases: draft?.cases.map((one) => one.case) ?? [],
      people: [openedBy, draft?.proposedBy].filter((person) => person !== undefined),
    }),
    isApproval: ({ decision }) => decision === 'approve',
  },
  decide(state, command) {
    const draft = draftOf(state);
    const { packet, reason } = command;
    if (draft.packet !== packet) return refuse('packet-differs');
    const said = { packet, reason, cause: cause(command) };
    if (command.decision === 'reject') return { events: [{ type: 'SubmissionRejected', ...said }, ...dropped(state, command, 'rejected')] };
    const by = command.by.person ?? { '...': '' };
    // Two people for sending: whoever opened it by hand is the first, else whoever proposes it.
    const isSecond = (state.openedBy ?? draft.proposedBy) !== undefined;
    return { events: isSecond ? [{ type: 'SendingApproved', by, ...said }, ordered(draft, command)] : [{ type: 'SendingProposed', by, ...said }] };
  },
};
