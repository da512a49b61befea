import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import type { ImportKind } from '../store/register/imports/kinds.ts';
import { publisherOf } from '../embedded/publish.ts';
import { importFile } from '../store/register/imports/import-file.ts';
import type { Context } from './context.ts';
import { runSweep } from './sweep.ts';

/** In the order in which they build on each other. */
const FILES: readonly (readonly [Exclude<ImportKind, 'answers'>, string])[] = [
  ['organisations', 'organisations.jsonl'],
  ['people', 'people.jsonl'],
  ['rights', 'rights.csv'],
  ['sellers', 'sellers.csv'],
  ['authorised-sellers', 'authorised-sellers.csv'],
  ['references', 'references.csv'],
  ['recipients', 'recipients.jsonl'],
  ['listings', 'listings.jsonl'],
];

/** Only the listings of the samples' past have such ids and say so in their titles. */
const LISTINGS = `select count(*)::int as "all", count(*) filter (where id like 'bazaar:2%' and row->>'title' like '%(sample)')::int as past from listing`;

/** How far the samples have come on this store: none, only (part of) their past, or all; `all` also where listings of others are. */
async function samplesOn(context: Context): Promise<'none' | 'past' | 'all'> {
  const [found] = await (await context.work()).execute<{ all: number; past: number }[]>(LISTINGS);
  if (found === undefined || found.all === 0) return 'none';
  return found.all === found.past ? 'past' : 'all';
}

type Log = (line: string) => void;

/** The samples' past, told once before the first day of an embedded stack, and the clock of its mailbox and marketplace meanwhile. */
export class SamplePast {
  readonly #context: Context;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #clock: Clock;
  #telling: Promise<void> = Promise.resolve();

  constructor(context: Context, log: Log) {
    this.#context = context;
    this.#log = log;
    this.#clock = context.clock;
  }

  readonly now = (): string => this.#clock.now();

  /** Tells it where nothing is stored yet; what an earlier start broke off in the middle goes on from where it is. */
  async tell(): Promise<void> {
    this.#telling = this.#tell();
    await this.#telling;
  }

  /** Ends what is under way; returns when its engine has stopped. */
  async breakOff(): Promise<void> {
    this.#stopping.abort(new Error('told to stop'));
    // Whoever called `tell` was told why it ended.
    await this.#telling.catch(() => {});
  }

  async #tell(): Promise<void> {
    const there = await samplesOn(this.#context);
    if (there === 'all') return;
    // The story's runner and an engine: no later start loads them.
    const { goOnForReal, tellPast } = await import('./sample-past.ts');
    const began = performance.now();
    try {
      if (there === 'past') throw new Error('an earlier start was stopped in the middle of it');
      this.#log('samples: telling their past on a virtual clock ...');
      await tellPast(this.#context, this.#setClock, this.#stopping.signal);
      this.#log(`samples: their past is told (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      // A stack without all of its samples serves as well: whoever starts it is told why.
      this.#log(`samples: their past is not whole: ${error instanceof Error ? error.message : String(error)}; it goes on as it is`);
    }
    await goOnForReal(this.#context);
  }

  readonly #setClock = (clock: Clock): void => {
    this.#clock = clock;
  };
}

/** Imports the shipped samples and sweeps them, on the first run only: a store with listings of its own is left alone. */
export async function importSamples(context: Context, log: Log): Promise<void> {
  const there = await samplesOn(context);
  if (there === 'all') return;
  const store = await context.store();
  const publish = context.config.marketplace.embedded ? { publish: publisherOf((await context.places()).marketplaceUrl) } : {};
  // Their past begins with the register: a second import would only have packets built again.
  for (const [kind, name] of there === 'past' ? FILES.slice(-1) : FILES) {
    const file = join(context.config.root, 'samples', name);
    if (!existsSync(file)) continue;
    const report = await importFile(store, context.clock, kind, createReadStream(file), kind === 'listings' ? publish : {});
    log(`samples: ${report.imported} ${kind} (${statSync(file).size} bytes)`);
  }
  for (const swept of await runSweep(context, undefined, log)) {
    log(`samples: ${swept.marketplace}: ${swept.scanned} listings scanned, ${swept.opened} cases opened`);
  }
}
