import { Capacity, type Event } from '../../domain/aggregate.ts';
import { kindOf } from '../../domain/ids.ts';
import type { Decision } from '../../domain/decision.ts';
import { seenBySeller } from '../../domain/seen-by-seller.ts';
import { isSalted, type Salted } from '../../domain/salted.ts';
import { saltedDigests } from '../../store/log/disclosures.ts';
import { eventValues } from '../../texts/events.ts';
import { commandWords, eventInBrief, instantWords, policyValues, whoWords } from '../../verifier/words.ts';
import type { Principal } from '../identity.ts';
import type { Happening, TimelineEntry } from '../schemas/case.ts';

type Logged = { readonly decision: Decision; readonly hash: string };
type Clear = ReadonlyMap<string, string>;

/** What of the salted values somebody may read: staff all, a brand its own people's words and the seller, a seller its own. */
export function clearFor(who: Principal, decisions: readonly Logged[], all: Clear, seller: unknown): Clear {
  if (who.seenAs === Capacity.governance || who.seenAs === Capacity.auditor) return all;
  const own = decisions.flatMap(({ decision: { command } }) => {
    const isOwn = command.by.capacity === who.capacity && (who.capacity === Capacity.seller || isOf(who, command.by.organisation));
    return isOwn ? saltedDigests(command) : [];
  });
  // The other side of a dispute reads what it has to answer.
  const contested = decisions.flatMap(({ decision: { command } }) => ('statement' in command ? saltedDigests(command.statement) : []));
  const allowed = new Set([...own, ...contested, ...(isSalted(seller) ? [seller['...']] : [])]);
  return new Map([...all].filter(([digest]) => allowed.has(digest)));
}

function isOf(who: Principal, organisation: string | undefined): boolean {
  return organisation !== undefined && who.organisations.includes(organisation);
}

/** The decisions in words, as far as the reader may know them. */
export function timelineFor(who: Principal, decisions: readonly Logged[], clear: Clear, document: unknown): TimelineEntry[] {
  if (who.capacity === Capacity.seller) return decisions.flatMap(({ decision }) => forSeller(decision, clear));
  return decisions.map(({ decision, hash }) => ({
    ...head(decision),
    who: whoWords(decision.command.by, clear),
    organisation: decision.command.by.organisation ?? null,
    person: clearOf(decision.command.by.person, clear),
    said: commandWords(kindOf(decision.aggregate), decision.command, clear),
    events: eventsOf(decision).map((event) => happeningOf(event, clear)),
    refused: 'refused' in decision.outcome ? decision.outcome.refused : null,
    policy: policyValues(decision, document).map(({ path, value, source }) => ({ path, value, source: source ?? null })),
    instants: Object.values(decision.facts.instants).map((fact) => instantWords(fact, clear)),
    rules: decision.rules,
    hash,
  }));
}

/** An event for somebody: its sentence in English, and what the sentence names as far as they may read it. */
export function happeningOf(event: Event, clear: Clear): Happening {
  const values = Object.entries(eventValues(event)).map(([name, value]) => [name, isSalted(value) ? (clearOf(value, clear) ?? WITHHELD) : value]);
  return { type: event.type, words: eventInBrief(event, clear), values: Object.fromEntries(values) };
}

/** Whoever may not read a value learns nothing of it, not even its digest. */
const WITHHELD: Salted = { '...': '' };

function clearOf(salted: Salted | undefined, clear: Clear): string | null {
  return salted === undefined ? null : (clear.get(salted['...']) ?? null);
}

/** Its own messages, and what happened to its listing, points or shop: nothing of the rest. */
function forSeller(decision: Decision, clear: Clear): TimelineEntry[] {
  const { command, outcome } = decision;
  const isOwn = command.by.capacity === Capacity.seller;
  const events = eventsOf(decision).flatMap((event) => seenBySeller(event) ?? []);
  if (!isOwn && events.length === 0) return [];
  return [
    {
      ...head(decision),
      by: isOwn ? Capacity.seller : Capacity.engine,
      command: isOwn ? command.kind : '',
      who: isOwn ? 'you' : 'the marketplace',
      organisation: null,
      person: null,
      said: isOwn ? ownWords(command, clear) : '',
      // What `seenBySeller` leaves is an event without its cause, which words do not need.
      events: events.map((event) => happeningOf(event as Event, clear)),
      refused: isOwn && 'refused' in outcome ? outcome.refused : null,
      policy: [],
      instants: [],
      rules: null,
      hash: null,
    },
  ];
}

/** What the seller wrote; the rest of its message is what the platform knew already. */
function ownWords(command: Decision['command'], clear: Clear): string {
  if (!('statement' in command) || !isSalted(command.statement)) return '';
  return clear.get(command.statement['...']) ?? '';
}

function head({ n, at, command }: Decision) {
  return { n, at, by: command.by.capacity as string, command: command.kind };
}

function eventsOf({ outcome }: Decision): readonly Event[] {
  return 'events' in outcome ? outcome.events : [];
}
