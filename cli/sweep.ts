import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { type SweepResult, TaskQueue, WorkflowType } from '../workflows/messages.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';

/** A server that does not take the sweep by then is away; the sweep itself may take as long as it needs. */
const START_WITHIN_MS = 15_000;

/** `sweep`: scans the listing versions that were not scanned under today's register and policy, and opens cases. */
export function addSweepCommand(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('sweep')
    .option('--marketplace <name>', 'only this one; without it all, one after the other')
    .description('scans new listing versions and opens cases')
    .action(async ({ marketplace }: { marketplace?: string }) => {
      const results = await runSweep(await context(), marketplace === undefined ? undefined : [marketplace], (line) =>
        process.stderr.write(`${line}\n`),
      );
      io.out(results);
      if (results.length === 0) io.say('There are no listings. Import some: interdict import listings FILE.');
      for (const result of results) io.say(sweptInWords(result));
    });
}

export type Swept = SweepResult & { readonly marketplace: string };

/** Sweeps marketplaces one after the other (all that have listings when none is named). */
export async function runSweep(
  context: Context,
  marketplaces: readonly string[] | undefined,
  say: (line: string) => void,
): Promise<readonly Swept[]> {
  const names = marketplaces ?? (await marketplacesOf(context));
  const client = await context.temporal();
  const results: Swept[] = [];
  for (const marketplace of names) {
    say(`sweeping ${marketplace} ...`);
    const run = await client.connection.withDeadline(Date.now() + START_WITHIN_MS, () =>
      client.workflow.start(WorkflowType.sweep, {
        workflowId: `sweep:${marketplace}:${randomUUID()}`,
        taskQueue: TaskQueue.cases,
        args: [{ marketplace }],
      }),
    );
    const result: SweepResult = await run.result();
    results.push({ marketplace, ...result });
  }
  return results;
}

async function marketplacesOf(context: Context): Promise<readonly string[]> {
  const rows = await (await context.work()).execute<{ marketplace: string }[]>('select distinct marketplace from listing order by 1');
  return rows.map((row) => row.marketplace);
}

function sweptInWords({ marketplace, scanned, hits, opened, joined, known, refused, unfinished }: Swept): string {
  const again = unfinished === 0 ? '' : `, ${unfinished} to be scanned again because pictures could not be looked at`;
  return `${marketplace}: ${scanned} listing versions scanned, ${hits} suspicions, ${opened} cases opened, ${joined} joined an open case, ${known} known already${refused === 0 ? '' : `, ${refused} REFUSED because a deadline lies beyond the calendars`}${again}`;
}
