import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { CalendarRef, Instant } from '../domain/instant.ts';
import { durationArgument, instantArgument } from './arguments.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

interface DueOptions {
  readonly unit: string;
  readonly n: string;
  readonly from: string;
  readonly country: string;
  readonly zone: string;
  readonly hours?: string;
}

/** `calendar due|import`: how a duration is counted on a country's calendar, and official notices as data. */
export function addCalendarCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const calendar = root.command('calendar').description('public holidays, make-up days, and how durations are counted');
  calendar
    .command('due')
    .description('shows when a duration ends, and every day that is not counted, with the reason')
    .requiredOption('--unit <unit>', 'minutes, hours, working-hours, calendar-days, business-days or working-days')
    .requiredOption('--n <number>', 'how many of them')
    .requiredOption('--from <instant>', 'the start, such as 2026-12-30T02:00:00Z')
    .requiredOption('--country <code>', 'whose holidays count, such as CN')
    .requiredOption('--zone <zone>', 'where days begin and end, such as Asia/Shanghai')
    .option('--hours <hours>', 'working hours of a day, for example 09:00-18:00')
    .action((options: DueOptions) => due(io, options));
  calendar
    .command('import')
    .argument('<file>')
    .description('loads an official notice of days off and make-up days and recalculates provisional dates')
    .action((file: string) => load(io, context, file));
}

async function due(io: CliIo, options: DueOptions): Promise<void> {
  const [{ resolveDuration, skippedDays, validateCalendar }, { CalendarError }] = await Promise.all([
    import('../calendars/resolve-duration.ts'),
    import('../calendars/errors.ts'),
  ]);
  const duration = durationArgument(`${options.n} ${options.unit}`, '--n and --unit');
  const from: Instant = instantArgument(options.from, '--from');
  const { country, zone, hours } = options;
  const calendar: CalendarRef = { country, zone, ...(hours !== undefined && { hours }) };
  try {
    validateCalendar(calendar);
    const { at, lastOn, dataVersion } = resolveDuration(from, duration, calendar);
    const skipped = skippedDays(from, duration, calendar);
    io.out({ due: at, from, duration, calendar, lastOn: lastOn ?? null, data: dataVersion, skipped });
    io.say(
      `${duration.n} ${duration.unit} from ${from} on the calendar of ${country} in ${zone}: due ${at}${lastOn === undefined ? '' : `, the end of ${lastOn}`}`,
    );
    for (const { on, why, name } of skipped) io.say(`  ${on} is not counted: ${why}${name === undefined ? '' : ` (${name})`}`);
    io.say(`Counted with ${dataVersion}.`);
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    throw new CliError(
      ExitCode.failed,
      error.problem,
      `This cannot be known: ${error.message}.`,
      `${error.cure.slice(0, 1).toUpperCase()}${error.cure.slice(1)}.`,
    );
  }
}

async function load(io: CliIo, context: () => Promise<Context>, file: string): Promise<void> {
  const { parseNotice } = await import('../policies/holiday-notice.ts');
  const notice = parseNotice(await readFile(file, 'utf8'), basename(file));
  const { loadNotice } = await import('../store/register/holiday-notices.ts');
  const opened = await context();
  const em = await opened.work();
  const { country, year, version } = notice;
  const result = await em.transactional((inner) => loadNotice(inner, opened.clock, notice));
  const what = `the notice of ${country} for ${year}, version ${version}`;
  switch (result.kind) {
    case 'loaded':
      io.out({ country, year, version, recounts: result.recounts });
      return io.say(`Loaded ${what}. What was provisional is counted again: ${result.recounts} cases and appeals.`);
    case 'known':
      io.out({ country, year, version, recounts: 0 });
      return io.say(`Nothing to do: ${what} is loaded already.`);
    case 'differs':
      throw new CliError(ExitCode.failed, 'notice-differs', `Another document is loaded as ${what}.`, 'Give the corrected notice the next version.');
    case 'older':
      throw new CliError(
        ExitCode.failed,
        'notice-older',
        `Version ${result.version} of the notice of ${country} for ${year} is loaded already.`,
        'Give the corrected notice the next version.',
      );
  }
}
