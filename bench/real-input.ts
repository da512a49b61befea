import { createReadStream } from 'node:fs';
import { COMMANDS } from '../commands/catalogue.ts';
import { Verdict, VerdictBasis } from '../domain/case/model.ts';
import { sha256Hex } from '../domain/canonical.ts';
import { type Instant, instant, plusMs } from '../domain/instant.ts';
import { publisherOf } from '../embedded/publish.ts';
import { startServers } from '../scenarios/runner/servers.ts';
import { startVirtualStack, type VirtualStack } from '../scenarios/runner/virtual-stack.ts';
import { importFile } from '../store/register/imports/import-file.ts';
import { parseImport } from '../store/register/imports/parse.ts';
import type { RegisterKind } from '../store/register/imports/write.ts';
import { work } from '../store/connection/orm.ts';
import { deskOf, organisationNamed } from '../store/register/people.ts';
import { installRuntime } from '../worker/engine.ts';
import { type SweepResult, TaskQueue, WorkflowType } from '../workflows/contracts.ts';
import { fetchHistory, historyCost } from './history-cost.ts';
import { SHARED_DATA_ABSENT, sharedData } from './shared-data.ts';

const START = instant('2025-10-01T00:00:00Z');
/** Long enough for every silent brand's window and every further window to run out. */
const RUN_OUT_MS = 75 * 86_400_000;

const FILES: readonly (readonly [RegisterKind, string, string?])[] = [
  ['organisations', 'fixtures/organisations.jsonl'],
  ['rights', 'rights.csv'],
  ['rights', 'fixtures/rights-hp-br.csv'],
  ['rights', 'fixtures/rights-de.csv'],
  ['sellers', 'sellers.csv'],
  ['authorised-sellers', 'fixtures/authorised-sellers.csv'],
  ['references', 'reference-prices.csv'],
  ['listings', 'listings.jsonl.gz'],
  ['listings', 'fixtures/suspicions.jsonl.gz'],
];

/** What the run over the real input came to. */
export interface RealInputReport {
  readonly imported: Readonly<Record<string, number>>;
  readonly wrongLines: number;
  readonly listingsScanned: number;
  readonly secondSweepScanned: number;
  readonly casesOpened: number;
  readonly decisions: number;
  readonly removals: number;
  readonly ledgerRows: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly byMarket: readonly Readonly<Record<string, unknown>>[];
  readonly seconds: Readonly<Record<string, number>>;
  readonly listingsPerSecond: number;
  readonly actionsPer10000WithoutHit: number;
}

/** Runs the whole chain over the shared real input on a virtual stack from 2025-10-01 on, and prints what came of it. */
export async function run(): Promise<RealInputReport | { skipped: string }> {
  if (sharedData('listings.jsonl.gz') === undefined) {
    process.stderr.write(`${SHARED_DATA_ABSENT}\n`);
    return { skipped: SHARED_DATA_ABSENT };
  }
  installRuntime();
  const servers = await startServers();
  try {
    const stack = await startVirtualStack(servers, { startAt: START });
    try {
      return await measure(stack);
    } finally {
      await stack.stop();
    }
  } finally {
    await servers.stop();
  }
}

async function measure(stack: VirtualStack): Promise<RealInputReport> {
  const seconds: Record<string, number> = {};
  const timed = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await act();
    seconds[name] = Math.round((performance.now() - start) / 10) / 100;
    process.stderr.write(`${name}: ${seconds[name]} s\n`);
    return result;
  };
  const imports = await timed('import', () => importAll(stack));
  const first = await timed('sweep', () => sweepAll(stack));
  await timed('publish', () => stack.advanceTo(plusMs(START, 6 * 3_600_000)));
  const answers = await timed('answers', () => feedAnswers(stack));
  await timed('run out', () => stack.advanceTo(plusMs(START, RUN_OUT_MS) as Instant));
  const second = await timed('second sweep', () => sweepAll(stack));
  const em = work(stack.store);
  const scalar = async (sql: string) => Number((await em.execute<{ n: number }[]>(sql))[0]?.n ?? 0);
  const statuses = await em.execute<{ kind: string; status: string; n: number }[]>(
    'select kind, status, count(*)::int as n from aggregate group by 1, 2 order by 1, 2',
  );
  const report: RealInputReport = {
    ...imports,
    listingsScanned: first.scanned,
    secondSweepScanned: second.scanned,
    casesOpened: first.opened,
    decisions: await scalar('select count(*)::int as n from decision'),
    removals: await scalar(`select count(*)::int as n from decision where envelope @> '{"outcome":{"events":[{"type":"ListingRemoved"}]}}'`),
    ledgerRows: await scalar('select count(*)::int as n from ledger'),
    answers,
    statuses: Object.fromEntries(statuses.map((row) => [`${row.kind} ${row.status}`, row.n])),
    byMarket: await em.execute(
      `select state->>'market' as market, status, count(*)::int as n from aggregate where kind = 'case' group by 1, 2 order by 1, 2`,
    ),
    seconds,
    listingsPerSecond: Math.round(first.scanned / (seconds['sweep'] ?? 1)),
    actionsPer10000WithoutHit: second.actionsPer10000,
  };
  process.stderr.write(`${inWords(report)}\n`);
  return report;
}

