import type { Effect, Event } from '../../domain/aggregate.ts';
import { type AggregateId, type AggregateKind, kindOf } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { inTodaysNames } from '../../domain/earlier-names.ts';
import { rulesOf } from '../../domain/registry.ts';
import { DeliveryFactRow, OutboxRow } from '../schema/entities/outbox.ts';
import { AggregateRow, DecisionRow, InboxRow, SealRow } from '../schema/entities/log.ts';
import { LedgerRow, PartyRow } from '../schema/entities/projections.ts';
import type { Manager } from '../connection/orm.ts';
import { organisationNamed } from '../register/people.ts';

export interface CaseFilter {
  readonly kind?: AggregateKind;
  readonly status?: string;
  readonly holder?: string;
  readonly seller?: string;
  readonly marketplace?: string;
  readonly listing?: string;
  readonly dueBefore?: string;
  readonly limit?: number;
  /** Id of the last row of the page before. */
  readonly after?: string;
}

/** One line of a list of cases or appeals. */
export interface CaseLine {
  readonly id: string;
  readonly status: string;
  readonly marketplace: string;
  readonly listing: string;
  readonly holder: string;
  readonly openedAt: string;
  readonly due: string | null;
  readonly dueRule: string | null;
  /** The deadline was counted beyond the published holidays. */
  readonly dueProvisional?: true;
  readonly about: string | null;
}

function provisionalDue({ id, state }: { readonly id: string; readonly state: unknown }): Pick<CaseLine, 'dueProvisional'> {
  // The log writes no other ids, and states that its rules have made.
  const due = rulesOf(kindOf(id as AggregateId)).deadline(state);
  return due?.provisional === true ? { dueProvisional: true } : {};
}

/** Cases or appeals by filter, earliest deadline first, then by id. */
export async function listCases(em: Manager, filter: CaseFilter): Promise<readonly CaseLine[]> {
  const { kind = 'case', status, holder, seller, marketplace, listing, dueBefore, limit = 200, after } = filter;
  const ofSeller = seller === undefined ? undefined : await em.find(PartyRow, { organisation: seller, capacity: 'seller' });
  const rows = await em.find(
    AggregateRow,
    {
      kind,
      ...(status !== undefined && { status }),
      ...(holder !== undefined && { holder: await organisationNamed(em, holder) }),
      ...(marketplace !== undefined && { marketplace }),
      ...(listing !== undefined && { listing }),
      ...(dueBefore !== undefined && { due: { $lt: dueBefore } }),
      ...(ofSeller !== undefined && { id: { $in: ofSeller.map((party) => party.aggregate) } }),
      ...(after !== undefined && { id: { $gt: after } }),
    },
    { orderBy: after === undefined ? { due: 'asc nulls last', id: 'asc' } : { id: 'asc' }, limit },
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    marketplace: row.marketplace,
    listing: row.listing,
    holder: row.holder,
    openedAt: row.openedAt,
    due: row.due ?? null,
    dueRule: row.dueRule ?? null,
    ...provisionalDue(row),
    about: row.about ?? null,
  }));
}

/** One decision of a timeline. */
export interface TimelineEntry {
  readonly n: number;
  readonly at: string;
  readonly by: string;
  readonly command: string;
  readonly events: readonly Event[];
  readonly refused?: Refusal;
}

/** A case or appeal with everything that happened to it. */
export interface CaseView extends CaseLine {
  readonly kind: string;
  readonly isFinal: boolean;
  readonly owes: readonly Effect[];
  readonly seal: { readonly sequence: number; readonly root: string; readonly at: string } | null;
  readonly timeline: readonly TimelineEntry[];
  readonly letters: readonly NotificationLine[];
  readonly ledger: readonly { readonly points: number; readonly countsFrom: string | null; readonly expiresAt: string; readonly voided: boolean }[];
  readonly appeals: readonly CaseLine[];
}

/** An outbox message and what came in about its mail: returned, put off, read by a machine, replied to. */
export interface NotificationLine {
  readonly kind: string;
  readonly dueAt: string;
  readonly state: string;
  readonly settledAt: string | null;
  readonly heard: readonly Heard[];
}

/** What came in about a mail. `address`: where it ended after it was passed on; `words`: what a mail host wrote that only a person can read. */
export interface Heard {
  readonly at: string;
  readonly fact: string;
  readonly status: string;
  readonly address?: string;
  readonly words?: string;
}

