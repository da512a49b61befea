import type { Sender, Sent, Target } from '../../client/case-client.ts';
import { bodyByHand, fieldsByHand, type Keep } from '../../commands/by-hand.ts';
import { type Command, nameByHand, partsOf } from '../../commands/command.ts';
import { AggregateKind } from '../../domain/ids.ts';
import type { Session } from './session.ts';
import { MESSAGES, type MessageStep } from './step-schemas.ts';
import type { AppealReference, CaseReference, ReferralReference, SanctionReference } from './values.ts';

/** What a step came to: in words, and what of it was not expected. */
export interface StepOutcome {
  readonly words: string;
  readonly wrong: readonly string[];
}

/** Sends the message as its sender would and compares the answer with what the step expects. */
export async function sendMessage(session: Session, step: MessageStep): Promise<StepOutcome> {
  const messageId = step['message-id'];
  const sent = await send(session, step, { as: step.who, ...(messageId !== undefined && { messageId }) });
  if (step.as !== undefined && 'aggregate' in sent && sent.aggregate !== undefined) session.call(step.as, sent.aggregate);
  return { words: inWords(sent), wrong: unexpected(step, sent) };
}

async function send(session: Session, step: MessageStep, sender: Sender): Promise<Sent> {
  const given = MESSAGES.get(step.does);
  if (given === undefined) throw new Error(`no command is given by the step "${step.does}"`);
  const { command, way } = given;
  const target = command.isOpening ? undefined : await targetOf(session, command, step);
  const body = await bodyByHand(command, way, await writtenIn(session, step, given, target), keepIn(session));
  const { client } = session.stack;
  return target === undefined ? client.open(command, sender, body) : client.send(command, sender, target, body);
}

/** The arguments of a step under the names of the command's fields, references to cases resolved. */
async function writtenIn(session: Session, step: MessageStep, { command, way }: Given, target: Target | undefined): Promise<Record<string, unknown>> {
  const written: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fieldsByHand(command, way))) {
    const value = step[nameByHand(way, name)];
    if (field.names === 'case')
      written[name] = await Promise.all([value].flat().map(async (one) => (await session.caseId(one as CaseReference)) ?? ''));
    else if (name === 'packet' && target !== undefined && 'id' in target) written[name] = value ?? (await session.packetOf(target.id));
    else written[name] = value;
  }
  return written;
}

type Given = NonNullable<ReturnType<typeof MESSAGES.get>>;

function keepIn({ stack }: Session): Keep {
  return (text) => stack.vault.put(new TextEncoder().encode(text));
}

/** The aggregate that a step goes to; the references have the forms that the step's schema asks for. */
async function targetOf(session: Session, { name }: Command, step: MessageStep): Promise<Target> {
  const [kind] = partsOf(name);
  switch (kind) {
    case AggregateKind.case:
      if (step['case'] === undefined) return { listing: String(step['listing']), holder: String(step['holder']) };
      return { id: (await session.caseId(step['case'] as CaseReference)) ?? '' };
    case AggregateKind.appeal:
      return { id: (await session.appealId(step['appeal'] as AppealReference)) ?? '' };
    case AggregateKind.sanction:
      return { id: (await session.sanctionId(step['sanction'] as SanctionReference)) ?? '' };
    case AggregateKind.referral:
      return { id: (await session.referralId(step['referral'] as ReferralReference)) ?? '' };
  }
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
