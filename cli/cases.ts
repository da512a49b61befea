import type { Command } from 'commander';
import type { CaseLine, CaseView, Heard, TimelineEntry } from '../store/queries/cases.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import { instantArgument, languageArgument, type LanguageOptions, wholeArgument, withLanguage } from './arguments.ts';
import type { CliIo } from './io.ts';
import { eventInBrief } from '../verifier/words.ts';
import type { Texts } from '../texts/messages.ts';

interface ListOptions {
  readonly status?: string;
  readonly holder?: string;
  readonly seller?: string;
  readonly dueBefore?: string;
  readonly limit: string;
}

/** `cases`, `case`, `appeals`: what stands where. */
export function addCaseCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  for (const kind of ['case', 'appeal'] as const) {
    root
      .command(`${kind}s`)
      .description(`lists ${kind}s, earliest deadline first`)
      .option('--status <status>')
      .option('--holder <organisation>')
      .option('--seller <seller>')
      .option('--due-before <instant>', 'ISO 8601, for example 2025-10-01T09:00:00Z')
      .option('--limit <n>', 'maximum number', '200')
      .action(async ({ dueBefore, limit, ...filter }: ListOptions) => {
        const before = dueBefore === undefined ? {} : { dueBefore: instantArgument(dueBefore, '--due-before') };
        const most = wholeArgument(limit, '--limit');
        const em = await (await context()).work();
        const { listCases } = await import('../store/queries/cases.ts');
        const lines = await listCases(em, { kind, ...filter, ...before, limit: most });
        io.out(lines);
        if (!io.json) io.say(lines.length === 0 ? `No ${kind} matches. "interdict sweep" looks for some.` : lines.map(lineInWords).join('\n'));
      });
  }
  withLanguage(root.command('case'))
    .argument('<id>')
    .description('shows one case or appeal with its timeline')
    .action((id: string, options: LanguageOptions) => showAggregate(io, context, id, options));
}

/** One aggregate with its timeline, by its id. */
export async function showAggregate(io: CliIo, context: () => Promise<Context>, id: string, options: LanguageOptions): Promise<void> {
  const texts = languageArgument(options);
  const em = await (await context()).work();
  const { readCase } = await import('../store/queries/cases.ts');
  const view = await readCase(em, id);
  if (view === undefined) throw new CliError(ExitCode.failed, 'unknown-case', `There is no case ${id}.`, 'List them with "interdict cases".');
  io.out(view);
  if (!io.json) io.say(viewInWords(view, texts));
}

function lineInWords(line: CaseLine): string {
  const due = line.due === null ? '' : `  due ${line.due} (${line.dueRule}${line.dueProvisional === true ? ', provisional' : ''})`;
  return `${line.id}  ${line.status.padEnd(22)} ${line.listing}  ${line.holder}${due}`;
}

function viewInWords(view: CaseView, texts: Texts): string {
  const { id, status, listing, holder, due, dueRule, dueProvisional, seal } = view;
  const head = [
    `${id}: ${status}`,
    ...(listing === '' ? [] : [`listing ${listing}, rights holder ${holder}`]),
    ...(due === null ? [] : [`next deadline ${due} (${dueRule}${dueProvisional === true ? ', provisional' : ''})`]),
    ...(seal === null ? [] : [`sealed at ${seal.at} as number ${seal.sequence}, root ${seal.root}`]),
  ];
  const timeline = timelineInWords(view, texts);
  const letters = view.letters.flatMap(({ kind, state, settledAt, dueAt, heard }) => [
    `  notification ${kind}: ${state}${settledAt === null ? `, due ${dueAt}` : ` at ${settledAt}`}`,
    ...heard.flatMap(heardInWords),
  ]);
  const appeals = view.appeals.map((appeal) => `  appeal ${appeal.id}: ${appeal.status}`);
  return [...head, '', ...timeline, ...letters, ...appeals].join('\n');
}

/** What came in about a mail; what a mail host wrote stands below, indented. */
export function heardInWords({ at, fact, status, address, words }: Heard): readonly string[] {
  const head = `    ${fact}${status === '' ? '' : ` (${status})`} at ${at}${address === undefined ? '' : `, passed on to ${address}`}`;
  return [head, ...(words ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [`      | ${line.replace(/\p{Cc}/gu, ' ')}`]))];
}

/** What happened: who asked for what when, and below it what came of it, a line each. */
export function timelineInWords({ timeline }: CaseView, texts: Texts): readonly string[] {
  return timeline.flatMap((entry) => entryInWords(entry, texts));
}

const NOTHING_DISCLOSED: ReadonlyMap<string, string> = new Map();

function entryInWords({ n, at, by, command, events, refused }: TimelineEntry, texts: Texts): readonly string[] {
  const head = `  ${String(n).padStart(3)}. ${at}  ${by} ${command}`;
  if (refused !== undefined) return [`${head}: refused (${refused.code}): ${refused.message}`];
  return [head, ...events.map((event) => `       ${eventInBrief(event, NOTHING_DISCLOSED, texts)}`)];
}
