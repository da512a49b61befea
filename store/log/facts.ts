import { type ResolvedDuration, resolveDuration } from '../../calendars/resolve-duration.ts';
import type { Command, FourEyesFact, InstantFact, InstantQuestion, Summary } from '../../domain/aggregate.ts';
import { Capacity } from '../../domain/aggregate.ts';
import type { StandFact } from '../../domain/appeal/questions.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerFact } from '../../domain/ledger/ledger.ts';
import { pointsAt } from '../../domain/ledger/points.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import type { AnyFacts, AnyQuestions } from '../../domain/registry.ts';
import type { Salted } from '../../domain/salted.ts';
import type { VerdictDetails, CaseState } from '../../domain/case/model.ts';
import { actorOf, ledgerOf, openSanctions } from '../register/actors.ts';
import { standOfCase } from './case-after-appeals.ts';
import { disclosed } from './disclosures.ts';
import { AggregateRow } from '../schema/entities/log.ts';
import { OrganisationRow, PersonRow } from '../schema/entities/register.ts';
import { ActorRow, ReporterRow } from '../schema/entities/projections.ts';
import { standingHolder } from '../register/holders.ts';
import { noticesOf } from '../register/holiday-notices.ts';
import { readLinked } from './cases-of-actor.ts';
import { lockActor, lockListing } from './locks.ts';
import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** Which capacity a person's role gives. */
const CAPACITY_OF_ROLE: Readonly<Record<string, Capacity>> = {
  'governance-officer': Capacity.governance,
  'brand-reviewer': Capacity.rightsHolder,
  'account-manager': Capacity.accountManager,
  'compliance-auditor': Capacity.auditor,
  'authority-liaison': Capacity.liaison,
};

/** The capacity of a role, if it has one. */
export function capacityOf(role: string): Capacity | undefined {
  return CAPACITY_OF_ROLE[role];
}

/** Where a question is asked: the aggregate as it stands before the decision. */
export interface Asked {
  readonly summary: Summary;
  readonly caseId: string;
  /** Only looks, for the person `who`: takes no locks, so that the answers may be old when they are used. Never for a decision. */
  readonly peek?: { readonly who: string };
}

/** What an answer is read with. */
interface Reading {
  readonly em: Manager;
  readonly command: Command;
  readonly asked: Asked;
  readonly policy: PolicyValues;
}

type Asking = Required<AnyQuestions>;
type Answers = { readonly [K in keyof Asking]: (reading: Reading, question: Asking[K]) => Promise<Partial<AnyFacts>> };

/**
 * How each question that an aggregate may ask is answered: one that nobody answers does not compile. In the order in which locks are taken:
 * the listing, then the actor.
 */
const ANSWERS: Answers = {
  instants: async ({ em }, questions) => ({ instants: await readInstants(em, questions) }),
  grounds: async (reading, { marketplace, listing }) => ({ otherGrounds: await hasOtherGround(reading, marketplace, listing) }),
  stand: async ({ em, policy }, question) => ({ stand: await readStand(em, question.case, policy) }),
  async mandate({ em, command, asked }, question) {
    const holder = question === true ? asked.summary.holder : question.holder;
    return { mandate: await readMandate(em, command, { ...asked, summary: { ...asked.summary, holder } }) };
  },
  ledger: async ({ em, asked }, question) => ({ ledger: await readLedger(em, question, asked) }),
  async actor({ em, command, asked }, question) {
    const actor = await readActor(em, question, command.at, asked);
    return actor === undefined ? {} : { actor };
  },
  fourEyes: async ({ em, command, asked }, question) => ({ fourEyes: await readFourEyes(em, command, question, asked) }),
  linked: async ({ em, command, asked }, question) => ({ linked: await readLinked(em, question, command.at, asked.caseId) }),
  duty: async ({ em, command }, { holder }) => ({ duty: await readDuty(em, holder, command.at) }),
};
// The keys of an object literal stand in the order in which they are written.
const ORDER = Object.keys(ANSWERS) as readonly (keyof Asking)[];

