import type { ReferralState } from '../../domain/referral/model.ts';
import { type Sample, TEXT } from '../case/actions.ts';

/** What can be said to a referral, as somebody could say it now: which of it the rules allow is theirs to say. */
export function referralSamples({ draft, questions }: ReferralState): readonly Sample[] {
  const item = draft?.missing.find(({ refuses }) => !refuses) ?? draft?.missing[0];
  const asked = questions.findIndex(({ answer }) => answer === undefined) + 1;
  const fact = { fact: 'what-if', outcome: 'raid', goods: [], values: [], cases: [] };
  return [
    { content: { kind: 'rebuildPacket' } },
    { content: { kind: 'waiveItem', item: item?.item ?? '', reason: TEXT } },
    {
      content: { kind: 'decideReferral', packet: draft?.packet ?? '', reason: TEXT },
      decisions: ['approve', 'reject'],
    },
    { content: { kind: 'recordReceipt', reference: '...' } },
    { content: { kind: 'recordQuestion', question: TEXT } },
    { content: { kind: 'answerQuestion', question: asked, answer: TEXT } },
    { content: { kind: 'recordFact', ...fact } },
    { content: { kind: 'recordRefusal', reason: TEXT } },
    { content: { kind: 'closeReferral', reason: TEXT } },
    { content: { kind: 'withdrawReferral', reason: TEXT } },
  ];
}

/** What a brand can say in a referral of its cases. */
export function appraisalSamples(brand: string): readonly Sample[] {
  const words = { appraisal: TEXT, priceStatement: TEXT, contact: TEXT, documents: [] };
  return [{ content: { kind: 'giveAppraisal', brand, ...words } }, { content: { kind: 'declineAppraisal', brand } }];
}
