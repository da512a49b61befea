import { EffectKind, evolveEffects, ordered } from '../effects.ts';
import { type BrandPart, type Draft, type ReferralEvent, type ReferralState, ReferralStatus, Stage } from './model.ts';
import { withReport } from './totals.ts';

export const initialReferral: ReferralState = {
  status: ReferralStatus.none,
  profile: '',
  sent: [],
  leftOut: [],
  waived: [],
  questions: [],
  facts: [],
};

/** The state after an event. The status follows from what is sent and what is prepared. */
export function evolveReferral(s: ReferralState, e: ReferralEvent): ReferralState {
  if (e.type === 'ReferralSealed') {
    const { draft: _, remindAt: __, ...rest } = s;
    return { ...rest, status: e.as };
  }
  const next = s.draft === undefined ? evolveSent(s, e) : evolveSent(evolveWithDraft(s, s.draft, e), e);
  return { ...next, status: next.sent.length > 0 ? ReferralStatus.withRecipient : (next.draft?.stage ?? next.status) };
}

/** What changes the submission in preparation. */
function evolveWithDraft(s: ReferralState, draft: Draft, e: ReferralEvent): ReferralState {
  if (e.type === 'SubmissionDelivered') {
    const { submission, packet = '', cases, parts } = draft;
    const { draft: _, ...rest } = s;
    return { ...rest, sent: [...s.sent, { submission, packet, cases, parts, at: e.at, state: e.state }], remindAt: e.remindAt };
  }
  if (e.type === 'SubmissionDropped') {
    const { draft: _, ...rest } = s;
    return { ...rest, leftOut: [...s.leftOut, ...draft.cases.map((one) => ({ case: one.case, reason: 'dropped' as const }))] };
  }
  const after = evolveDraft(draft, e);
  return after === draft ? s : { ...s, draft: after };
}

function evolveDraft(draft: Draft, e: ReferralEvent): Draft {
  switch (e.type) {
    case 'CasesAdded':
      return { ...draft, cases: [...draft.cases, ...e.cases] };
    case 'AppraisalAsked': {
      const { effect: _, proposedBy: __, ...rest } = draft;
      const parts: readonly BrandPart[] = [...draft.parts, ...e.brands.map((brand) => ({ brand }))];
      return { ...rest, parts, stage: Stage.asking, remindAt: e.remindAt, until: e.until };
    }
    case 'BrandsReminded': {
      const { remindAt: _, ...rest } = draft;
      return rest;
    }
    case 'AppraisalGiven': {
      const { type: _, cause: __, brand, ...given } = e;
      return { ...draft, parts: draft.parts.map((part) => (part.brand === brand ? { brand, given } : part)) };
    }
    case 'CasesLeftOut':
      // What is being mailed cannot be taken back.
      return draft.stage === Stage.sending ? draft : withoutCases(draft, e.cases);
    default:
      return evolvePacket(draft, e);
  }
}

function withoutCases(draft: Draft, out: readonly string[]): Draft {
  const cases = draft.cases.filter((one) => !out.includes(one.case));
  return { ...draft, cases, parts: draft.parts.filter(({ brand }) => cases.some(({ holder }) => holder === brand)) };
}

function evolvePacket(draft: Draft, e: ReferralEvent): Draft {
  switch (e.type) {
    case 'PacketOrdered': {
      const { proposedBy: _, remindAt: __, until: ___, ...rest } = draft;
      return { ...rest, stage: Stage.building, effect: ordered(EffectKind.buildPacket, e.key) };
    }
    case 'PacketBuilt': {
      const { effect: _, packet: __, ...rest } = draft;
      return { ...rest, missing: e.missing, ...(e.packet !== undefined && { packet: e.packet }) };
    }
    case 'PacketIncomplete':
      return { ...draft, stage: Stage.incomplete };
    case 'ApprovalAsked':
    case 'SubmissionBounced':
      return { ...draft, stage: Stage.awaitingApproval };
    case 'SendingProposed':
      return { ...draft, proposedBy: e.by };
    case 'SubmissionOrdered':
      return { ...draft, stage: Stage.sending };
    case 'EffectFailed':
    case 'RetryDue':
      return evolveEffects(draft, ['effect'], e);
    default:
      return draft;
  }
}

/** What changes the referral itself. */
function evolveSent(s: ReferralState, e: ReferralEvent): ReferralState {
  switch (e.type) {
    case 'ReferralOpened': {
      const { policy, actor, recipient, profile, at, by } = e;
      return { ...s, policy, actor, recipient, profile, openedAt: at, ...(by !== undefined && { openedBy: by }) };
    }
    case 'SubmissionBegun':
      return { ...s, draft: { submission: e.submission, stage: Stage.asking, cases: e.cases, parts: [], missing: [] } };
    case 'CasesLeftOut':
      return { ...s, leftOut: [...s.leftOut, ...e.cases.map((id) => ({ case: id, reason: e.reason }))] };
    case 'ItemWaived':
      return { ...s, waived: [...s.waived, e.item] };
    case 'ReceiptRecorded':
      return { ...s, reference: e.reference, remindAt: e.remindAt };
    case 'LiaisonReminded':
      return { ...s, remindAt: e.remindAt };
    case 'QuestionAsked':
      return { ...s, questions: [...s.questions, { words: e.words }] };
    case 'QuestionAnswered':
      return { ...s, questions: s.questions.map((one, index) => (index + 1 === e.question ? { ...one, answer: e.words } : one)) };
    case 'FactRecorded': {
      const { type: _, cause: __, at, remindAt, ...report } = e;
      return { ...s, facts: withReport(s.facts, report, at), remindAt };
    }
    default:
      return s;
  }
}
