import { Command, CommanderError } from 'commander';
import { directoryVault } from '../activities/adapters/directory-vault.ts';
import { ConfigError } from '../config/config.ts';
import { EmbeddedError } from '../embedded/embedded-error.ts';
import { PolicyError } from '../policies/load.ts';
import { UnsafeDatabaseRole } from '../store/boot-check.ts';
import { NotRunning } from '../worker/places.ts';
import { addBenchCommand } from './bench.ts';
import { addCaseCommands } from './cases.ts';
import { Context, type GlobalOptions } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import { addHistoryCommands } from './history.ts';
import { addImportCommand } from './import.ts';
import type { CliContext, CliIo } from './io.ts';
import { addMessageCommands } from './messages.ts';
import { addOperatorCommands } from './operate.ts';
import { addPolicyCommands } from './policy.ts';
import { addReplayCommand } from './replay.ts';
import { addScenarioCommand } from './scenario.ts';
import { addSweepCommand } from './sweep.ts';
import { addUpCommands } from './up.ts';
import { addVerifyCommand } from './verify.ts';

/** Builds the program; `session` gives commands their input, output and connections. */
function program(io: CliIo, context: () => Context): Command {
  const root = new Command('interdict')
    .description('A durable engine for intellectual-property enforcement cases on a marketplace.')
    .option('--json', 'one JSON document (JSON lines for streams) on standard output, words on standard error')
    .option('--data <dir>', 'folder of the embedded stack')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  addUpCommands(root, io, context);
  addOperatorCommands(root, io, context);
  addImportCommand(root, io, context);
  addSweepCommand(root, io, context);
  addCaseCommands(root, io, context);
  addMessageCommands(root, io, context);
  addPolicyCommands(root, io, context);
  const lazy: CliContext = {
    store: () => context().store(),
    temporal: () => context().temporal(),
    vault: () => directoryVault({ dir: context().places().vaultDir }),
  };
  addHistoryCommands(root, io, lazy);
  addReplayCommand(root, io, lazy);
  addVerifyCommand(root, io);
  addScenarioCommand(root, io);
  addBenchCommand(root, io);
  return root;
}

async function main(argv: readonly string[]): Promise<void> {
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
  let opened: Context | undefined;
  const root = program(io, () => {
    opened ??= new Context(root.opts<GlobalOptions>());
    return opened;
  });
  try {
    await root.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    io.exitCode = explain(error, io);
  } finally {
    await opened?.close();
  }
  process.exitCode = io.exitCode;
}

/** Says what went wrong and how to mend it; the exit code of each kind of trouble is decided here and nowhere else. */
function explain(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  const { code, message, cure, exitCode } = troubleOf(error);
  io.out({ error: { code, message, ...(cure !== undefined && { cure }) } });
  process.stderr.write(`interdict: ${message}${cure === undefined ? '' : ` ${cure}`}\n`);
  return exitCode;
}

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly cure?: string;
  readonly exitCode: ExitCode;
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof CliError) {
    const { code, message, cure, exitCode } = error;
    return { code, message, exitCode, ...(cure !== undefined && { cure }) };
  }
  if (error instanceof ConfigError) return { code: 'wrong-settings', message: error.message, exitCode: ExitCode.usage };
  if (error instanceof NotRunning) return { code: 'not-running', message: error.message, cure: error.cure, exitCode: ExitCode.unreachable };
  if (error instanceof EmbeddedError) return { code: error.code, message: error.message, cure: error.cure, exitCode: ExitCode.failed };
  if (error instanceof UnsafeDatabaseRole) return { code: error.code, message: error.message, cure: error.cure, exitCode: ExitCode.failed };
  if (error instanceof PolicyError) return { code: 'wrong-policy', message: error.message, exitCode: ExitCode.usage };
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (isUnreachable(code)) {
    const cure = 'Check that it runs ("interdict status") and that the address is right.';
    return { code: 'not-reachable', message: `A server does not answer: ${String(message)}.`, cure, exitCode: ExitCode.unreachable };
  }
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'EROFS') {
    return { code: 'file', message: String(message), cure: 'Check the path and its permissions.', exitCode: ExitCode.usage };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'fault', message: stack, cure: 'This is a fault of interdict: please report it with this text.', exitCode: ExitCode.failed };
}

function isUnreachable(code: unknown): boolean {
  return code === 14 || code === 4 || (typeof code === 'string' && /^(ECONN|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|57P0|08)/.test(code));
}

await main(process.argv.slice(2));
