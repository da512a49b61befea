import { useSyncExternalStore } from 'react';
import { ApiProblem, freshId, sendAndFollow, Unreachable } from './client.ts';

/** An answer between the key that gave it and the log that decided it. */
export interface Outgoing {
  readonly messageId: string;
  readonly aggregate: string;
  readonly title: string;
  readonly verdict: string;
  readonly path: string;
  readonly body: unknown;
  /** Machine time at which it is sent; until then it can be taken back. */
  readonly sendAt: number;
  readonly state: 'held' | 'sending' | 'offline' | 'pending' | 'done' | 'refused' | 'fault';
  readonly refused?: { readonly code: string; readonly message: string; readonly cure: string };
  /** Of a fault: what to quote. */
  readonly faultId?: string;
}

export type Draft = Pick<Outgoing, 'aggregate' | 'title' | 'verdict' | 'path' | 'body'>;

/** How long an answer can be taken back, in milliseconds (portal.md). */
export const UNDO_MS = 10_000;
const RETRY_MS = 5_000;
const KEPT_AS = 'interdict.outbox';

/**
 * Answers on their way. They are kept in the tab's own store: a reload, or a server that does not answer, loses none, and the
 * message id makes a second sending harmless.
 */
export class Outbox {
  #entries: readonly Outgoing[] = restored();
  readonly #watchers = new Set<() => void>();
  #isOpen = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    addEventListener('online', () => this.#flush(true));
    addEventListener('pagehide', () => this.sendNow());
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly entries = (): readonly Outgoing[] => this.#entries;

  add(drafts: readonly Draft[], now = Date.now()): void {
    const held = drafts.map((draft): Outgoing => ({ ...draft, messageId: freshId(), sendAt: now + UNDO_MS, state: 'held' }));
    this.#set([...this.#entries, ...held]);
  }

  /** Takes back what was given last, one answer or all of a selection, if it has not been sent; says which. */
  undo(): readonly Outgoing[] {
    const last = this.#entries.findLast(({ state }) => state === 'held');
    const back = this.#entries.filter(({ state, sendAt }) => state === 'held' && sendAt === last?.sendAt);
    if (back.length > 0) this.#set(this.#entries.filter((entry) => !back.includes(entry)));
    return back;
  }

  /** Begins to send; before that nobody is signed in. */
  open(): void {
    this.#isOpen = true;
    this.#arm();
  }

  dismiss(messageId: string): void {
    this.#set(this.#entries.filter((entry) => entry.messageId !== messageId));
  }

  /** Sends what failed here again, under its id: had it arrived, it counts once. */
  again(messageId: string): void {
    this.#change(messageId, { state: 'offline', sendAt: Date.now() });
  }

  /** Sends what is held without waiting: the page is being left. */
  sendNow(): void {
    this.#flush(true);
  }

  #set(entries: readonly Outgoing[]): void {
    this.#entries = entries;
    sessionStorage.setItem(KEPT_AS, JSON.stringify(entries.filter(({ state }) => state !== 'done' && state !== 'refused')));
    for (const watcher of this.#watchers) watcher();
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.#entries.filter(isToSend).map(({ sendAt }) => sendAt));
    if (this.#isOpen && Number.isFinite(next)) this.#timer = setTimeout(() => this.#flush(false), Math.max(0, next - Date.now()));
  }

  #flush(all: boolean): void {
    if (!this.#isOpen) return;
    const now = Date.now();
    for (const entry of this.#entries.filter(isToSend)) if (all || entry.sendAt <= now) void this.#send(entry);
  }

  async #send(entry: Outgoing): Promise<void> {
    this.#change(entry.messageId, { state: 'sending' });
    try {
      await sendAndFollow(entry.path, entry.body, entry.messageId, () => this.#change(entry.messageId, { state: 'pending' }));
      this.#change(entry.messageId, { state: 'done' });
    } catch (error) {
      this.#change(entry.messageId, afterFailure(error));
    }
  }

  #change(messageId: string, change: Partial<Outgoing>): void {
    this.#set(this.#entries.map((entry) => (entry.messageId === messageId ? { ...entry, ...change } : entry)));
  }
}

function isToSend({ state }: Outgoing): boolean {
  return state === 'held' || state === 'offline';
}

/** What never arrived is sent again under the same id; what was refused is told; what failed here waits for the reviewer's word. */
function afterFailure(error: unknown): Partial<Outgoing> {
  if (error instanceof ApiProblem && error.code === 'fault') {
    const { code, message, cure, id } = error;
    return { state: 'fault', refused: { code, message, cure }, faultId: id };
  }
  const isPassing = error instanceof Unreachable || (error instanceof ApiProblem && (error.status === 429 || error.status >= 500));
  if (isPassing) return { state: 'offline', sendAt: Date.now() + RETRY_MS };
  if (!(error instanceof ApiProblem)) throw error;
  return { state: 'refused', refused: { code: error.code, message: error.message, cure: error.cure } };
}

function restored(): readonly Outgoing[] {
  const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '[]') as readonly Outgoing[];
  // What was under way when the page went is not known to have arrived: it is sent again under its id.
  return kept.map((entry) => (entry.state === 'sending' || entry.state === 'pending' ? { ...entry, state: 'offline' } : entry));
}

/** Refusals after which the case waits for nobody here: somebody else was first. */
const GONE: readonly string[] = ['already-answered', 'answered-meanwhile', 'is-final', 'not-now', 'not-found'];

/** Whether an answer leaves nothing to do on its case. */
export function settles({ state, refused }: Outgoing): boolean {
  if (state === 'fault') return false;
  return state !== 'refused' || (refused !== undefined && GONE.includes(refused.code));
}

export const outbox = new Outbox();

/** The answers on their way, as they change. */
export function useOutbox(): readonly Outgoing[] {
  return useSyncExternalStore(outbox.subscribe, outbox.entries);
}
