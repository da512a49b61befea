import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import type { AnswerLine, AnswerResult, AnswerRow } from '../client/answer-file.ts';
import type { Context } from './context.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

type Totals = Record<'sent' | 'refused' | 'pending' | 'wrong', number>;

/** `answer FILE`: many answers of brands; the message ids follow from the answers, so that a file may be fed again. */
export function addAnswerCommand(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('answer')
    .argument('<file>', 'CSV or JSON lines: listing_id, holder, verdict, reason_code, basis, note')
    .option('--as <who>', "the reviewer whose answers these are; without it each holder's own desk answers")
    .description('sends many answers from a file; invalid lines and contradicting verdicts are reported, the rest is sent')
    .action(async (file: string, { as }: { as?: string }) => {
      const { feedAnswers } = await import('../client/answer-file.ts');
      const client = await (await context()).client();
      const totals: Totals = { sent: 0, refused: 0, pending: 0, wrong: 0 };
      const lines = await readLines(file, totals);
      const senderOf = async (row: AnswerRow, key: string) => ({ as: as ?? (await client.deskOf(row.holder)), messageId: `answer:${key}` });
      try {
        await feedAnswers(client, lines, { senderOf, tell: (result) => count(totals, result) });
      } catch (error) {
        complain(`broken off after ${totals.sent} of ${lines.length} answers were decided; feed the file again: what was sent changes nothing`);
        throw error;
      }
      io.out(totals);
      io.say(`${totals.sent} answers decided, ${totals.pending} pending, ${totals.refused} refused, ${totals.wrong} wrong lines`);
      if (totals.wrong + totals.refused > 0) io.exitCode = ExitCode.failed;
    });
}

/** The lines that can be read; the others are told and counted. The file is read whole before anything is sent: a line may take another one back. */
async function readLines(file: string, totals: Totals): Promise<readonly AnswerLine[]> {
  const { parseImport } = await import('../store/register/imports/parse.ts');
  const lines: AnswerLine[] = [];
  for await (const item of parseImport('answers', createReadStream(file))) {
    if ('warning' in item) complain(`line ${item.line}: ${item.warning.message}`);
    else if ('error' in item) {
      totals.wrong += 1;
      complain(`line ${item.line}: ${item.error.message}; ${item.error.cure}`);
    } else lines.push({ line: item.line, row: item.ok });
  }
  return lines;
}

const COUNTED_AS = { done: 'sent', pending: 'pending', refused: 'refused', 'not-accepted': 'refused', fault: 'refused' } as const;

function count(totals: Totals, result: AnswerResult): void {
  const named = result.lines.length === 1 ? `line ${result.lines[0]}` : `lines ${result.lines.slice(0, -1).join(', ')} and ${result.lines.at(-1)}`;
  if ('wrong' in result) {
    totals.wrong += result.lines.length;
    complain(`${named}: ${result.wrong}`);
    return;
  }
  const { sent } = result;
  totals[COUNTED_AS[sent.kind]] += 1;
  if (sent.kind === 'fault') complain(`${named}: ${sent.message}`);
  if (sent.kind === 'refused' || sent.kind === 'not-accepted') complain(`${named}: ${sent.message} ${sent.cure}`);
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
