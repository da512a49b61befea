import type { Command } from 'commander';
import { totalsInWords } from '../domain/referral/totals.ts';
import type { ReferralLine, ReferralView } from '../store/queries/referrals.ts';
import type { Texts } from '../texts/messages.ts';
import { instantArgument, languageArgument, type LanguageOptions, wholeArgument, withLanguage } from './arguments.ts';
import { timelineInWords } from './cases.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

interface ListOptions {
  readonly status?: string;
  readonly seller?: string;
  readonly recipient?: string;
  readonly limit: string;
}

/** `referral list|show|totals`. */
export function addReferralCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const referral = root.command('referral').description('referrals of cases to an authority, and their outcomes');
  referral
    .command('list')
    .description('lists referrals in the order of opening')
    .option('--status <status>')
    .option('--seller <seller>', 'any account of the actor')
    .option('--recipient <id>')
    .option('--limit <n>', 'maximum number', '200')
    .action(async ({ limit, ...filter }: ListOptions) => {
      const { listReferrals } = await import('../store/queries/referrals.ts');
      const lines = await listReferrals(await (await context()).work(), { ...filter, limit: wholeArgument(limit, '--limit') });
      io.out(lines);
      if (!io.json) io.say(lines.length === 0 ? 'No referral matches.' : lines.map(lineInWords).join('\n'));
    });
  withLanguage(referral.command('show'))
    .argument('<id>')
    .description('shows one referral with its timeline')
    .action(async (id: string, options: LanguageOptions) => {
      const texts = languageArgument(options);
      const { readReferral } = await import('../store/queries/referrals.ts');
      const view = await readReferral(await (await context()).work(), id);
      if (view === undefined) throw unknown(id);
      io.out(view);
      if (!io.json) io.say(viewInWords(view, texts));
    });
  referral
    .command('totals')
    .argument('[id]')
    .description('shows totals of outcomes; a range where sources disagree')
    .option('--from <instant>')
    .option('--until <instant>', 'exclusive')
    .action(async (id: string | undefined, { from, until }: { from?: string; until?: string }) => {
      const { readTotals } = await import('../store/queries/referrals.ts');
      const period = {
        ...(id !== undefined && { id }),
        ...(from !== undefined && { from: instantArgument(from, '--from') }),
        ...(until !== undefined && { until: instantArgument(until, '--until') }),
      };
      const totals = await readTotals(await (await context()).work(), period);
      const words = totalsInWords(totals);
      io.out({ ...totals, words });
      if (!io.json) io.say(words.length === 0 ? 'No outcome is on record.' : words.join('\n'));
    });
}

function unknown(id: string): CliError {
  return new CliError(ExitCode.failed, 'unknown-referral', `There is no referral ${id}.`, 'List them with "interdict referral list".');
}

function lineInWords({ id, status, actor, recipient, due, dueRule }: ReferralLine): string {
  return `${id}  ${status.padEnd(18)} ${actor} -> ${recipient}${due === null ? '' : `  due ${due} (${dueRule})`}`;
}

function viewInWords(view: ReferralView, texts: Texts): string {
  const { id, status, actor, recipient, reference, draft, sent, leftOut, brands, questions, totals } = view;
  return [
    `${id}: ${status}`,
    `actor ${actor}, recipient ${recipient}${reference === null ? '' : `, its reference ${reference}`}`,
    ...sent.map((one) => `submission ${one.submission} ${one.state} at ${one.at}: ${one.packet}, ${one.cases.join(', ')}`),
    ...(draft === null ? [] : [`submission ${draft.submission} ${draft.stage}: ${draft.packet ?? 'no packet yet'}, ${draft.cases.join(', ')}`]),
    ...(draft?.missing ?? []).map((item) => `  missing ${JSON.stringify(item)}`),
    ...leftOut.map((one) => `left out ${one.case}: ${one.reason}`),
    ...brands.map((one) => `brand ${one.brand}: ${one.stage}, ${one.cases.length} cases`),
    ...questions.map((one, index) => `question ${index + 1}: ${one.question} -> ${one.answer ?? 'not answered'}`),
    ...totalsInWords(totals),
    '',
    ...timelineInWords(view, texts),
  ].join('\n');
}
