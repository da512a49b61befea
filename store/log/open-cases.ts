import { randomBytes } from 'node:crypto';
import { CalendarError } from '../../calendars/errors.ts';
import { validateCalendar } from '../../calendars/resolve-duration.ts';
import type { PartyRef } from '../../domain/aggregate.ts';
import { Capacity } from '../../domain/aggregate.ts';
import type { CaseCommand, FindingRef, OpenCase, RiskClass } from '../../domain/case/model.ts';
import { caseRules } from '../../domain/case/rules.ts';
import { AggregateKind, type AggregateId, aggregateId, caseKey } from '../../domain/ids.ts';
import type { CalendarRef, Instant } from '../../domain/instant.ts';
import { type Disclosure, disclose, type Salted } from '../../domain/salted.ts';
import { sha256Hex } from '../../domain/canonical.ts';
import type { Chain } from './chain-model.ts';
import { decideOn, newChain, saveChain } from './chain.ts';
import { AggregateRow, type CommandResult } from '../schema/entities/log.ts';
import { ReporterRow } from '../schema/entities/projections.ts';
import { acceptMessage } from './inbox.ts';
import { answerRow } from './advance.ts';
import type { LogContext } from './context.ts';
import { lockAggregate, lockOpening } from './locks.ts';
import { type Manager, work } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** What a sweep or an officer wants opened; the capture is made before. */
export interface Opening {
  readonly origin: OpenCase['origin'];
  readonly marketplace: string;
  readonly market: string;
  readonly listing: string;
  readonly version: string;
  readonly holder: string;
  readonly rights: readonly string[];
  /** Clear seller id: salted here. */
  readonly seller?: string;
  readonly riskClass: RiskClass;
  readonly findings: readonly FindingRef[];
  readonly capture: OpenCase['capture'];
  readonly calendar: CalendarRef;
  readonly linkedTo?: AggregateId;
  /** The officer's message, answered in the opening's transaction. */
  readonly message?: { readonly id: string; readonly at: Instant; readonly by: PartyRef; readonly note?: OpenCase['note'] };
}

export type Opened = { readonly id: AggregateId; readonly as: 'opened' | 'known' | 'joined' | 'refused' };

/** A salted reference to a clear value, with a fresh 128-bit salt. */
export function salt(value: string): { salted: { readonly '...': string }; disclosure: Disclosure } {
  return disclose(randomBytes(16).toString('base64url'), value);
}

/**
 * Opens cases, all or none, in one transaction: each is one decision under its natural key. A key that is known gives the live
 * case; a new version of a listing with an open case joins that case as a message.
 */
export async function openCases(context: LogContext, openings: readonly Opening[]): Promise<readonly Opened[]> {
  return work(context.store).transactional(async (em) => {
    const opened: Opened[] = [];
    // One order for everybody: two sweeps that meet wait for each other instead of deadlocking.
    const ordered = [...openings].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    for (const opening of ordered) opened.push(await openOne(em as Manager, context, opening));
    return openings.map((opening) => opened[ordered.indexOf(opening)] as Opened);
  });
}

function keyOf({ marketplace, listing, holder, version }: Opening): string {
  return caseKey(marketplace, listing, holder, version);
}