async function importAll(stack: VirtualStack) {
  const imported: Record<string, number> = {};
  let wrongLines = 0;
  const publish = publisherOf(stack.marketplace.url);
  for (const [kind, name] of FILES) {
    const path = sharedData(name);
    if (path === undefined) throw new Error(`the shared data has no ${name}`);
    const report = await importFile(stack.store, stack.clock, kind, createReadStream(path), kind === 'listings' ? { publish } : {});
    imported[kind] = (imported[kind] ?? 0) + report.imported;
    wrongLines += report.wrong;
    for (const problem of report.problems.filter(({ code }) => code !== 'unknown-field').slice(0, 5)) {
      process.stderr.write(`${name} line ${problem.line}: ${problem.message}\n`);
    }
  }
  return { imported, wrongLines };
}

interface Swept {
  scanned: number;
  opened: number;
  actionsPer10000: number;
}

/** Sweeps every marketplace to its end; the actions are counted from the sweeps' own histories. */
async function sweepAll(stack: VirtualStack): Promise<Swept> {
  const names = await work(stack.store).execute<{ marketplace: string; n: number }[]>(
    'select marketplace, count(*)::int as n from listing group by 1 order by 1',
  );
  const total: Swept = { scanned: 0, opened: 0, actionsPer10000: 0 };
  let actions = 0;
  for (const { marketplace } of names) {
    const handle = await stack.engine.temporal.workflow.start(WorkflowType.sweep, {
      workflowId: `sweep:${marketplace}:${stack.clock.now()}`,
      taskQueue: TaskQueue.cases,
      args: [{ marketplace }],
    });
    const result: SweepResult = await handle.result();
    total.scanned += result.scanned;
    total.opened += result.opened;
    actions += historyCost(await fetchHistory(stack.engine.temporal, handle.workflowId)).actions;
    process.stderr.write(`  ${marketplace}: ${result.scanned} scanned, ${result.opened} opened\n`);
  }
  const listings = names.reduce((sum, row) => sum + row.n, 0);
  total.actionsPer10000 = Math.round((actions * 10_000 * 10) / listings) / 10;
  return total;
}

async function feedAnswers(stack: VirtualStack): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const path = sharedData('fixtures/brand-answers.csv');
  if (path === undefined) throw new Error('the shared data has no fixtures/brand-answers.csv');
  for await (const item of parseImport('answers', createReadStream(path))) {
    if (!('ok' in item)) {
      if ('error' in item) counts['wrong line'] = (counts['wrong line'] ?? 0) + 1;
      continue;
    }
    const { listing, holder, verdict, reasonCode, basis } = item.ok;
    const known = Object.values(Verdict).find((value) => value === verdict);
    const seen = Object.values(VerdictBasis).find((value) => value === basis) ?? VerdictBasis.image;
    if (known === undefined) throw new Error(`line ${item.line}: no such verdict: ${verdict}`);
    const organisation = await organisationNamed(work(stack.store), holder);
    const messageId = `answer:${sha256Hex(JSON.stringify([listing, holder, verdict]))}`;
    const sent = await stack.client.send(
      COMMANDS.recordVerdict,
      { as: deskOf(organisation), messageId },
      { listing, holder: organisation },
      { verdict: known, reasonCode, basis: seen, isCorrection: true },
    );
    const outcome =
      sent.kind === 'done' ? `decided: ${verdict}` : sent.kind === 'refused' || sent.kind === 'not-accepted' ? `refused: ${sent.code}` : sent.kind;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  await stack.settle();
  return counts;
}

function inWords(report: RealInputReport): string {
  const lines = [
    `imported ${Object.entries(report.imported)
      .map(([kind, n]) => `${n} ${kind}`)
      .join(', ')}; ${report.wrongLines} wrong lines`,
    `${report.listingsScanned} listing versions scanned at ${report.listingsPerSecond}/s, ${report.casesOpened} cases opened; a second sweep scans ${report.secondSweepScanned}`,
    `${report.decisions} decisions, ${report.removals} removals, ${report.ledgerRows} ledger rows`,
    `answers: ${Object.entries(report.answers)
      .map(([what, n]) => `${n} ${what}`)
      .join(', ')}`,
    `in the end: ${Object.entries(report.statuses)
      .map(([what, n]) => `${n} ${what}`)
      .join(', ')}`,
    `${report.actionsPer10000WithoutHit} billable actions per 10,000 listings without a hit`,
  ];
  return lines.join('\n');
}
