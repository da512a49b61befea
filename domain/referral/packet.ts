import type { Facts } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import { effectFailed, isOutcomeOf, retryQuestion } from '../effects.ts';
import { instantFact } from '../facts.ts';
import { fourEyes, notSecond } from '../four-eyes.ts';
import { refuse } from '../refusals.ts';
import { build, cause, days, draftOf, dropped, type Events, type Handler } from './handler.ts';
import { type Draft, type ReferralCommand, type ReferralEvent, type ReferralState, Stage } from './model.ts';

const { governance, liaison, engine } = Capacity;

/** The packet has been built. The outcome of an owed effect is never refused. */
export const recordOutcome: Handler<'recordOutcome'> = {
  by: [engine],
  when: { stages: [Stage.building] },
  questions(state, command, policy) {
    if (!isOutcomeOf(state.draft?.effect, command)) return {};
    if (command.result.kind !== 'failed') return { instants: [days('remindApproverAfter', command.at, policy)] };
    return retryQuestion(command.at, command.try, policy.referrals.retryAfter, 'referrals.retryAfter', policy.ledger.expiryCalendar);
  },
  decide(state, command, facts) {
    const { result, key } = command;
    const draft = draftOf(state);
    if (!isOutcomeOf(draft.effect, command)) return refuse('not-owed');
    if (result.kind === 'failed') return { events: [effectFailed(key, result.reason, facts, cause(command, 'referrals.retryAfter'))] };
    if (result.kind !== 'built') throw new Error(`building a packet does not end as ${result.kind}`);
    const { packet, missing } = result;
    const { packet: _, ...rest } = draft;
    const content = { missing, ...(packet !== undefined && { packet }) };
    const built: ReferralEvent = { type: 'PacketBuilt', ...content, cause: cause(command) };
    return { events: [built, ...assessed(state, { ...rest, ...content }, command, facts)] };
  },
};

/** Where a built packet goes: it waits for what is missing, for approval, or out. */
function assessed(state: ReferralState, draft: Draft, command: ReferralCommand, facts: Facts): Events {
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

/** Facts outside have changed: the packet is built again, by the engine or because somebody asks. */
export const rebuildPacket: Handler<'rebuildPacket'> = {
  by: [governance, liaison, engine],
  when: { stages: [Stage.incomplete, Stage.awaitingApproval] },
  decide: (_state, command) => ({ events: [build(command)] }),
};

/** What cannot be had is let go, with a reason; what a packet must not go out without cannot be waived. */
export const waiveItem: Handler<'waiveItem'> = {
  by: [governance, liaison],
  when: { stages: [Stage.incomplete] },
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

/** A second person lets exactly this packet go out, or somebody stops it. */
export const decideReferral: Handler<'decideReferral'> = {
  by: [governance, liaison],
  when: { stages: [Stage.awaitingApproval] },
  questions: ({ openedBy, draft }) => fourEyes(draft?.cases.map((one) => one.case) ?? [], [openedBy, draft?.proposedBy]),
  decide(state, command, facts) {
    const draft = draftOf(state);
    const { packet, reason } = command;
    if (draft.packet !== packet) return refuse('packet-differs');
    const said = { packet, reason, cause: cause(command) };
    if (command.decision === 'reject') return { events: [{ type: 'SubmissionRejected', ...said }, ...dropped(state, command, 'rejected')] };
    const refusal = notSecond(facts);
    if (refusal !== undefined) return refusal;
    const by = command.by.person ?? { '...': '' };
    // Two people for sending: whoever opened it by hand is the first, else whoever proposes it.
    const isSecond = (state.openedBy ?? draft.proposedBy) !== undefined;
    return { events: isSecond ? [{ type: 'SendingApproved', by, ...said }, ordered(draft, command)] : [{ type: 'SendingProposed', by, ...said }] };
  },
};