/** Answers what a rule asks to know, under the locks that make the answers hold until commit. */
export async function readFacts(em: Manager, questions: AnyQuestions, command: Command, asked: Asked, policy: PolicyValues): Promise<AnyFacts> {
  const reading = { em, command, asked, policy };
  const facts: AnyFacts = { policy, instants: {} };
  for (const name of ORDER) Object.assign(facts, await answerTo(name, reading, questions));
  return facts;
}

async function answerTo<K extends keyof Asking>(name: K, reading: Reading, questions: Partial<Asking>): Promise<Partial<AnyFacts>> {
  const question = questions[name];
  return question === undefined ? {} : ANSWERS[name](reading, question);
}

async function readInstants(em: Manager, questions: readonly InstantQuestion[]): Promise<AnyFacts['instants']> {
  const instants: Record<string, InstantFact> = {};
  for (const question of questions) instants[question.name] = await answer(em, question);
  return instants;
}

const OTHER_GROUND = `select exists (select 1 from ground where marketplace = $1 and listing = $2 and "case" <> $3) as held`;

async function hasOtherGround({ em, asked }: Reading, marketplace: string, listing: string): Promise<boolean> {
  if (asked.peek === undefined) await lockListing(em, marketplace, listing);
  const [other] = await statement<{ held: boolean }>(em, OTHER_GROUND, [marketplace, listing, asked.caseId]);
  return other?.held === true;
}

/** No decision stops because nobody has published a calendar yet: the instant is provisional, and recorded as such. */
async function answer(em: Manager, question: InstantQuestion): Promise<InstantFact> {
  const { at, dataVersion: data, provisional } = await countInstant(em, question);
  return { ...question, at, data, ...(provisional && { provisional }) };
}

/** Official notices are asked for only where the shipped data end. */
async function countInstant(em: Manager, { from, after, calendar }: InstantQuestion): Promise<ResolvedDuration> {
  const shipped = resolveDuration(from, after, calendar, { beyond: 'provisional' });
  if (shipped.provisional !== true) return shipped;
  return resolveDuration(from, after, calendar, { beyond: 'provisional', notices: await noticesOf(em, calendar.country) });
}

async function readMandate(em: Manager, command: Command, { summary, peek }: Asked): Promise<'valid' | 'revoked' | 'none'> {
  if (command.by.capacity === Capacity.seller) {
    const who = peek?.who ?? (await disclosed(em, command.by.person));
    return who !== undefined && who === (await disclosed(em, summary.seller)) ? 'valid' : 'none';
  }
  const person = peek === undefined ? await personBehind(em, command.by.person) : await personOf(em, peek.who);
  if (person === undefined || capacityOf(person.role) !== command.by.capacity) return 'none';
  if (command.by.capacity === Capacity.rightsHolder && !(await speaksFor(em, person, summary.holder))) return 'none';
  if (command.by.capacity === Capacity.accountManager && !(await manages(em, person, summary.holder))) return 'none';
  return person.revoked_at !== null && person.revoked_at <= command.at ? 'revoked' : 'valid';
}

interface Mandated {
  readonly id: string;
  readonly role: string;
  readonly organisations: readonly string[];
  readonly revoked_at: string | null;
}

/** Undefined for a person who is not known, or whose name was erased. */
async function personBehind(em: Manager, person: Salted | undefined): Promise<Mandated | undefined> {
  if (person === undefined) return undefined;
  const [row] = await statement<Mandated>(
    em,
    'select p.id, p.role, p.organisations, p.revoked_at from disclosure d join person p on p.id = d.value where d.digest = $1',
    [person['...']],
  );
  return row;
}

async function personOf(em: Manager, id: string): Promise<Mandated | undefined> {
  const [row] = await statement<Mandated>(em, 'select id, role, organisations, revoked_at from person where id = $1', [id]);
  return row;
}

/** For the holder, or for the organisation that the holder turned out to be. */
async function speaksFor(em: Manager, person: Mandated, holder: string): Promise<boolean> {
  return person.organisations.includes(holder) || person.organisations.includes(await standingHolder(em, holder));
}

async function manages(em: Manager, person: Mandated, holder: string): Promise<boolean> {
  if (await speaksFor(em, person, holder)) return true;
  const organisation = await em.findOne(OrganisationRow, { id: await standingHolder(em, holder) });
  return organisation?.accountManager === person.id;
}

