import { COMMANDS } from '../commands/catalogue.ts';
import type { CaseClient } from '../client/case-client.ts';
import { openCases } from '../store/log/open-cases.ts';
import { work } from '../store/connection/orm.ts';
import type { Stage } from './stage.ts';
import { HOLDER, listingOf, OFFICER, openingOf, REVIEWER } from './stage-data.ts';

/** One case's way through, in epoch milliseconds by the load's clock. */
export interface Passage {
  readonly number: number;
  readonly id: string;
  readonly saidAt: number;
  readonly sealedAt: number;
}

export interface LoadOptions {
  /** `bare` hands the opening to the log, with a capture made before; `full` is an officer's message: captured, decided, mailed. */
  readonly kind: 'bare' | 'full';
  /** Cases at once; the rate, where one is given, leads. */
  readonly inFlight: number;
  /** Cases begun a second; absent = as fast as those in flight end. */
  readonly rate?: number;
  readonly ms: number;
  /** The first listing's number. */
  readonly from: number;
}

const THINK_MS = 100;
/** In the full kind one brand in ten thinks for longer than it takes the digest to go out. */
const LONG_THINK_MS = 70_000;
const LOOK_MS = 50;

/** Sends cases through a running engine and returns what became of each. Cases under way when the time is over are finished. */
export async function runLoad(stage: Stage, options: LoadOptions): Promise<readonly Passage[]> {
  const sealed = new SealWatch(stage);
  const client = stage.client({ waitMs: 120_000 });
  const passages: Passage[] = [];
  const until = Date.now() + options.ms;
  let next = options.from;
  const one = async () => {
    const number = next++;
    passages.push(await passage(stage, client, sealed, options, number));
  };
  try {
    if (options.rate === undefined) await closedLoop(options.inFlight, until, one);
    else await paced(options.rate, until, one);
  } finally {
    sealed.stop();
  }
  return passages;
}

async function closedLoop(inFlight: number, until: number, one: () => Promise<void>): Promise<void> {
  const lane = async () => {
    while (Date.now() < until) await one();
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

async function paced(rate: number, until: number, one: () => Promise<void>): Promise<void> {
  const running: Promise<void>[] = [];
  const start = Date.now();
  for (let begun = 0; ; begun++) {
    const at = start + (begun * 1_000) / rate;
    if (at >= until) break;
    if (at > Date.now()) await pause(at - Date.now());
    running.push(one());
  }
  await Promise.all(running);
}

async function passage(stage: Stage, client: CaseClient, sealed: SealWatch, { kind }: LoadOptions, number: number): Promise<Passage> {
  const target = { listing: listingOf(number).listing, holder: HOLDER };
  const id = kind === 'bare' ? await openBare(stage, number) : await openFull(client, target);
  await pause(kind === 'full' && number % 10 === 0 ? LONG_THINK_MS : THINK_MS);
  const saidAt = Date.now();
  const sent = await client.send(
    COMMANDS.recordVerdict,
    { as: REVIEWER },
    { id },
    { verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image', isCorrection: true },
  );
  if (sent.kind !== 'done') throw new Error(`the verdict on ${id} came to ${JSON.stringify(sent)}`);
  return { number, id, saidAt, sealedAt: await sealed.of(id) };
}

async function openBare(stage: Stage, number: number): Promise<string> {
  const [opened] = await openCases(stage.context, [openingOf(number)]);
  if (opened === undefined) throw new Error(`nothing was opened for listing ${number}`);
  return opened.id;
}

async function openFull(client: CaseClient, target: { listing: string; holder: string }): Promise<string> {
  const sent = await client.open(COMMANDS.openCase, { as: OFFICER }, { ...target, reason: 'looks wrong' });
  if (sent.kind !== 'done') throw new Error(`the opening came to ${JSON.stringify(sent)}`);
  return sent.aggregate;
}

/** Asks for all cases at once which are sealed: asking for each by itself would load what is measured. */
class SealWatch {
  readonly #waiting = new Map<string, (at: number) => void>();
  readonly #timer: NodeJS.Timeout;

  constructor(stage: Stage) {
    this.#timer = setInterval(() => void this.#look(stage).catch(() => {}), LOOK_MS);
  }

  of(id: string): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(stage: Stage): Promise<void> {
    const ids = [...this.#waiting.keys()];
    if (ids.length === 0) return;
    const rows = await work(stage.store).execute<{ id: string }[]>('select id from aggregate where is_final and id in (?)', [ids]);
    for (const { id } of rows) {
      this.#waiting.get(id)?.(Date.now());
      this.#waiting.delete(id);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
