import type { Sender, Sent } from '../../client/case-client.ts';
import { ReferralClient } from '../../client/referrals.ts';
import { present } from '../../store/register/imports/present.ts';
import type { ReferralOperation, ReferralStep } from './referral-schemas.ts';
import type { Session } from './session.ts';

/** Sends a step about a referral as its sender would. */
export async function sendReferral(session: Session, step: ReferralStep, sender: Sender): Promise<Sent> {
  const client = new ReferralClient(session.stack.client);
  if (step.does === 'open-referral') {
    const { seller, recipient, profile, reason } = step;
    return client.open(sender, present({ seller, recipient, profile, reason }));
  }
  const id = (await session.referralId(step.referral)) ?? '';
  switch (step.does) {
    case 'appraise':
      return client.appraise(sender, id, await appraisalOf(session, step));
    case 'decline-appraisal':
      return client.decline(sender, id, step.brand, step.reason);
    case 'rebuild-packet':
      return client.rebuild(sender, id);
    case 'waive-item':
      return client.waive(sender, id, step.item, step.reason);
    case 'approve-referral':
    case 'reject-referral': {
      const packet = step.packet ?? (await session.packetOf(id));
      return client.decide(sender, id, step.does === 'approve-referral' ? 'approve' : 'reject', packet, step.reason);
    }
    default:
      return sendOfAuthority(session, client, sender, id, step);
  }
}

type Step<K extends ReferralOperation> = Extract<ReferralStep, { does: K }>;
type OfAuthority = Step<
  'record-receipt' | 'record-refusal' | 'record-question' | 'answer-question' | 'record-outcome' | 'close-referral' | 'withdraw-referral'
>;

async function sendOfAuthority(session: Session, client: ReferralClient, sender: Sender, id: string, step: OfAuthority): Promise<Sent> {
  switch (step.does) {
    case 'record-receipt':
      return client.receipt(sender, id, step.reference);
    case 'record-refusal':
      return client.refuse(sender, id, step.reason);
    case 'record-question':
      return client.question(sender, id, step.question);
    case 'answer-question':
      return client.answer(sender, id, step.question, step.answer);
    case 'record-outcome': {
      const { outcome, fact = outcome, goods: seized, values, place } = step;
      const cases = await Promise.all(step.cases.map(async (reference) => (await session.caseId(reference)) ?? ''));
      return client.outcome(sender, id, present({ fact, outcome, goods: seized, values, cases, place }));
    }
    case 'close-referral':
      return client.close(sender, id, step.reason);
    case 'withdraw-referral':
      return client.withdraw(sender, id, step.reason);
  }
}

async function appraisalOf({ stack }: Session, step: Step<'appraise'>) {
  const { brand, appraisal, contact } = step;
  const documents = Object.entries(step.certificates).map(async ([about, words]) => {
    const digest = await stack.vault.put(new TextEncoder().encode(words));
    return { kind: 'certificate' as const, about, digest };
  });
  const contacts = { contactMail: step['contact-mail'], contactPhone: step['contact-phone'] };
  return present({ brand, appraisal, priceStatement: step['price-statement'], contact, ...contacts, documents: await Promise.all(documents) });
}
