import type { CaseTarget, Sender, Sent } from '../../client/case-client.ts';
import { sendExhibit } from './exhibits.ts';
import { REFERRAL_STEPS, isReferralStep } from './referral-schemas.ts';
import { sendReferral } from './referral-steps.ts';
import type { Session } from './session.ts';
import type { ExhibitStep, Step, StepOf } from './step-schemas.ts';

/** What a step came to: in words, and what of it was not expected. */
export interface StepOutcome {
  readonly words: string;
  readonly wrong: readonly string[];
}

/** Steps that are messages from outside: each becomes an inbox row and is answered by the log. */
const MESSAGES = [
  'open',
  'verdict',
  'correct',
  'cancel',
  'extend',
  'contest',
  'identify-seller',
  'order-test-purchase',
  'receive-exhibit',
  'transfer-exhibit',
  'examine-exhibit',
  'lose-exhibit',
  'decide-appeal',
  'withdraw-appeal',
  'file-notice',
  'approve-sanction',
  'reject-sanction',
  'lift-sanction',
  ...REFERRAL_STEPS,
] as const satisfies readonly Step['does'][];
type MessageStep = StepOf<(typeof MESSAGES)[number]>;

/** Whether the step is a message. */
export function isMessageStep(step: Step): step is MessageStep {
  return MESSAGES.some((does) => does === step.does);
}

/** Sends the message as its sender would and compares the answer with what the step expects. */
export async function sendMessage(session: Session, step: MessageStep): Promise<StepOutcome> {
  const messageId = step['message-id'];
  const sent = await send(session, step, { as: step.who, ...(messageId !== undefined && { messageId }) });
  if (step.as !== undefined && 'aggregate' in sent && sent.aggregate !== undefined) session.call(step.as, sent.aggregate);
  return { words: inWords(sent), wrong: unexpected(step, sent) };
}

async function send(session: Session, step: MessageStep, sender: Sender): Promise<Sent> {
  if (isReferralStep(step)) return sendReferral(session, step, sender);
  const { client } = session.stack;
  switch (step.does) {
    case 'open':
      return client.openCase(sender, { listing: step.listing, holder: step.holder, reason: step.reason });
    case 'verdict':
    case 'correct': {
      const { verdict, basis, note } = step;
      const perRight = step['per-right'];
      const answer = {
        verdict,
        reasonCode: step['reason-code'],
        basis,
        ...(note !== undefined && { note }),
        ...(step.exhibit !== undefined && { exhibit: step.exhibit }),
        ...(perRight !== undefined && { perRight }),
      };
      return client.recordVerdict(sender, await targetOf(session, step), answer);
    }
    case 'cancel':
      return client.cancelCase(sender, await targetOf(session, step), step.reason);
    case 'extend':
      return client.extendWindow(sender, await targetOf(session, step), step.by);
    case 'contest':
      return client.fileCounterStatement(sender, await targetOf(session, step), step.statement);
    case 'identify-seller':
      return client.identifySeller(sender, await targetOf(session, step), step.seller);
    case 'order-test-purchase':
    case 'receive-exhibit':
    case 'transfer-exhibit':
    case 'examine-exhibit':
    case 'lose-exhibit':
      return sendExhibit(session, step, sender, await targetOf(session, step));
    case 'decide-appeal':
      return client.decideAppeal(sender, await appealOf(session, step), step.decision, step.reason);
    case 'withdraw-appeal':
      return client.withdrawAppeal(sender, await appealOf(session, step));
    case 'file-notice':
      return client.fileOfferedNotice(sender, await appealOf(session, step), step.basis);
    case 'approve-sanction':
      return client.decideSanction(sender, await sanctionOf(session, step), 'approve', step.reason);
    case 'reject-sanction':
      return client.decideSanction(sender, await sanctionOf(session, step), 'reject', step.reason);
    case 'lift-sanction':
      return client.liftSanction(sender, await sanctionOf(session, step), step.reason);
  }
}

type Targeted = ExhibitStep | StepOf<'verdict' | 'correct' | 'cancel' | 'extend' | 'contest' | 'identify-seller'>;

async function targetOf(session: Session, { case: reference, listing, holder }: Targeted): Promise<CaseTarget> {
  if (reference !== undefined) return { id: (await session.caseId(reference)) ?? '' };
  return { listing: listing ?? '', holder: holder ?? '' };
}

async function appealOf(session: Session, { appeal }: StepOf<'decide-appeal' | 'withdraw-appeal' | 'file-notice'>): Promise<string> {
  return (await session.appealId(appeal)) ?? '';
}

async function sanctionOf(session: Session, { sanction }: StepOf<'approve-sanction' | 'reject-sanction' | 'lift-sanction'>): Promise<string> {
  return (await session.sanctionId(sanction)) ?? '';
}

function inWords(sent: Sent): string {
  switch (sent.kind) {
    case 'done':
      return sent.events.length === 0 ? `this is ${sent.aggregate} already` : `decision ${sent.n}: ${sent.events.join(', ')}`;
    case 'pending':
      return 'accepted, not decided yet';
    case 'fault':
      return `fault: ${sent.message}`;
    default:
      return `refused (${sent.code}): ${sent.message}`;
  }
}

function unexpected(step: MessageStep, sent: Sent): readonly string[] {
  const code = sent.kind === 'refused' || sent.kind === 'not-accepted' ? sent.code : undefined;
  if (step.refused !== undefined) return code === step.refused ? [] : [`expected refused: ${step.refused}, got ${inWords(sent)}`];
  if (sent.kind !== 'done') return [`expected that it is done, got ${inWords(sent)}`];
  if (step.events === undefined || step.events.join() === sent.events.join()) return [];
  return [`expected events: ${step.events.join(', ')}, got ${sent.events.join(', ')}`];
}
