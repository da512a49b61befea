import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { work } from '../store/orm.ts';
import { type SweepResult, TaskQueue, WorkflowType } from '../workflows/messages.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';

/** `sweep`: scans the listing versions that were not scanned under today's register and policy, and opens cases. */
export function addSweepCommand(root: Command, io: CliIo, context: () => Context): void {
  root
    .command('sweep')
    .option('--marketplace <name>', 'only this one; without it all, one after the other')
    .description('scans new listing versions and opens cases')
    .action(async ({ marketplace }: { marketplace?: string }) => {
      const results = await runSweep(context(), marketplace === undefined ? undefined : [marketplace], (line) => process.stderr.write(`${line}\n`));
      io.out(results);
      if (results.length === 0) io.say('There are no listings. Import some: interdict import listings FILE.');
      for (const result of results) io.say(sweptInWords(result));
    });
}

export type Swept = SweepResult & { readonly marketplace: string };

/** Sweeps marketplaces one after the other (all that have listings when none is named). */
export async function runSweep(context: Context, marketplaces: readonly string[] | undefined, say: (line: string) => void): Promise<readonly Swept[]> {
  const names = marketplaces ?? (await marketplacesOf(context));
  const results: Swept[] = [];
  for (const marketplace of names) {
    say(`sweeping ${marketplace} ...`);
    const result: SweepResult = await context.temporal().workflow.execute(WorkflowType.sweep, {
      workflowId: `sweep:${marketplace}:${randomUUID()}`,
      taskQueue: TaskQueue.cases,
      args: [{ marketplace }],
    });
    results.push({ marketplace, ...result });
  }
  return results;
}

async function marketplacesOf(context: Context): Promise<readonly string[]> {
  const rows = await work(await context.store()).execute<{ marketplace: string }[]>('select distinct marketplace from listing order by 1');
  return rows.map((row) => row.marketplace);
}

function sweptInWords({ marketplace, scanned, hits, opened, joined, known, refused }: Swept): string {
  return `${marketplace}: ${scanned} listing versions scanned, ${hits} suspicions, ${opened} cases opened, ${joined} joined an open case, ${known} known already${refused === 0 ? '' : `, ${refused} REFUSED because a deadline lies beyond the calendars`}`;
}
