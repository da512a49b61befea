import type { Command } from 'commander';
import type { ReturnLine } from '../store/queries/returned-mail.ts';
import { wholeArgument } from './arguments.ts';
import { heardInWords } from './cases.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';

/** `returns`: which mails came back, and what mail hosts wrote that only a person can read. */
export function addReturnsCommand(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('returns')
    .description('lists mails that could not be delivered, and other delivery reports, newest first')
    .option('--limit <n>', 'maximum number', '50')
    .action(async ({ limit }: { limit: string }) => {
      const most = wholeArgument(limit, '--limit');
      const em = await (await context()).work();
      const { listReturns } = await import('../store/queries/returned-mail.ts');
      const lines = await listReturns(em, most);
      io.out(lines);
      if (!io.json) io.say(lines.length === 0 ? 'No mail has come back.' : lines.map(lineInWords).join('\n'));
    });
}

function lineInWords({ kind, to, aggregate, state, address, words, ...rest }: ReturnLine): string {
  const about = aggregate === '' ? '' : ` about ${aggregate}`;
  const heard = { ...rest, ...(address !== null && { address }), ...(words !== null && { words }) };
  return [`${kind} to ${to}${about}: ${state}`, ...heardInWords(heard)].join('\n');
}