/** The account manager on duty for a holder: its own one first, else any that the holder is listed with, else the officer. */
async function readDuty(em: Manager, named: string, at: string): Promise<NonNullable<AnyFacts['duty']>> {
  const holder = await standingHolder(em, named);
  const organisation = await em.findOne(OrganisationRow, { id: holder });
  const managers = await em.find(PersonRow, { role: 'account-manager' }, { orderBy: { id: 'asc' } });
  const onDuty = managers.filter((person) => isOnDuty(person, at));
  const found = onDuty.find((person) => person.id === organisation?.accountManager) ?? onDuty.find((person) => person.organisations.includes(holder));
  return found === undefined ? { capacity: Capacity.governance } : { person: found.id, capacity: Capacity.accountManager };
}

function isOnDuty(person: PersonRow, at: string): boolean {
  if (person.revokedAt != null && person.revokedAt <= at) return false;
  return person.duty.length === 0 || person.duty.some((duty) => duty.from <= at && at < duty.until);
}

/** What was entered for an owner counts for the organisation that the owner turned out to be. */
const LEDGER_ROW = `select voided_by is not null as voided from ledger where seller = $1 and listing = $2
  and (holder = $3 or holder in (select id from organisation where adopted_by = $3)) order by voided_by is not null limit 1`;

async function readLedger(em: Manager, of: NonNullable<AnyQuestions['ledger']>, { peek }: Asked): Promise<LedgerFact> {
  const seller = await disclosed(em, of.seller);
  if (seller === undefined) return 'none';
  if (peek === undefined) await lockActor(em, await actorOf(em, seller));
  const [row] = await statement<{ voided: boolean }>(em, LEDGER_ROW, [seller, of.listing, of.holder]);
  if (row === undefined) return 'none';
  return row.voided ? 'voided' : 'counted';
}

function saidOf({ verdict, perRight }: VerdictDetails): NonNullable<StandFact['latest']> {
  return { verdict, ...(perRight !== undefined && { perRight }) };
}

async function readStand(em: Manager, id: string, policy: PolicyValues): Promise<StandFact> {
  const row = await em.findOneOrFail(AggregateRow, { id }, { fields: ['state'] });
  const { isRestricted, since, latest } = await standOfCase(em, id, row.state as CaseState, policy);
  return { isRestricted, since, ...(latest !== undefined && { latest: saidOf(latest) }) };
}

/** Who opened a case by hand is its reporter. Names are compared in the clear, for each message salts anew; an erased one is nobody's. */
async function readFourEyes(em: Manager, { by }: Command, asked: NonNullable<AnyQuestions['fourEyes']>, { peek }: Asked): Promise<FourEyesFact> {
  const who = peek?.who ?? (await disclosed(em, by.person));
  if (who === undefined) return 'none';
  const isOneOf = async (people: readonly Salted[]) => {
    for (const person of people) if ((await disclosed(em, person)) === who) return true;
    return false;
  };
  const opened = { aggregate: { $in: [...asked.cases] }, capacity: Capacity.governance };
  const reporters = await em.find(ReporterRow, opened);
  if (await isOneOf(reporters.map(({ digest }) => ({ '...': digest })))) return 'opened';
  return (await isOneOf(asked.people)) ? 'proposed' : 'none';
}

/** Undefined for a seller whose name was erased: nobody knows whose ledger it is any more. */
async function readActor(em: Manager, of: NonNullable<AnyQuestions['actor']>, at: Instant, { caseId, peek }: Asked): Promise<AnyFacts['actor']> {
  const seller = await disclosed(em, of.seller);
  if (seller === undefined) return undefined;
  const actor = await actorOf(em, seller);
  if (peek === undefined) await lockActor(em, actor);
  const lines = await ledgerOf(em, actor);
  const row = await em.findOne(ActorRow, { actor }, { fields: ['version'] });
  const held = (await openSanctions(em, actor))
    .filter(({ id, marketplace, holds }) => holds && id !== caseId && marketplace === of.marketplace)
    .map(({ measure }) => measure);
  return { version: row?.version ?? 0, points: pointsAt(lines, at), pointsThen: pointsAt(lines, of.crossedAt), held };
}
