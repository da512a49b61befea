import type { AppealEvent } from '../appeal/model.ts';
import type { VerdictDetails, CaseEvent, FindingRef } from '../case/model.ts';
import { eventInTodaysNames } from '../earlier-names.ts';
import { type ChainRecord, chainsOf, type HistoryFile, type Seal } from '../history-file.ts';
import type { Instant } from '../instant.ts';

/** An event with the decision that recorded it. */
interface Recorded<E> {
  readonly aggregate: string;
  readonly n: number;
  readonly at: Instant;
  readonly hash: string;
  readonly event: E;
}

/** What a case comes to, read from its recorded events alone. */
export interface CaseOutline {
  readonly id: string;
  readonly marketplace: string;
  readonly market: string;
  readonly listing: string;
  readonly openedAt: Instant;
  readonly findings: readonly FindingRef[];
  readonly rights: readonly string[];
  /** The digest that stands for the seller's account. */
  readonly seller?: string;
  readonly captures: readonly { readonly digest: string; readonly version: string; readonly at: Instant; readonly n: number }[];
  readonly answer?: VerdictDetails & { readonly at: Instant };
  readonly removedAt?: Instant;
  /** Completed orders when the listing came down, as the marketplace counted them. */
  readonly orders?: number;
  readonly ended?: string;
  readonly seal: Seal | null;
  readonly appeals: readonly { readonly id: string; readonly kind: string; readonly ended?: string }[];
}

/** Outline of a case; of a history that is no case's, of an aggregate that says nothing. */
export function outlineOf(file: HistoryFile): CaseOutline {
  // The log of a case holds events of cases only: `verify` and replay check what this reads.
  const events = eventsOf<CaseEvent>(file);
  const of = <T extends CaseEvent['type']>(type: T) =>
    events.flatMap(({ event, ...place }) => (event.type === type ? [{ ...place, event: event as Extract<CaseEvent, { type: T }> }] : []));
  const opened = of('CaseOpened')[0]?.event;
  const seller = of('SellerIdentified').at(-1)?.event.seller ?? opened?.seller;
  const answers = events.flatMap(({ event }) => (event.type === 'VerdictGiven' || event.type === 'VerdictCorrected' ? [event] : []));
  const { verdict, reasonCode, basis, at: answeredAt } = answers.at(-1) ?? {};
  const removed = of('ListingRemoved').at(-1)?.event;
  const ended = of('CaseSealed')[0]?.event.as;
  return {
    id: file.aggregate,
    marketplace: opened?.marketplace ?? '',
    market: opened?.market ?? '',
    listing: opened?.listing ?? '',
    openedAt: opened?.at ?? file.exportedAt,
    findings: opened?.findings ?? [],
    rights: opened?.rights ?? [],
    captures: capturesOf(events),
    seal: file.seal,
    appeals: file.appeals.map(appealOutline),
    ...(seller !== undefined && { seller: seller['...'] }),
    ...(verdict !== undefined &&
      reasonCode !== undefined &&
      basis !== undefined &&
      answeredAt !== undefined && { answer: { verdict, reasonCode, basis, at: answeredAt } }),
    ...(removed !== undefined && { removedAt: removed.at, ...(removed.orders !== undefined && { orders: removed.orders }) }),
    ...(ended !== undefined && { ended }),
  };
}

function capturesOf(events: readonly Recorded<CaseEvent>[]): CaseOutline['captures'] {
  const found = new Map<string, CaseOutline['captures'][number]>();
  for (const { event, n, at } of events) {
    const digest = event.type === 'CaptureRecorded' ? event.digest : event.type === 'VersionJoined' ? event.capture : undefined;
    if (digest !== undefined && 'version' in event && !found.has(digest)) found.set(digest, { digest, version: String(event.version), at, n });
  }
  return [...found.values()];
}

function appealOutline(chain: ChainRecord): CaseOutline['appeals'][number] {
  const events = eventsOf<AppealEvent>(chain).map(({ event }) => event);
  const ended = events.find((event) => event.type === 'AppealSealed')?.as;
  const kind = events.find((event) => event.type === 'AppealOpened')?.appeal ?? '';
  return { id: chain.aggregate, kind, ...(ended !== undefined && { ended }) };
}

/** What the ledger was told by a case and its appeals: every event with the hash of the decision that proves it. */
export function ledgerExtract(file: HistoryFile): readonly Recorded<unknown>[] {
  return chainsOf(file).flatMap((chain) => eventsOf(chain).filter(({ event }) => event.type.startsWith('Ledger')));
}

/** The newest instant in a history: what it is as of, whenever it is read. */
export function lastInstant(chains: readonly ChainRecord[]): Instant {
  const instants = chains.flatMap(({ decisions }) => decisions.map(({ decision }) => decision.at));
  return instants.reduce((a, b) => (a > b ? a : b));
}

function eventsOf<E extends { readonly type: string }>(chain: ChainRecord): readonly Recorded<E>[] {
  return chain.decisions.flatMap(({ decision, hash }) => {
    const { aggregate, n, at, outcome } = decision;
    const events = 'events' in outcome ? outcome.events.map(eventInTodaysNames) : [];
    return events.map((event) => ({ aggregate, n, at, hash, event: event as unknown as E }));
  });
}
