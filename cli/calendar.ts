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

/** `calendar due`: how a duration is counted on a country's calendar. */
export function addCalendarCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const calendar = root.command('calendar').description('public holidays, make-up days, and how durations are counted on them');
  calendar
    .command('due')
    .description('the instant at which a duration ends, and every day that is not counted, with its reason')
    .requiredOption('--unit <unit>', 'minutes, hours, working-hours, calendar-days, business-days or working-days')
    .requiredOption('--n <number>', 'how many of them')
    .requiredOption('--from <instant>', 'the start, such as 2026-12-30T02:00:00Z')
    .requiredOption('--country <code>', 'whose holidays count, such as CN')
    .requiredOption('--zone <zone>', 'where days begin and end, such as Asia/Shanghai')
    .option('--hours <hours>', 'working hours of a day, such as 09:00-18:00')
    .action((options: DueOptions) => due(io, context, options));
}

async function due(io: CliIo, _context: () => Promise<Context>, options: DueOptions): Promise<void> {
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