async function openOne(em: Manager, context: LogContext, opening: Opening): Promise<Opened> {
  const { marketplace, listing, holder } = opening;
  // Two versions found at the same moment have two keys: without the lock each would miss the other's open case.
  await lockOpening(em, marketplace, listing, holder);
  const [found] = await statement<{ adopted: string | null; known: AggregateId | null; live: AggregateId | null }>(em, KNOWN_OR_LIVE, [
    keyOf(opening),
    marketplace,
    listing,
    holder,
  ]);
  // A sweep may have looked at the register before an owner turned out to be an organisation.
  if (found?.adopted != null) return openOne(em, context, { ...opening, holder: found.adopted });
  if (found?.known != null) return answerKnown(em, context, opening, found.known);
  if (found?.live != null) return join(em, context, opening, found.live);
  const id = aggregateId(AggregateKind.case, randomBytes(16).toString('hex'));
  const salted = opening.seller === undefined ? undefined : salt(opening.seller);
  const chain = newChain(em, id, [keyOf(opening)], salted && [salted.disclosure]);
  const { digest: policy } = await context.policies.current(em, context.clock.now());
  const answer = await decideOpening(em, context, chain, commandOf(context, opening, policy, salted?.salted));
  if (answer.kind !== 'done') {
    await answerMessage(em, context, opening, answer);
    return { id, as: 'refused' };
  }
  if (opening.message !== undefined) chain.answers.push({ id: opening.message.id, answer, at: context.clock.now() });
  await saveChain(em, chain);
  await writeReporter(em, opening, id);
  return { id, as: 'opened' };
}

const KNOWN_OR_LIVE = `select
  (select adopted_by from organisation where id = $4) as adopted,
  (select aggregate from natural_key where key = $1) as known,
  (select id from aggregate where kind = '${AggregateKind.case}' and marketplace = $2 and listing = $3 and holder = $4 and not is_final limit 1) as live`;

/** A calendar on which nothing can be counted is refused with its cure, and nothing is opened: a clock is never guessed. */
async function decideOpening(em: Manager, context: LogContext, chain: Chain, opening: CaseCommand): Promise<CommandResult> {
  try {
    if (opening.kind === 'openCase') validateCalendar(opening.calendar);
    return await decideOn(em, context, chain, opening);
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    return { kind: 'refused', code: error.problem, message: error.message, cure: error.cure };
  }
}

function commandOf(context: LogContext, opening: Opening, policy: string, seller: Salted | undefined): CaseCommand {
  const { message, seller: _, ...rest } = opening;
  return {
    ...rest,
    kind: 'openCase',
    id: message?.id ?? `detection:${sha256Hex(keyOf(opening))}`,
    at: message?.at ?? context.clock.now(),
    by: message?.by ?? { capacity: Capacity.detector },
    policy,
    ...(seller !== undefined && { seller }),
    ...(message?.note !== undefined && { note: message.note }),
  };
}

async function answerKnown(em: Manager, context: LogContext, opening: Opening, id: AggregateId): Promise<Opened> {
  await answerMessage(em, context, opening, { kind: 'done', aggregate: id, n: 1, events: [] });
  return { id, as: 'known' };
}

async function answerMessage(em: Manager, context: LogContext, opening: Opening, answer: CommandResult): Promise<void> {
  if (opening.message !== undefined) await answerRow(em, opening.message.id, answer, context.clock.now());
}

async function writeReporter(em: Manager, opening: Opening, aggregate: AggregateId): Promise<void> {
  const person = opening.message?.by.person;
  if (person !== undefined) await em.insert(ReporterRow, { aggregate, digest: person['...'], capacity: opening.message?.by.capacity ?? '' });
}

/** The new version becomes another natural key of the open case, which is told by a message. */
async function join(em: Manager, context: LogContext, opening: Opening, id: AggregateId): Promise<Opened> {
  await lockAggregate(em, id);
  const row = await em.findOneOrFail(AggregateRow, { id }, { fields: ['status'] });
  if (!caseRules.handlers.joinVersion.in.includes(row.status)) return answerKnown(em, context, opening, id);
  await em.execute('insert into natural_key (key, aggregate) values (?, ?) on conflict do nothing', [keyOf(opening), id]);
  const capture = 'digest' in opening.capture ? { capture: opening.capture.digest } : {};
  const content = { by: { capacity: Capacity.detector }, kind: 'joinVersion', version: opening.version, ...capture };
  const fingerprint = sha256Hex(keyOf(opening));
  await acceptMessage(em, context.clock, { id: `join:${fingerprint}`, aggregate: id, sender: 'sweep', content, fingerprint });
  await answerMessage(em, context, opening, { kind: 'done', aggregate: id, n: 1, events: [] });
  return { id, as: 'joined' };
}
