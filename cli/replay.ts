import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { HistoryFile } from '../domain/history-file.ts';
import { isAggregateId } from '../domain/ids.ts';
import { printable } from '../verifier/values.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import { languageArgument, type LanguageOptions, withLanguage } from './arguments.ts';
import type { CliContext, CliIo } from './io.ts';
import { ROOT_OPTION, UNKNOWN_RULES_OPTION } from './verify.ts';

interface ReplayOptions extends LanguageOptions {
  readonly root?: string;
  readonly unknownRules?: boolean;
  readonly flow?: boolean;
}

/** `replay ID|FILE [--flow]`: decides every decision again, in words. A file needs no server, an id needs the store. */
export function addReplayCommand(program: Command, io: CliIo, context: CliContext): void {
  withLanguage(program.command('replay <id-or-file>'))
    .description('replays every decision with the recorded rules and describes each in words')
    .option('--root <hash>', ROOT_OPTION)
    .option('--unknown-rules', UNKNOWN_RULES_OPTION)
    .option('--flow', "replay the workflows' histories with Temporal's replayer too")
    .action((target: string, options: ReplayOptions) => runReplay(io, context, target, options));
}

async function runReplay(io: CliIo, context: CliContext, target: string, options: ReplayOptions): Promise<void> {
  // A wrong option is said before anything is read.
  languageArgument(options);
  const { readHistoryFile } = await import('../verifier/entry/read-file.ts');
  const isFile = existsSync(target);
  const file = isFile ? await readHistoryFile(target) : await fromStore(context, target, options.flow === true);
  if (file === undefined) {
    const exitCode = isAggregateId(target) ? ExitCode.failed : ExitCode.usage;
    const message = `${printable(target)} is neither a file nor the id of a case, appeal or sanction here.`;
    throw new CliError(exitCode, 'unknown-id', message, 'Check the path, or list the ids with "interdict cases".');
  }
  const [{ auditHistory }, { auditLines }, { nodeRulebook }] = await Promise.all([
    import('../verifier/audit.ts'),
    import('../verifier/report.ts'),
    import('../verifier/entry/node-rulebook.ts'),
  ]);
  const audit = await auditHistory(file, await nodeRulebook({ ...options, fromOwnStore: !isFile }), options);
  for (const line of auditLines(audit)) io.say(line);
  const flow = options.flow === true ? await replayFlow(io, file) : undefined;
  const isSame = audit.broken === null && flow?.every(({ ok }) => ok) !== false;
  io.out({ ok: isSame, ...audit, ...(flow !== undefined && { flow, noFlow: file.noFlow }) });
  io.exitCode = isSame ? ExitCode.done : ExitCode.failed;
}

async function fromStore(context: CliContext, id: string, withFlow: boolean): Promise<HistoryFile | undefined> {
  if (!isAggregateId(id)) return undefined;
  const [{ historyOf }, { historyText }, { parseHistory }] = await Promise.all([
    import('./history.ts'),
    import('../domain/history-file.ts'),
    import('../verifier/parse-history.ts'),
  ]);
  const file = await historyOf(context, id, { withoutFlow: !withFlow });
  // Read as a file is: what cannot be read back must not pass here either.
  return file && parseHistory(historyText(file));
}

async function replayFlow(io: CliIo, file: HistoryFile) {
  const { replayRuns } = await import('./replay-workflows.ts');
  const runs = await replayRuns(file);
  for (const { aggregate, run, ok, what } of runs)
    io.say(`${ok ? 'ok    ' : 'BROKEN'} workflow ${aggregate}, run ${printable(run)}: ${printable(what)}`);
  for (const reason of file.noFlow) io.say(`no workflow history: ${printable(reason)}`);
  return runs;
}
