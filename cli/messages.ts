import type { Command } from 'commander';
import type { CaseClient, CaseTarget, Sender, Sent } from '../client/case-client.ts';
import { Verdict, VerdictBasis } from '../domain/case/model.ts';
import { durationArgument, oneOf } from './arguments.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

export interface SenderOptions {
  readonly as: string;
  readonly messageId?: string;
}

export interface TargetOptions {
  readonly listing?: string;
  readonly holder?: string;
}

/** Commands that are messages: each becomes an inbox row and is answered by the log. */
export function addMessageCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const act = (run: (client: CaseClient) => Promise<Sent>) => async () => report(io, await run(await (await context()).client()));
  addOpening(root, act);
  addVerdict(root, act);
  addOfficerCommands(root, act);
  addAppealCommands(root, act);
}

type Act = (run: (client: CaseClient) => Promise<Sent>) => () => Promise<void>;

/** A command that somebody gives. */
export function sending(command: Command): Command {
  return command
    .requiredOption('--as <who>', 'id of the person or seller who acts')
    .option('--message-id <id>', 'sending the same id again changes nothing');
}

function targeted(command: Command): Command {
  return command.argument('[id]', 'case id').option('--listing <listing>').option('--holder <organisation>');
}

/** As long as the inbox keeps. */
const LONGEST_MESSAGE_ID = 256;

/** Who gives it, and under which message id. */
export function senderOf({ as, messageId }: SenderOptions): Sender {
  if (messageId !== undefined && (messageId === '' || messageId.length > LONGEST_MESSAGE_ID)) {
    throw new CliError(
      ExitCode.usage,
      'wrong-message-id',
      `--message-id has ${messageId.length} characters.`,
      `Write one of 1 to ${LONGEST_MESSAGE_ID}.`,
    );
  }
  return messageId === undefined ? { as } : { as, messageId };
}

/** The case by its id, or by listing and holder. */
export function targetOf(id: string | undefined, { listing, holder }: TargetOptions): CaseTarget {
  if (id !== undefined) return { id };
  if (listing !== undefined && holder !== undefined) return { listing, holder };
  throw new CliError(ExitCode.usage, 'no-target', 'Name the case by its id, or by --listing and --holder.');
}

function addOpening(root: Command, act: Act): void {
  sending(root.command('open'))
    .description('opens a case by hand, or returns the open one')
    .requiredOption('--listing <listing>')
    .requiredOption('--holder <organisation>')
    .requiredOption('--reason <text>')
    .action((o: SenderOptions & { listing: string; holder: string; reason: string }) =>
      act((client) => client.openCase(senderOf(o), { listing: o.listing, holder: o.holder, reason: o.reason }))(),
    );
}

interface VerdictOptions extends SenderOptions, TargetOptions {
  readonly reasonCode: string;
  readonly basis: string;
  readonly exhibit?: string;
  readonly note?: string;
  readonly right?: readonly string[];
}

const VERDICTS = Object.values(Verdict);

function addVerdict(root: Command, act: Act): void {
  sending(root.command('verdict'))
    .description("sends the brand's answer or its correction: verdict ID VERDICT, or verdict VERDICT --listing L --holder H")
    .argument('<id-or-verdict>')
    .argument('[verdict]', VERDICTS.join(', '))
    .option('--listing <listing>')
    .option('--holder <organisation>')
    .requiredOption('--reason-code <code>', 'one that the policy lists for the verdict')
    .option('--basis <basis>', Object.values(VerdictBasis).join(', '), 'image')
    .option('--exhibit <number>', 'the exhibit that an answer with basis "sample" is based on')
    .option('--note <text>')
    .option('--right <right=verdict...>', 'where the answer differs for one right')
    .action((first: string, second: string | undefined, o: VerdictOptions) => {
      const target = second === undefined ? targetOf(undefined, o) : targetOf(first, {});
      const answer = {
        verdict: oneOf(second ?? first, VERDICTS, 'verdict'),
        reasonCode: o.reasonCode,
        basis: oneOf(o.basis, Object.values(VerdictBasis), '--basis'),
        ...(o.note !== undefined && { note: o.note }),
        ...(o.exhibit !== undefined && { exhibit: o.exhibit }),
        ...(o.right !== undefined && { perRight: perRight(o.right) }),
      };
      return act((client) => client.recordVerdict(senderOf(o), target, answer))();
    });
}

