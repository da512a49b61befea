import { Command, CommanderError } from 'commander';
import { addAnswerCommand } from './answer.ts';
import { addBenchCommand } from './bench.ts';
import { addCalendarCommands } from './calendar.ts';
import { addCaseCommands } from './cases.ts';
import { Context, type GlobalOptions } from './context.ts';
import { ExitCode } from './exit.ts';
import { addHistoryCommands } from './history.ts';
import { addImportCommand } from './import.ts';
import type { CliContext, CliIo } from './io.ts';
import { addKeyCommands } from './keys.ts';
import { addMessageCommands } from './messages.ts';
import { addOperatorCommands } from './operate.ts';
import { addPacketCommand } from './packet.ts';
import { addPolicyCommands } from './policy.ts';
import { addReferralCommands } from './referrals.ts';
import { addReplayCommand } from './replay.ts';
import { addReturnsCommand } from './returns.ts';
import { addSanctionCommands } from './sanctions.ts';
import { addScenarioCommand } from './scenario.ts';
import { addSweepCommand } from './sweep.ts';
import { troubleOf } from './error-messages.ts';
import { addUpCommands } from './up.ts';
import { addVerifyCommand } from './verify.ts';

/**
 * Builds the program; `context` gives commands their connections. Command files import words and options only: what a command
 * works with is imported in its action, so that help is at hand at once.
 */
function program(io: CliIo, context: () => Promise<Context>): Command {
  const root = new Command('interdict')
    .description('A durable engine for intellectual-property enforcement cases on a marketplace.')
    .option('--json', 'print one JSON document (JSON lines for streams) on standard output, messages on standard error')
    .option('--data <dir>', 'folder of the embedded stack')
    .configureOutput({ writeOut: (text) => io.say(text.trimEnd()) })
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  addUpCommands(root, io, context);
  addOperatorCommands(root, io, context);
  addImportCommand(root, io, context);
  addSweepCommand(root, io, context);
  addCaseCommands(root, io, context);
  addReturnsCommand(root, io, context);
  addSanctionCommands(root, io, context);
  addReferralCommands(root, io, context);
  addMessageCommands(root, io, context);
  addAnswerCommand(root, io, context);
  addPolicyCommands(root, io, context);
  addCalendarCommands(root, io, context);
  addKeyCommands(root, io, context);
  const vault = async () => (await context()).vault();
  const lazy: CliContext = { store: async () => (await context()).store(), temporal: async () => (await context()).temporal(), vault };
  addPacketCommand(root, io, context, vault);
  addHistoryCommands(root, io, lazy);
  addReplayCommand(root, io, lazy);
  addVerifyCommand(root, io);
  addScenarioCommand(root, io);
  addBenchCommand(root, io);
  return root;
}

/** A reader that has seen enough (`| head`) ends no command: what it still does is done, its words go nowhere. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

async function main(argv: readonly string[]): Promise<void> {
  outliveReaders();
  const json = argv.includes('--json');
  const io: CliIo = {
    json,
    exitCode: ExitCode.done,
    out: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    say: (text) => {
      (json ? process.stderr : process.stdout).write(`${text}\n`);
    },
  };
  let opened: Promise<Context> | undefined;
  const root = program(io, () => {
    opened ??= Context.open(root.opts<GlobalOptions>());
    return opened;
  });
  try {
    await root.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    io.exitCode = explain(error, io);
  } finally {
    await (await opened?.catch(() => undefined))?.close();
  }
  process.exitCode = io.exitCode;
}

/** Says what went wrong and how to mend it. */
function explain(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has said its words itself.
    if (error.exitCode === 0) io.out({ help: true });
    else io.out({ error: { code: 'wrong-usage', message: error.message.replace(/^error: /, '') } });
    return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  }
  const { code, message, cure, exitCode } = troubleOf(error);
  io.out({ error: { code, message, ...(cure !== undefined && { cure }) } });
  process.stderr.write(`interdict: ${message}${cure === undefined ? '' : ` ${cure}`}\n`);
  return exitCode;
}

await main(process.argv.slice(2));
