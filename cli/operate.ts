import type { Command } from 'commander';
import type { ArchiveLag } from '../store/read-models.ts';
import type { Context } from './context.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

/** Without these there is nothing to start workflows from, or on. */
const NEEDED_TO_REVIVE: readonly string[] = ['configuration', 'postgres', 'schema', 'temporal'];

/** `status` and `doctor`: what runs, what is wrong, and how to mend it. */
export function addOperatorCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('status')
    .description('what runs, and what waits')
    .action(async () => {
      const opened = await context();
      const { data } = opened;
      const em = await opened.work();
      const [{ readStack }, { readLoad }] = await Promise.all([import('../embedded/stack-record.ts'), import('../store/read-models.ts')]);
      const stack = readStack(data);
      const load = await readLoad(em, opened.clock.now());
      io.out({ data, stack: stack.state, ...load });
      io.say(`embedded stack on ${data}: ${stack.state}`);
      io.say(
        `cases: ${inWords(load.cases)}; appeals: ${inWords(load.appeals)}; sanctions: ${inWords(load.sanctions)}; referrals: ${inWords(load.referrals)}`,
      );
      io.say(`${load.unread} messages not decided, ${load.lettersWaiting} letters due, ${load.overdue} deadlines overdue`);
      io.say(archiveInWords(load.archive));
    });
  root
    .command('doctor')
    .description('checks everything the engine stands on, with the cure for what is wrong')
    .option('--revive', 'starts every open case, appeal, sanction and referral that Temporal does not run, from the log')
    .action(async ({ revive }: { revive?: boolean }) => {
      const { diagnose } = await import('./diagnosis.ts');
      const findings = await diagnose(await context());
      const canRevive = findings.every(({ ok, part }) => ok || !NEEDED_TO_REVIVE.includes(part));
      const revived = revive === true && canRevive ? await reviveFrom(await context()) : undefined;
      io.out({ findings, ...(revived !== undefined && { revived }) });
      for (const finding of findings)
        io.say(`${finding.ok ? 'ok   ' : 'WRONG'} ${finding.what.replace(/\.$/, '')}${finding.cure === undefined ? '' : `: ${finding.cure}`}`);
      if (revive === true && !canRevive) io.say('Nothing was started from the log: mend what is wrong first.');
      if (revived !== undefined) io.say(`${revived} workflows started from the log`);
      if (findings.some((finding) => !finding.ok)) io.exitCode = ExitCode.failed;
    });
}

async function reviveFrom(context: Context): Promise<number> {
  const [{ serverLog }, { reviveAll }, { workflowStarter }] = await Promise.all([
    import('../worker/server-log.ts'),
    import('../worker/revive.ts'),
    import('../worker/workflow-starter.ts'),
  ]);
  const store = await context.store();
  const workflows = workflowStarter(await context.temporal(), store);
  return reviveAll({ store, clock: context.clock, log: serverLog(), workflows });
}

function archiveInWords({ waiting, since }: ArchiveLag): string {
  return waiting === 0 ? 'archive: all that is sealed' : `archive: ${waiting} sealed chains wait, the first since ${since}`;
}

function inWords(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? 'none' : entries.map(([status, n]) => `${n} ${status}`).join(', ');
}
