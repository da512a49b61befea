/** What a tab is told of the stream; `reset`: something was missed. */
export type Told =
  | { readonly kind: 'open' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'change'; readonly id: string; readonly n: number };

/** The little of an EventSource that is used. */
export interface Source {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: Event) => void): void;
  close(): void;
}

/** EventSource.CLOSED: it does not come back by itself. */
const CLOSED = 2;
/** A stream that was refused (signed out, a server that restarts) is asked for again so often, in milliseconds. */
const RETRY_MS = 15_000;

/**
 * One event stream for everybody who listens. A browser has six connections to one server over plain HTTP, for all its tabs: a stream a
 * tab leaves none for the pages. It is open while somebody listens.
 */
export class LiveHub {
  readonly #open: () => Source;
  readonly #listeners = new Set<(told: Told) => void>();
  #source: Source | undefined;
  #isOpen = false;
  #hasMissed = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** `open` opens the stream. */
  constructor(open: () => Source) {
    this.#open = open;
  }

  /** Tells a listener from now on, at once whether the stream is open. Returns how to stop. */
  join(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener);
    if (this.#isOpen) listener({ kind: 'open' });
    else if (this.#source === undefined || this.#source.readyState === CLOSED) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#hasMissed = false;
      this.#end();
    };
  }

  #begin(): void {
    this.#end();
    const source = this.#open();
    this.#source = source;
    source.addEventListener('open', () => {
      this.#isOpen = true;
      this.#tell({ kind: 'open' });
      // A new stream begins at what is newest: what came meanwhile is not told one by one.
      if (this.#hasMissed) this.#tell({ kind: 'reset' });
      this.#hasMissed = false;
    });
    source.addEventListener('error', () => this.#lost(source));
    source.addEventListener('reset', () => this.#tell({ kind: 'reset' }));
    source.addEventListener('change', (event) => {
      const { id, n } = JSON.parse(event instanceof MessageEvent ? String(event.data) : '{}') as { id: string; n: number };
      this.#tell({ kind: 'change', id, n });
    });
  }

  #lost(source: Source): void {
    if (source !== this.#source) return;
    this.#isOpen = false;
    this.#tell({ kind: 'lost' });
    if (source.readyState !== CLOSED) return;
    this.#hasMissed = true;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#begin(), RETRY_MS);
  }

  #end(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = undefined;
    this.#isOpen = false;
  }

  #tell(told: Told): void {
    for (const listener of this.#listeners) listener(told);
  }
}
