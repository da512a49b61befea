import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import type { VaultPort } from '../adapters/ports.ts';
import type { Flow } from '../client/workflow-history.ts';
import { type FlowRun, chainsOf, type HistoryFile, historyText } from '../domain/history-file.ts';
import { type AggregateId, isAggregateId } from '../domain/ids.ts';
import { instantOf } from '../domain/instant.ts';
import type { Manager } from '../store/connection/orm.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliContext, CliIo } from './io.ts';
import { writeWhole } from './write-file.ts';

export interface ExportSources {
  readonly em: Manager;
  readonly id: AggregateId;
  /** Absent: the file goes without the workflows' histories. */
  readonly temporal?: Client | undefined;
  /** Where archived workflow histories are once Temporal has forgotten them. */
  readonly vault?: VaultPort | undefined;
  readonly redacted?: boolean | undefined;
}

/** Everything about an aggregate in one document; undefined when there is no such aggregate. */
export async function exportHistory({ em, id, temporal, vault, redacted }: ExportSources): Promise<HistoryFile | undefined> {
  const { readHistory } = await import('../store/queries/export.ts');
  const stored = await readHistory(em, id, { exportedAt: instantOf(Date.now()), withoutDisclosures: redacted === true });
  if (stored === undefined) return undefined;
  const runs: FlowRun[] = [];
  const noFlow: string[] = [];
  let reach = temporal;
  for (const { aggregate } of chainsOf({ ...stored, flow: null, noFlow })) {
    const flow = await flowOf(reach, aggregate);
    // Once is enough to know that nobody answers.
    if (flow.kind === 'unreachable') reach = undefined;
    const found = flow.kind === 'found' ? flow.runs : await archivedFlow(em, vault, aggregate);
    runs.push(...(found ?? []));
    if (flow.kind !== 'found' && found === undefined) noFlow.push(flow.reason);
  }
  return { ...stored, flow: runs.length === 0 ? null : runs, noFlow };
}

async function flowOf(temporal: Client | undefined, id: AggregateId): Promise<Flow> {
  if (temporal === undefined) return { kind: 'gone', reason: `Temporal was not asked for the history of ${id}` };
  const { readFlow } = await import('../client/workflow-history.ts');
  return readFlow(temporal, id);
}

/** The runs as the archive keeps them once Temporal has forgotten them. */
async function archivedFlow(em: Manager, vault: VaultPort | undefined, id: AggregateId): Promise<readonly FlowRun[] | undefined> {
  if (vault === undefined) return undefined;
  const [{ archiveOf }, { readArchive }, { parseHistory }] = await Promise.all([
    import('../store/queries/export.ts'),
    import('../worker/archive-file.ts'),
    import('../verifier/parse-history.ts'),
  ]);
  const digest = await archiveOf(em, id);
  const text = digest === undefined ? undefined : await readArchive(vault, digest);
  return text === undefined ? undefined : (parseHistory(text).flow ?? undefined);
}

/** `history export ID --out FILE`. */
export function addHistoryCommands(program: Command, io: CliIo, context: CliContext): void {
  const history = program.command('history').description('exported histories');
  history
    .command('export <id>')
    .description('exports everything needed to replay a case or an appeal into one file')
    .requiredOption('--out <file>', 'the file to write')
    .option('--force', 'overwrite an existing file')
    .option('--redacted', 'leave out all personal data')
    .action((id: string, options: ExportOptions) => runExport(io, context, id, options));
}

interface ExportOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly redacted?: boolean;
}

async function runExport(io: CliIo, context: CliContext, id: string, { out, force, redacted }: ExportOptions): Promise<void> {
  const file = isAggregateId(id) ? await historyOf(context, id, { redacted }) : undefined;
  if (file === undefined) throw new CliError(ExitCode.failed, 'unknown-id', `There is no ${id}.`, 'List them with "interdict cases".');
  await writeWhole(out, historyText(file), force === true);
  const decisions = chainsOf(file).reduce((sum, chain) => sum + chain.decisions.length, 0);
  io.say(`${out}: ${decisions} decisions of ${id} and ${file.appeals.length} appeals, ${file.flow?.length ?? 0} workflow runs.`);
  for (const reason of file.noFlow) io.say(`Without a workflow history: ${reason}.`);
  if (redacted !== true) io.say('It holds personal values: hand it on only to whom may see them, or export with --redacted.');
  io.out({ id, out, decisions, appeals: file.appeals.length, root: file.seal?.root ?? null, runs: file.flow?.length ?? 0, noFlow: file.noFlow });
}

/** The document of an aggregate through the command line's own connections. */
export async function historyOf(
  context: CliContext,
  id: AggregateId,
  options: { redacted?: boolean | undefined; withoutFlow?: boolean },
): Promise<HistoryFile | undefined> {
  const { work } = await import('../store/connection/orm.ts');
  const em = work(await context.store()) as Manager;
  const temporal = options.withoutFlow === true ? undefined : await context.temporal();
  return exportHistory({ em, id, temporal, vault: await context.vault?.(), redacted: options.redacted });
}
