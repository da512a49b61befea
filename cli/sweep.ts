import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { Command } from 'commander';
import { progressOf } from '../activities/sweep-progress.ts';
import { marketplacesWithListings } from '../store/register/due-listings.ts';
import { type SweepResult, TaskQueue, WorkflowType } from '../workflows/contracts.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';

/** A server that does not take the sweep by then is away; the sweep itself may take as long as it needs. */
const START_WITHIN_MS = 15_000;
/** How often a sweep under way is asked how far it is. */
const LOOK_EVERY_MS = 2_000;

/** `sweep`: scans the listing versions that were not scanned under today's register and policy, and opens cases. */
export function addSweepCommand(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('sweep')
    .option('--marketplace <name>', 'only this marketplace; default: all, one after the other')
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
  const names = marketplaces ?? (await marketplacesWithListings(await context.work()));
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
    const result: SweepResult = await watched(client, run, marketplace, say);
    results.push({ marketplace, ...result });
  }
  return results;
}

/** The result, and until it is there what the sweep has looked at, as often as it says something new. */
async function watched(
  client: Client,
  run: WorkflowHandleWithFirstExecutionRunId,
  marketplace: string,
  say: (line: string) => void,
): Promise<SweepResult> {
  const done = run.result();
  const isDone = done.then(
    () => true,
    () => true,
  );
  let said = '';
  while (!(await Promise.race([isDone, sleep(LOOK_EVERY_MS, false, { ref: false })]))) {
    const line = await progressLine(client, run, marketplace);
    if (line !== undefined && line !== said) say(line);
    said = line ?? said;
  }
  return done;
}

/** Watching is a courtesy: what cannot be asked now is asked again, and the result tells what went wrong. */
async function progressLine(client: Client, run: WorkflowHandleWithFirstExecutionRunId, marketplace: string): Promise<string | undefined> {
  const described = await run.describe().catch(() => undefined);
  const payload = described?.raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0];
  if (payload == null) return undefined;
  const { looked, total, opened } = progressOf(client.options.loadedDataConverter.payloadConverter.fromPayload(payload));
  return total === 0 ? undefined : `${marketplace}: ${looked} of ${total} listings looked at, ${opened} cases opened`;
}

function sweptInWords({ marketplace, scanned, hits, opened, joined, known, refused, unfinished }: Swept): string {
  const again = unfinished === 0 ? '' : `, ${unfinished} to be scanned again because pictures could not be looked at`;
  return `${marketplace}: ${scanned} listing versions scanned, ${hits} suspicions, ${opened} cases opened, ${joined} joined an open case, ${known} known already${refused === 0 ? '' : `, ${refused} REFUSED because a deadline lies beyond the calendars`}${again}`;
}
