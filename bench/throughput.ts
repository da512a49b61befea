import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type OwnServers, startServers } from '../scenarios/runner/servers.ts';
import { work } from '../store/connection/orm.ts';
import { readArchiveLag } from '../store/queries/cases.ts';

import { spawnEngine } from './engine-child.ts';
import { fetchHistory, historyCost, totalActions } from './history-cost.ts';
import { type LoadOptions, type Passage, runLoad } from './load.ts';
import { writeMeasurement } from './measurements.ts';
import { type Usage, usageOf } from './processes.ts';
import { startStage, type Stage } from './stage.ts';
import { quickPolicy, writeListings, writeRegister, writeSellers } from './stage-data.ts';

const ENTRY = new URL('engine.entry.ts', import.meta.url);
const FASTEST = 60;
const SAMPLE = 20;
const WARM_UP = 30;

type Part = 'worker' | 'temporal' | 'postgres' | 'load';

/** What a run came to. CPU is per case; memory is at the end, with what it was before the load in `memoryBeforeMb`. */
export interface Throughput {
  readonly kind: LoadOptions['kind'];
  readonly mode: string;
  readonly seconds: number;
  readonly cases: number;
  readonly casesPerSecond: number;
  readonly verdictToTakedownMs: { readonly p50: number; readonly p95: number; readonly max: number };
  readonly cpuMsPerCase: Readonly<Record<Part | 'all', number>>;
  readonly memoryMb: Readonly<Record<Part, number>>;
  readonly memoryBeforeMb: Readonly<Record<Part, number>>;
  /** Per case, over a sample: the case's own history, and those of the letters it sent. */
  readonly actionsPerCase: { readonly case: number; readonly letters: number };
  readonly signalsRepeated: number;
  /** Sealed chains that were not archived yet when the last case of the load was sealed. */
  readonly notArchived: number;
  readonly machine: string;
}

/**
 * `bench throughput [--kind bare|full] [--in-flight 32] [--rate N] [--seconds 30] [--write]`: whole cases through servers of
 * their own, the engine in a process of its own. `--write` notes the result in docs/measurements.md.
 */
export async function run(args: readonly string[]): Promise<Throughput> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kind: { type: 'string', default: 'bare' },
      'in-flight': { type: 'string', default: '32' },
      rate: { type: 'string' },
      seconds: { type: 'string', default: '30' },
      write: { type: 'boolean', default: false },
    },
  });
  const kind = z.enum(['bare', 'full']).parse(values.kind);
  const number = z.coerce.number().positive();
  const rate = values.rate === undefined ? {} : { rate: number.parse(values.rate) };
  const load = { kind, inFlight: number.parse(values['in-flight']), ...rate, ms: number.parse(values.seconds) * 1_000, from: WARM_UP };
  const servers = await startServers();
  try {
    const measured = await measure(servers, load);
    process.stderr.write(`${inWords(measured)}\n`);
    if (values.write) writeMeasurement(`throughput ${kind} ${measured.mode}`, inWords(measured));
    return measured;
  } finally {
    await servers.stop();
  }
}

async function measure(servers: OwnServers, load: LoadOptions): Promise<Throughput> {
  const stage = await startStage(servers, await policyFor(load.kind));
  await setTheStage(stage, load);
  const child = spawnEngine(ENTRY, servers, stage, { sendsMail: load.kind === 'full', outageMs: 30_000, timeoutMs: 10_000 });
  try {
    await child.ready;
    await runLoad(stage, { kind: 'bare', inFlight: 8, rate: 10, ms: (WARM_UP / 10) * 1_000, from: 0 });
    const pids: Record<Part, number> = {
      worker: child.process.pid ?? 0,
      temporal: servers.pids.temporal,
      postgres: servers.pids.postgres ?? 0,
      load: process.pid,
    };
    const before = usages(pids);
    const start = Date.now();
    const passages = await runLoad(stage, load);
    // Cases that think for a minute end after the others: the rate is of what was begun.
    const seconds = load.rate === undefined ? (Date.now() - start) / 1_000 : load.ms / 1_000;
    const after = usages(pids);
    return { ...(await summary(stage, load, passages, seconds)), ...spent(before, after, passages.length) };
  } finally {
    await child.stop();
    await stage.stop();
  }
}

/** Digests every minute: a run of minutes is to send some. */
async function policyFor(kind: LoadOptions['kind']) {
  const policy = await quickPolicy({ escalateAfter: 72_000, lapseAfter: 86_400 });
  if (kind === 'bare') return policy;
  return { ...policy, confirmation: { ...(policy['confirmation'] as object), digestEveryMinutes: { value: 1, source: 'made up for a benchmark' } } };
}

async function setTheStage(stage: Stage, { kind, ms, rate, from }: LoadOptions): Promise<void> {
  const count = from + Math.ceil(((rate ?? FASTEST) * ms) / 1_000) + 100;
  await writeRegister(stage);
  await writeListings(stage, 0, WARM_UP);
  await writeListings(stage, WARM_UP, count, kind === 'full');
  if (kind === 'full') await writeSellers(stage, 0, count);
}

