import type { Command } from 'commander';
import pino from 'pino';
import { readStack } from '../embedded/stack-record.ts';
import { readLoad } from '../store/read-models.ts';
import { work } from '../store/orm.ts';
import { reviveAll } from '../worker/revive.ts';
import { workflowStarter } from '../worker/workflow-starter.ts';
import type { Context } from './context.ts';
import { diagnose } from './diagnosis.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

/** `status` and `doctor`: what runs, what is wrong, and how to mend it. */
export function addOperatorCommands(root: Command, io: CliIo, context: () => Context): void {
  root
    .command('status')
    .description('what runs, and what waits')
    .action(async () => {
      const { data } = context();
      const stack = readStack(data);
      context().places();
      const load = await readLoad(work(await context().store()), context().clock.now());
      io.out({ data, stack: stack.state, ...load });
      io.say(`embedded stack on ${data}: ${stack.state}`);
      io.say(`cases: ${inWords(load.cases)}; appeals: ${inWords(load.appeals)}`);
      io.say(`${load.unread} messages not decided, ${load.lettersWaiting} letters due, ${load.overdue} deadlines overdue`);
    });
  root
    .command('doctor')
    .description('checks everything the engine stands on, with the cure for what is wrong')
    .option('--revive', 'starts every open case and appeal that Temporal does not run, from the log')
    .action(async ({ revive }: { revive?: boolean }) => {
      const findings = await diagnose(context());
      const revived = revive === true ? await reviveFrom(context()) : undefined;
      io.out({ findings, ...(revived !== undefined && { revived }) });
      for (const finding of findings) io.say(`${finding.ok ? 'ok   ' : 'WRONG'} ${finding.what}${finding.cure === undefined ? '' : `: ${finding.cure}`}`);
      if (revived !== undefined) io.say(`${revived} workflows started from the log`);
      if (findings.some((finding) => !finding.ok)) io.exitCode = ExitCode.failed;
    });
}

async function reviveFrom(context: Context): Promise<number> {
  const store = await context.store();
  return reviveAll({ store, clock: context.clock, log: pino({ level: 'warn' }, pino.destination(2)), workflows: workflowStarter(context.temporal(), store) });
}

function inWords(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? 'none' : entries.map(([status, n]) => `${n} ${status}`).join(', ');
}