function perRight(pairs: readonly string[]): Record<string, Verdict> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      return [pair.slice(0, at), oneOf(pair.slice(at + 1), VERDICTS, '--right')];
    }),
  );
}

function addOfficerCommands(root: Command, act: Act): void {
  type O = SenderOptions & TargetOptions;
  targeted(sending(root.command('cancel')))
    .description('cancels a case that was opened in error')
    .option('--reason <text>')
    .action((id: string | undefined, o: O & { reason?: string }) => act((client) => client.cancelCase(senderOf(o), targetOf(id, o), o.reason))());
  targeted(sending(root.command('extend')))
    .description("gives a brand that has not answered more time, once, within the policy's limit")
    .requiredOption('--by <duration>', 'for example "8 working-hours"')
    .action((id: string | undefined, o: O & { by: string }) => {
      const length = durationArgument(o.by, '--by');
      return act((client) => client.extendWindow(senderOf(o), targetOf(id, o), length))();
    });
  targeted(sending(root.command('contest')))
    .description('files a counter-statement for the seller')
    .requiredOption('--statement <text>')
    .action((id: string | undefined, o: O & { statement: string }) =>
      act((client) => client.fileCounterStatement(senderOf(o), targetOf(id, o), o.statement))(),
    );
  targeted(sending(root.command('identify-seller')))
    .description('identifies the seller of a case')
    .requiredOption('--seller <seller>')
    .action((id: string | undefined, o: O & { seller: string }) => act((client) => client.identifySeller(senderOf(o), targetOf(id, o), o.seller))());
}

function addAppealCommands(root: Command, act: Act): void {
  const appeal = root.command('appeal').description('appeals against closed cases');
  sending(appeal.command('decide'))
    .argument('<id>')
    .argument('<decision>', 'uphold or overturn')
    .requiredOption('--reason <text>')
    .action((id: string, decision: string, o: SenderOptions & { reason: string }) => {
      const said = oneOf(decision, ['uphold', 'overturn'] as const, 'decision');
      return act((client) => client.decideAppeal(senderOf(o), id, said, o.reason))();
    });
  sending(appeal.command('withdraw'))
    .argument('<id>')
    .action((id: string, o: SenderOptions) => act((client) => client.withdrawAppeal(senderOf(o), id))());
  sending(appeal.command('file-notice'))
    .description('files the notice that the brand was offered after a late verdict')
    .argument('<id>')
    .option('--basis <basis>', Object.values(VerdictBasis).join(', '), 'image')
    .action((id: string, o: SenderOptions & { basis: string }) => {
      const basis = oneOf(o.basis, Object.values(VerdictBasis), '--basis');
      return act((client) => client.fileOfferedNotice(senderOf(o), id, basis))();
    });
}

/** Says what became of a message. */
export function report(io: CliIo, sent: Sent): void {
  io.out(sent);
  if (sent.kind !== 'done' && sent.kind !== 'pending') io.exitCode = ExitCode.failed;
  io.say(inWords(sent));
}

function inWords(sent: Sent): string {
  switch (sent.kind) {
    case 'done':
      return sent.events.length === 0 ? `This is ${sent.aggregate}.` : `${sent.aggregate}, decision ${sent.n}: ${sent.events.join(', ')}.`;
    case 'pending':
      return `Accepted as ${sent.messageId} and not decided yet; it will be. "interdict case" shows when.`;
    case 'fault':
      return `${sent.message}. The case goes on without this message; this is a bug in interdict.`;
    default:
      return `Refused (${sent.code}): ${sent.message} ${sent.cure}`;
  }
}
