import { Capacity } from '../../domain/aggregate.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { type CommandResult, InboxRow } from '../../store/schema/entities/log.ts';
import { OrganisationRow, PersonRow } from '../../store/schema/entities/register.ts';
import { type Acceptance, acceptMessage } from '../../store/log/inbox.ts';
import { advance, type Advanced } from '../../store/log/advance.ts';
import { type Opened, type Opening, openCases, salt } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import type { TestDatabase } from '../support/database.ts';

export const VERSION = 'a'.repeat(64);

/** What a sweep wants opened: listing `m:1` of seller `S-1`, holder `org-a`. */
export function anOpening(overrides: Partial<Opening> = {}): Opening {
  return {
    origin: 'detection',
    marketplace: 'm',
    market: 'DE',
    listing: 'm:1',
    version: VERSION,
    holder: 'org-a',
    rights: ['R1'],
    seller: 'S-1',
    riskClass: 'standard',
    findings: [{ detector: 'mark-use', version: 1, score: 0.9, reasons: ['the title uses the mark'] }],
    capture: { digest: 'sha256:00' },
    calendar: { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' },
    ...overrides,
  };
}

/** Two brands with a reviewer each, and an officer. */
export async function writePeople({ store }: TestDatabase): Promise<void> {
  const em = work(store);
  for (const id of ['org-a', 'org-b']) {
    await em.insert(OrganisationRow, { id, name: id, kind: 'rights-holder' });
    await em.insert(PersonRow, { id: `reviewer:${id}`, name: id, role: 'brand-reviewer', organisations: [id], duty: [] });
  }
  await em.insert(PersonRow, { id: 'officer', name: 'O', role: 'governance-officer', organisations: [], duty: [] });
}

/** Opens one case. */
export async function open({ context }: TestDatabase, overrides: Partial<Opening> = {}): Promise<AggregateId> {
  const [opened] = await openCases(context, [anOpening(overrides)]);
  return idOf(opened);
}

/** Opens one case whose seller is not known. */
export async function openWithoutSeller({ context }: TestDatabase, overrides: Partial<Opening> = {}): Promise<AggregateId> {
  const { seller: _, ...rest } = anOpening(overrides);
  const [opened] = await openCases(context, [rest]);
  return idOf(opened);
}

export function idOf(opened: Opened | undefined): AggregateId {
  if (opened === undefined || opened.as === 'refused') throw new Error('nothing was opened');
  return opened.id;
}

/** Who sends a message: capacity, and the clear id behind the salted one. */
export interface Sending {
  readonly capacity: Capacity;
  readonly person?: string;
  readonly organisation?: string;
}

export const OFFICER: Sending = { capacity: Capacity.governance, person: 'officer' };
export const SELLER: Sending = { capacity: Capacity.seller, person: 'S-1' };
export const reviewer = (organisation: string): Sending => ({ capacity: Capacity.rightsHolder, person: `reviewer:${organisation}`, organisation });

/** Accepts a message inside the caller's transaction; `hidden` values are salted. */
export async function acceptIn(
  em: Manager,
  db: Pick<TestDatabase, 'clock'>,
  to: AggregateId,
  id: string,
  content: Readonly<Record<string, unknown>>,
  from: Sending = reviewer('org-a'),
  hidden: Readonly<Record<string, string>> = {},
): Promise<Acceptance> {
  const { person, ...rest } = from;
  const who = person === undefined ? undefined : salt(person);
  const salted = Object.entries(hidden).map(([key, value]) => ({ key, ...salt(value) }));
  return acceptMessage(em, db.clock, {
    id,
    aggregate: to,
    sender: from.capacity,
    fingerprint: id.padEnd(64, '0').slice(0, 64),
    disclosures: [...(who === undefined ? [] : [who.disclosure]), ...salted.map(({ disclosure }) => disclosure)],
    content: {
      by: { ...rest, ...(who !== undefined && { person: who.salted }) },
      ...content,
      ...Object.fromEntries(salted.map(({ key, salted: digest }) => [key, digest])),
    },
  });
}

/** Accepts a message, as an entry point does. */
export function accept(db: TestDatabase, ...message: TailOf<Parameters<typeof acceptIn>>): Promise<Acceptance> {
  return work(db.store).transactional((em) => acceptIn(em as Manager, db, ...message));
}
type TailOf<T extends readonly unknown[]> = T extends readonly [unknown, unknown, ...infer Tail] ? Tail : never;

const REASON = { counterfeit: 'packaging', genuine: 'checked', unauthorised: 'not-authorised-here' } as const;

/** What a brand answers. */
export function verdict(verdict: keyof typeof REASON): Readonly<Record<string, unknown>> {
  return { kind: 'recordVerdict', verdict, reasonCode: REASON[verdict], basis: 'image' };
}

export async function answerTo({ store }: TestDatabase, id: string): Promise<CommandResult | undefined> {
  const row = await work(store).findOneOrFail(InboxRow, { id });
  return row.answer ?? undefined;
}

/** Advances from what the caller saw last; 0 = nothing. */
export function move(db: TestDatabase, id: AggregateId, n = 0): Promise<Advanced> {
  return advance(db.context, { id, n });
}

/** Gives the outcome of the one effect that is owed now. */
export async function settle(db: TestDatabase, id: AggregateId, result: 'removed' | 'restored' = 'removed', version = VERSION): Promise<Advanced> {
  const { standing } = await move(db, id);
  const [owed] = standing.owes;
  if (owed === undefined) throw new Error(`${id} owes nothing`);
  const done = result === 'removed' ? { kind: result, at: db.clock.now(), version, orders: 3 } : { kind: result };
  return advance(db.context, { id, n: standing.n, outcomes: [{ key: owed.key, try: owed.try, result: done }] });
}

/** A case that the brand confirmed and the marketplace took down: sealed. */
export async function sealedCase(db: TestDatabase, overrides: Partial<Opening> = {}): Promise<AggregateId> {
  const id = await open(db, overrides);
  const opening = anOpening(overrides);
  db.clock.pass(60_000);
  await accept(db, id, `confirm:${id}`, verdict('counterfeit'), reviewer(opening.holder));
  await move(db, id);
  db.clock.pass(60_000);
  await settle(db, id, 'removed', opening.version);
  return id;
}

/** Asks until the answer is yes; a tenth of a minute at most. */
export async function until(ask: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 6_000;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
