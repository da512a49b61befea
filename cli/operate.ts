import type { Command } from 'commander';
import type { ArchiveLag } from '../store/queries/cases.ts';
import type { Context } from './context.ts';
import type { Told } from './drive.ts';
import { ExitCode, isUnreachable } from './exit.ts';
import type { CliIo } from './io.ts';

/** `status` and `doctor`: what runs, what is wrong, and how to mend it. */
export function addOperatorCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('status')
    .description('shows what is running and what is waiting')
    .action(async () => {
      const opened = await context();
      const { data } = opened;
      const em = await opened.work();
      const [{ readStack }, { readLoad }, { calendarEnds, END_CURE, endWords }] = await Promise.all([
        import('../embedded/stack-record.ts'),
        import('../store/queries/cases.ts'),
        import('../store/queries/calendar-ends.ts'),
      ]);
      const stack = readStack(data);
      const load = await readLoad(em, opened.clock.now());
      const { driveInWords, faultsInWords, readDrive, readOpenFaults } = await import('./drive.ts');
      const faults = await readOpenFaults(opened);
      // Whoever asks what waits is to be told also while Temporal is away.
      const drive = await readDrive(opened).catch((error: unknown) => {
        if (isUnreachable(error)) return undefined;
        throw error;
      });
      const calendars = await calendarEnds(em, opened.clock.now());
      io.out({ data, stack: stack.state, ...load, calendars, faults: faults.length, undriven: drive?.undriven.length ?? null });
      io.say(`embedded stack on ${data}: ${stack.state}`);
      io.say(
        `cases: ${inWords(load.cases)}; appeals: ${inWords(load.appeals)}; sanctions: ${inWords(load.sanctions)}; referrals: ${inWords(load.referrals)}`,
      );
      io.say(`${load.unread} messages not decided, ${load.lettersWaiting} outbox messages due, ${load.overdue} deadlines overdue`);
      io.say(archiveInWords(load.archive));
      const away = {
        what: 'Temporal does not answer: whether workflows drive what is open is not known',
        ok: false,
        cure: 'See "interdict doctor".',
      };
      for (const told of [drive === undefined ? away : driveInWords(drive), faultsInWords(faults)]) io.say(inOneLine(told));
      for (const end of calendars) io.say(`warning: ${endWords(end)}. ${END_CURE}`);
    });
  root
    .command('doctor')
    .description('checks everything that the engine depends on, and says how to fix what is wrong')
    .option('--revive', 'restart, from the log, every open case, appeal, sanction and referral that Temporal does not run')
    .action(async ({ revive }: { revive?: boolean }) => {
      const { diagnose, lookAtWorkflows, NEEDED_TO_REVIVE } = await import('./diagnosis.ts');
      const before = await diagnose(await context());
      const canRevive = before.every(({ ok, part }) => ok || !NEEDED_TO_REVIVE.includes(part));
      const revived = revive === true && canRevive ? await reviveFrom(await context()) : undefined;
      // What was started a moment ago is no longer what is wrong.
      const findings =
        revived === undefined ? before : [...before.filter(({ part }) => part !== 'workflows'), await lookAtWorkflows(await context())];
      io.out({ findings, ...(revived !== undefined && { revived }) });
      for (const finding of findings) io.say(`${finding.ok ? (finding.warns === true ? 'warn ' : 'ok   ') : 'WRONG'} ${inOneLine(finding)}`);
      if (revive === true && !canRevive) io.say('Nothing was started from the log: fix the problems above first.');
      if (revived !== undefined) io.say(`${revived} workflows started from the log`);
      if (findings.some((finding) => !finding.ok)) io.exitCode = ExitCode.failed;
    });
}

function inOneLine({ what, cure }: Told): string {
  return `${what.replace(/\.$/, '')}${cure === undefined ? '' : `: ${cure}`}`;
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