function heardOf({ at, fact, status, address, words }: DeliveryFactRow): Heard {
  return { at, fact, status, ...(address != null && { address }), ...(words != null && { words }) };
}

/** The case or appeal of that id; undefined when there is none. */
export async function readCase(em: Manager, id: string): Promise<CaseView | undefined> {
  const row = await em.findOne(AggregateRow, { id });
  if (row === null) return undefined;
  const decisions = await em.find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } });
  const letters = await em.find(OutboxRow, { aggregate: id }, { orderBy: { dueAt: 'asc', id: 'asc' } });
  const marks = letters.flatMap(({ mark }) => mark ?? []);
  const heard = await em.find(DeliveryFactRow, { mark: { $in: marks } }, { orderBy: { at: 'asc', id: 'asc' } });
  const ledger = await em.find(LedgerRow, { listing: row.listing, holder: row.holder, marketplace: row.marketplace });
  const seal = await em.findOne(SealRow, { aggregate: id });
  const appeals = await em.find(AggregateRow, { about: id }, { orderBy: { openedAt: 'asc', id: 'asc' } });
  return {
    ...lineOf(row),
    kind: row.kind,
    isFinal: row.isFinal,
    owes: row.owes,
    seal: seal === null ? null : { sequence: seal.sequence, root: seal.root, at: seal.at },
    timeline: decisions
      .map(({ envelope: recorded }) => inTodaysNames(recorded))
      .map((envelope) => ({
        n: envelope.n,
        at: envelope.at,
        by: envelope.command.by.capacity,
        command: envelope.command.kind,
        events: 'events' in envelope.outcome ? envelope.outcome.events : [],
        ...('refused' in envelope.outcome && { refused: envelope.outcome.refused }),
      })),
    letters: letters.map(({ kind, dueAt, state, settledAt, mark }) => ({
      kind,
      dueAt,
      state,
      settledAt: settledAt ?? null,
      heard: heard.filter((one) => one.mark === mark).map(heardOf),
    })),
    ledger: ledger.map(({ points, countsFrom, expiresAt, voidedBy }) => ({
      points,
      countsFrom: countsFrom ?? null,
      expiresAt,
      voided: voidedBy != null,
    })),
    appeals: appeals.map(lineOf),
  };
}

/** What an operator wants to see first. */
export interface Load {
  readonly cases: Readonly<Record<string, number>>;
  readonly appeals: Readonly<Record<string, number>>;
  readonly sanctions: Readonly<Record<string, number>>;
  readonly referrals: Readonly<Record<string, number>>;
  readonly unread: number;
  readonly lettersWaiting: number;
  readonly overdue: number;
  readonly archive: ArchiveLag;
}

/** Sealed chains that are not in the vault yet, and since when the first of them is sealed. */
export interface ArchiveLag {
  readonly waiting: number;
  readonly since: string | null;
}

/** Cases, appeals, sanctions and referrals by status, what waits, what is overdue at `now`. */
export async function readLoad(em: Manager, now: string): Promise<Load> {
  const counts = await em.execute<{ kind: string; status: string; n: number }[]>(
    'select kind, status, count(*)::int as n from aggregate group by kind, status order by kind, status',
  );
  const of = (kind: string) => Object.fromEntries(counts.filter((row) => row.kind === kind).map((row) => [row.status, row.n]));
  return {
    cases: of('case'),
    appeals: of('appeal'),
    sanctions: of('sanction'),
    referrals: of('referral'),
    unread: await em.count(InboxRow, { answer: null }),
    lettersWaiting: await em.count(OutboxRow, { state: { $in: ['waiting', 'sending'] }, dueAt: { $lte: now } }),
    overdue: await em.count(AggregateRow, { isFinal: false, due: { $lt: now } }),
    archive: await readArchiveLag(em),
  };
}

/** How far the archive is behind what is sealed. */
export async function readArchiveLag(em: Manager): Promise<ArchiveLag> {
  const [lag] = await em.execute<ArchiveLag[]>('select count(*)::int as waiting, min(at) as since from seal where not exported');
  return lag ?? { waiting: 0, since: null };
}

function lineOf(row: AggregateRow): CaseLine {
  const { id, status, marketplace, listing, holder, openedAt, due, dueRule, about } = row;
  return {
    id,
    status,
    marketplace,
    listing,
    holder,
    openedAt,
    due: due ?? null,
    dueRule: dueRule ?? null,
    ...provisionalDue(row),
    about: about ?? null,
  };
}
