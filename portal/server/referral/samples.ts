import type { ReferralState } from '../../../domain/referral/model.ts';
import { type Sample, TEXT } from '../case/actions.ts';

/** What can be said to a referral, as somebody could say it now: which of it the rules allow is theirs to say. */
export function referralSamples({ draft, questions }: ReferralState): readonly Sample[] {
  const item = draft?.missing.find(({ refuses }) => !refuses) ?? draft?.missing[0];
  const asked = questions.findIndex(({ answer }) => answer === undefined) + 1;
  const fact = { fact: 'what-if', outcome: 'raid', goods: [], values: [], cases: [] };
  const prepare = 'referral.prepare' as const;
  const record = 'referral.record' as const;
  const end = 'referral.end' as const;
  return [
    { operation: prepare, content: { kind: 'rebuildPacket' } },
    { operation: prepare, content: { kind: 'waiveItem', item: item?.item ?? '', reason: TEXT } },
    {
      operation: 'referral.decide',
      content: { kind: 'decideReferral', packet: draft?.packet ?? '', reason: TEXT },
      decisions: ['approve', 'reject'],
    },
    { operation: record, content: { kind: 'recordReceipt', reference: '...' } },
    { operation: record, content: { kind: 'recordQuestion', question: TEXT } },
    { operation: record, content: { kind: 'answerQuestion', question: asked, answer: TEXT } },
    { operation: record, content: { kind: 'recordFact', ...fact } },
    { operation: end, content: { kind: 'recordRefusal', reason: TEXT } },
    { operation: end, content: { kind: 'closeReferral', reason: TEXT } },
    { operation: end, content: { kind: 'withdrawReferral', reason: TEXT } },
  ];
}

/** What a brand can say in a referral of its cases. */
export function appraisalSamples(brand: string): readonly Sample[] {
  const words = { appraisal: TEXT, priceStatement: TEXT, contact: TEXT, documents: [] };
  return [
    { operation: 'appraisal.give', content: { kind: 'giveAppraisal', brand, ...words } },
    { operation: 'appraisal.give', content: { kind: 'declineAppraisal', brand } },
  ];
}