function usages(pids: Readonly<Record<Part, number>>): Readonly<Record<Part, Usage>> {
  const of = (part: Part) => (part === 'load' ? ownUsage() : usageOf(pids[part]));
  return { worker: of('worker'), temporal: of('temporal'), postgres: of('postgres'), load: of('load') };
}

/** Marketplace and mailbox run in the load's process: they stand for systems of others, as the load does. */
function ownUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1_000, memoryMb: process.memoryUsage.rss() / 1_048_576 };
}

function spent(before: Readonly<Record<Part, Usage>>, after: Readonly<Record<Part, Usage>>, cases: number) {
  const cpu = (part: Part) => round((after[part].cpuMs - before[part].cpuMs) / Math.max(cases, 1));
  const parts = { worker: cpu('worker'), temporal: cpu('temporal'), postgres: cpu('postgres'), load: cpu('load') };
  const memory = (usage: Readonly<Record<Part, Usage>>) => ({
    worker: Math.round(usage.worker.memoryMb),
    temporal: Math.round(usage.temporal.memoryMb),
    postgres: Math.round(usage.postgres.memoryMb),
    load: Math.round(usage.load.memoryMb),
  });
  const all = round(parts.worker + parts.temporal + parts.postgres + parts.load);
  return { cpuMsPerCase: { ...parts, all }, memoryMb: memory(after), memoryBeforeMb: memory(before) };
}

async function summary(stage: Stage, load: LoadOptions, passages: readonly Passage[], seconds: number) {
  const { waiting: notArchived } = await readArchiveLag(work(stage.store));
  const takedowns = await takedownsOf(stage);
  const waits = passages.map(({ id, saidAt }) => (takedowns.get(id) ?? Number.NaN) - saidAt).sort((a, b) => a - b);
  const at = (share: number) => Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0);
  const [{ repeated } = { repeated: 0 }] = await work(stage.store).execute<{ repeated: number }[]>(
    'select coalesce(sum(signals - 1), 0)::int as repeated from inbox',
  );
  return {
    kind: load.kind,
    mode: load.rate === undefined ? `${load.inFlight} in flight` : `paced ${load.rate}/s`,
    seconds: Math.round(seconds),
    cases: passages.length,
    casesPerSecond: round(passages.length / seconds),
    verdictToTakedownMs: { p50: at(0.5), p95: at(0.95), max: at(1) },
    actionsPerCase: await actionsOf(stage, passages.slice(-SAMPLE)),
    signalsRepeated: repeated,
    notArchived,
    machine: `${cpus().length} x ${cpus()[0]?.model ?? 'processor'}`,
  };
}

/** When the marketplace took each case's listing down, by its own record. */
async function takedownsOf(stage: Stage): Promise<ReadonlyMap<string, number>> {
  const schema = z.object({ requests: z.array(z.object({ operation: z.string(), key: z.string(), outcome: z.string(), at: z.string() })) });
  const { requests } = schema.parse(await (await fetch(`${stage.marketplace.url}/admin/requests`)).json());
  const first = requests.filter(({ operation, outcome }) => operation === 'takedown' && outcome === 'first');
  return new Map(first.map(({ key, at }) => [key.split('/')[0] ?? '', Date.parse(at)]));
}

async function actionsOf(stage: Stage, sample: readonly Passage[]): Promise<Throughput['actionsPerCase']> {
  const ids = sample.map(({ id }) => id);
  const letters = await work(stage.store).execute<{ id: string; members: number }[]>(
    `select coalesce(l.digest, l.id) as id, count(*)::int as members from outbox l
     where l.aggregate in (?) and l.state in ('delivered', 'refused', 'possibly-sent') and l.kind not in ('start', 'message') group by 1`,
    [ids],
  );
  const costs = async (of: readonly string[]) => Promise.all(of.map(async (id) => historyCost(await fetchHistory(stage.temporal, id))));
  const share = (actions: number) => round(actions / Math.max(ids.length, 1));
  return { case: share(totalActions(await costs(ids))), letters: share(totalActions(await costs(letters.map(({ id }) => id)))) };
}

function inWords(t: Throughput): string {
  const { verdictToTakedownMs: wait, cpuMsPerCase: cpu, memoryMb: memory, memoryBeforeMb: before } = t;
  const grown = (part: Part) => `${before[part]} → ${memory[part]}`;
  return [
    `${t.cases} cases in ${t.seconds} s on ${t.machine}: **${t.casesPerSecond} cases/s**, verdict to takedown ${wait.p50} ms (p50), ${wait.p95} ms (p95), ${wait.max} ms (slowest).`,
    '',
    '| | worker | Temporal | PostgreSQL | load, marketplace, mailbox |',
    '|---|---|---|---|---|',
    `| CPU ms a case (all: ${cpu.all}) | ${cpu.worker} | ${cpu.temporal} | ${cpu.postgres} | ${cpu.load} |`,
    `| memory MB, before → after | ${grown('worker')} | ${grown('temporal')} | ${grown('postgres')} | ${grown('load')} |`,
    '',
    `Billable actions a case: ${t.actionsPerCase.case} of its own, ${t.actionsPerCase.letters} of its notifications; ${t.signalsRepeated} signals were repeated; ${t.notArchived} sealed chains were not archived yet at the end.`,
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
