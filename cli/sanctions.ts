import type { Command } from 'commander';
import type { CaseLine } from '../store/queries/cases.ts';
import { type LanguageOptions, wholeArgument, withLanguage } from './arguments.ts';
import { showAggregate } from './cases.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';

interface ListOptions {
  readonly status?: string;
  readonly seller?: string;
  readonly limit: string;
}

/** `sanction ...`: measures against sellers, and what officers do with them. */
export function addSanctionCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const sanction = root.command('sanction').description('measures against sellers that follow from their points');
  sanction
    .command('list')
    .description('lists sanctions, earliest deadline first')
    .option('--status <status>')
    .option('--seller <seller>')
    .option('--limit <n>', 'maximum number', '200')
    .action(async ({ limit, ...filter }: ListOptions) => {
      const { listCases } = await import('../store/queries/cases.ts');
      const lines = await listCases(await (await context()).work(), { kind: 'sanction', ...filter, limit: wholeArgument(limit, '--limit') });
      io.out(lines);
      if (!io.json) io.say(lines.length === 0 ? 'No sanction matches.' : lines.map(lineInWords).join('\n'));
    });
  withLanguage(sanction.command('show'))
    .argument('<id>')
    .description('shows one sanction with its timeline')
    .action((id: string, options: LanguageOptions) => showAggregate(io, context, id, options));
}

function lineInWords({ id, status, marketplace, openedAt, due, dueRule }: CaseLine): string {
  return `${id}  ${status.padEnd(12)} ${marketplace}  since ${openedAt}${due === null ? '' : `  due ${due} (${dueRule})`}`;
}
