import { work } from '../store/connection/orm.ts';
import { asParty } from '../store/queries/as-party.ts';
import { type Change, changesAfter, type ChangePlace, newestPlace, pruneChanges } from '../store/queries/changes.ts';
import { toldToSeller } from '../store/queries/lists.ts';
import { Capacity } from '../domain/aggregate.ts';
import type { ServerDeps } from './deps.ts';
import type { Principal } from './identity.ts';

/** How often the feed looks by itself, in milliseconds; a notification of the database makes it look at once. */
const LOOK_MS = 500;
const BATCH = 500;
/** Made up: about a week of a busy marketplace. */
const KEEP = 1_000_000;
const PRUNE_EVERY = 7_200;

/** Watches for changes once per process and wakes every stream. */
export class LiveFeed {
  readonly #deps: ServerDeps;
  readonly #wakes = new Set<() => void>();
  #place: ChangePlace | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;
  #isLooking = false;

  constructor(deps: ServerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const wake of this.#wakes) wake();
  }

  /** Looks whether anything has changed; trouble with the database passes, and the next look finds what this one missed. */
  readonly look = async (): Promise<void> => {
    if (this.#isLooking || this.#wakes.size === 0) return;
    this.#isLooking = true;
    try {
      const newest = await newestPlace(work(this.#deps.engine));
      const isNew = this.#place === undefined || newest.xid !== this.#place.xid || newest.id !== this.#place.id;
      this.#place = newest;
      if (isNew) for (const wake of this.#wakes) wake();
      this.#looks += 1;
      if (this.#looks % PRUNE_EVERY === 0) await pruneChanges(work(this.#deps.engine), KEEP);
    } catch (error) {
      this.#deps.log.warn({ error }, 'the live feed has to wait');
    } finally {
      this.#isLooking = false;
    }
  };

  /** Calls back whenever there may be something new. Returns how to stop. */
  onChange(wake: () => void): () => void {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }
}

/** The changes after a place that somebody may know of, and where the reading stands. */
export async function changesFor(
  deps: ServerDeps,
  who: Principal,
  after: ChangePlace,
): Promise<{ readonly changes: readonly Change[]; readonly place: ChangePlace; readonly hasMore: boolean }> {
  const rows = await asParty(deps.portal, who, (em) => changesAfter(em, after, BATCH));
  const last = rows.at(-1);
  const told = who.capacity === Capacity.seller ? new Set(await toldToSeller(work(deps.engine), who.id)) : undefined;
  const changes = told === undefined ? rows : rows.filter(({ aggregate }) => told.has(aggregate));
  return { changes, place: last === undefined ? after : { xid: last.xid, id: last.id }, hasMore: rows.length === BATCH };
}

/** `123-45`: a place as an event's id. */
export function placeText({ xid, id }: ChangePlace): string {
  return `${xid}-${id}`;
}

/** Reads a place; undefined for what is none. */
export function readPlace(text: string): ChangePlace | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  return match === null ? undefined : { xid: Number(match[1]), id: Number(match[2]) };
}
