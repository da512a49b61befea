import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import type { CaseClient, Sent } from '../client/case-client.ts';
import { sha256Hex } from '../domain/canonical.ts';
import { Verdict, VerdictBasis } from '../domain/case/model.ts';
import type { ImportRow } from '../store/imports/schemas.ts';
import type { Context } from './context.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

/** `answer FILE`: many answers of brands; the message ids follow from the answers, so that a file may be fed again. */
export function addAnswerCommand(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('answer')
    .argument('<file>', 'CSV or JSON lines: listing_id, holder, verdict, reason_code, basis, note')
    .option('--as <who>', "the reviewer whose answers these are; without it each holder's own desk answers")
    .description('many answers from a file; wrong lines are reported, the rest is sent')
    .action(async (file: string, { as }: { as?: string }) => {
      const { parseImport } = await import('../store/imports/parse.ts');
      const client = await (await context()).client();
      const totals = { sent: 0, refused: 0, pending: 0, wrong: 0 };
      for await (const item of parseImport('answers', createReadStream(file))) {
        if ('warning' in item) process.stderr.write(`line ${item.line}: ${item.warning.message}\n`);
        else if ('error' in item) {
          totals.wrong += 1;
          process.stderr.write(`line ${item.line}: ${item.error.message}; ${item.error.cure}\n`);
        } else {
          const sent = await sendAnswer(client, as, item.ok);
          totals[COUNTED_AS[sent.kind]] += 1;
          if (sent.kind === 'wrong' || sent.kind === 'fault') process.stderr.write(`line ${item.line}: ${sent.message}\n`);
          if (sent.kind === 'refused' || sent.kind === 'not-accepted') process.stderr.write(`line ${item.line}: ${sent.message} ${sent.cure}\n`);
        }
      }
      io.out(totals);
      io.say(`${totals.sent} answers decided, ${totals.pending} pending, ${totals.refused} refused, ${totals.wrong} wrong lines`);
      if (totals.wrong + totals.refused > 0) io.exitCode = ExitCode.failed;
    });
}

/** A line that reads well and says nothing that a brand can answer. */
interface WrongAnswer {
  readonly kind: 'wrong';
  readonly message: string;
}

const COUNTED_AS = { done: 'sent', pending: 'pending', refused: 'refused', 'not-accepted': 'refused', fault: 'refused', wrong: 'wrong' } as const;

/** The message id follows from the answer: feeding the same file twice changes nothing. */
async function sendAnswer(client: CaseClient, as: string | undefined, row: ImportRow['answers']): Promise<Sent | WrongAnswer> {
  const { listing, holder, reasonCode, basis: basisText = 'image', note } = row;
  const verdict = Object.values(Verdict).find((known) => known === row.verdict);
  const basis = Object.values(VerdictBasis).find((known) => known === basisText);
  if (verdict === undefined) return wrong('verdict', row.verdict, Verdict);
  if (basis === undefined) return wrong('basis', basisText, VerdictBasis);
  const messageId = `answer:${sha256Hex(JSON.stringify([listing, holder, verdict, reasonCode, basis]))}`;
  const sender = { as: as ?? (await client.deskOf(holder)), messageId };
  return client.recordVerdict(sender, { listing, holder }, { verdict, reasonCode, basis, ...(note !== undefined && { note }) });
}

function wrong(field: string, text: string, known: Readonly<Record<string, string>>): WrongAnswer {
  return { kind: 'wrong', message: `${field}: "${text}" is none of ${Object.values(known).join(', ')}; mend it and feed the file again` };
}
