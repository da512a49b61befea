import { Capacity } from '../../domain/aggregate.ts';
import type { AppealState } from '../../domain/appeal/model.ts';
import type { VerdictDetails, CaseState } from '../../domain/case/model.ts';
import { type AggregateId, AggregateKind, kindOf } from '../../domain/ids.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import { type PolicyDocument, valuesOf } from '../../domain/policy/policy.ts';
import { rulesOf } from '../../domain/registry.ts';
import type { SanctionState } from '../../domain/sanction/model.ts';
import { isSalted } from '../../domain/salted.ts';
import type { AggregateRow } from '../../store/schema/entities/log.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { disclosuresOf, lettersOf, type Logged, policyDocument, readLogged, relatedCases, sellerHistory } from '../../store/queries/aggregate.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { aggregatesOfSeller, toldToSeller } from '../../store/queries/lists.ts';
import { contestUntil, type AggregateSnapshot } from '../../store/queries/what-if.ts';
import type { ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';
import { withNames } from '../lists.ts';
import { refuse } from '../problems.ts';
import type { CaseView } from '../schemas/case.ts';
import type { Line } from '../schemas/lists.ts';
import { Faults } from '../faults.ts';
import { actionsOf, type Known, samplesFor } from './actions.ts';
import { capturesOf } from './captures.ts';
import { deadlinesOf } from './deadlines.ts';
import { listingFor, referencesFor, rightsFor } from './register.ts';
import { clearFor, timelineFor } from './timeline.ts';

interface Evidence {
  readonly id: AggregateId;
  readonly decisions: Logged['decisions'];
  /** Of a case, or of the case that an appeal is about. */
  readonly of: CaseState | undefined;
  /** The answer that it is about. */
  readonly answer: Given | undefined;
}

type Given = VerdictDetails & { readonly at: string };

/** What one view is put together from. */
export interface Sources {
  readonly deps: ServerDeps;
  readonly who: Principal;
  readonly em: Manager;
  readonly id: AggregateId;
  readonly at: string | undefined;
  readonly logged: Logged;
  /** Where pictures and findings are on record: of an appeal its case, else the thing itself. */
  readonly evidence: Evidence;
  readonly clear: ReadonlyMap<string, string>;
  /** The pinned policy; undefined where it cannot be read, which is a fault of its own. */
  readonly pinned: { readonly document: PolicyDocument; readonly snapshot: AggregateSnapshot } | undefined;
  readonly policyDigest: string;
  /** What could not be made of this view. */
  readonly faults: Faults;
}

/** A case, appeal or sanction as somebody may know it now, or knew it at an instant. Refuses `not-found`. */
export async function viewFor(deps: ServerDeps, who: Principal, id: AggregateId, at?: string): Promise<CaseView> {
  const sources = await sourcesOf(deps, who, id, at);
  const { logged, em, faults } = sources;
  const now = at === undefined ? deps.clock.now() : instant(at);
  const isSeller = who.capacity === Capacity.seller;
  const [line] = await withNames(deps, who, [lineOf(sources)]);
  if (line === undefined) refuse('not-found');
  const timeline = await faults.contain('timeline', () => timelineFor(who, logged.decisions, sources.clear, sources.pinned?.document), []);
  return {
    ...line,
    at: now,
    isPast: at !== undefined,
    ...(at !== undefined && { claim: null }),
    ...(await kindFields(sources)),
    policy: isSeller ? null : sources.policyDigest,
    version: isSeller ? timeline.length : logged.decisions.length,
    owes: isSeller
      ? []
      : rulesOf(kindOf(id))
          .effects(logged.state)
          .map(({ kind, key, try: attempt }) => ({ kind, key, try: attempt })),
    ...(await whatComes(sources, now)),
    ...(await subject(sources)),
    timeline,
    instants: [...new Set(timeline.map((entry) => entry.at))],
    letters: isSeller ? [] : (await lettersOf(em, id, at)).map((letter) => letterOf(letter, at)),
    ledger: who.seenAs === Capacity.rightsHolder ? [] : logged.ledger.map((row) => ledgerOf(row, at)),
    ...(await around(sources)),
    seal: logged.seal === null || isSeller ? null : { sequence: logged.seal.sequence, root: logged.seal.root, at: logged.seal.at },
    cost: isSeller ? null : await costOf(sources),
    faults: [...faults.found],
  };
}

/** Reads what a view is put together from, as the reader may see it. Refuses `not-found`. */
export async function sourcesOf(deps: ServerDeps, who: Principal, id: AggregateId, at: string | undefined): Promise<Sources> {
  const faults = new Faults(deps, id);
  const { logged, evidence } = await asParty(deps.portal, who, async (portal) => {
    const found = await readLogged(portal, id, at);
    const own = { id, decisions: found?.decisions ?? [], of: undefined, answer: undefined };
    return { logged: found, evidence: found && (await faults.contain('evidence', () => evidenceOf(portal, id, found, at, faults), own)) };
  });
  if (logged === undefined || evidence === undefined) refuse('not-found');
  const em = work(deps.engine);
  const policyDigest = rulesOf(kindOf(id)).policyOf(logged.state) ?? logged.decisions[0]?.decision.facts.policy ?? '';
  const pinned = await faults.contain(
    'policy',
    async () => {
      const document = await documentOf(em, policyDigest);
      const { state, appeals } = logged;
      return { document, snapshot: { id, state, appeals, policy: valuesOf(document), policyDigest, who: who.id } };
    },
    undefined,
  );
  const all = await disclosuresOf(em, [id, ...logged.appeals.map((appeal) => appeal.id)]);
  const clear = clearFor(who, logged.decisions, all, rulesOf(kindOf(id)).summary(logged.state).seller);
  return { deps, who, em, id, at, logged, evidence, clear, pinned, policyDigest, faults };
}

async function documentOf(em: Manager, digest: string): Promise<PolicyDocument> {
  const row = await policyDocument(em, digest);
  if (row === null) throw new Error(`the store holds no policy ${digest}`);
  // Checked by policies/load.ts before it was stored.
  return row.document as unknown as PolicyDocument;
}

/** An appeal has no pictures of its own: those of its case are what it is decided on. Whoever is a party to one is to both. */
async function evidenceOf(portal: Manager, id: AggregateId, logged: Logged, at: string | undefined, faults: Faults): Promise<Evidence> {
  const appeal = kindOf(id) === AggregateKind.appeal ? (logged.state as AppealState) : undefined;
  const about = appeal?.of?.case ?? id;
  const of = about === id ? logged : await readLogged(portal, about, at);
  if (of === undefined || kindOf(about) !== AggregateKind.case) return { id, decisions: logged.decisions, of: undefined, answer: undefined };
  const state = of.state as CaseState;
  const before = of.appeals.filter(({ openedAt }) => openedAt <= logged.row.openedAt);
  const answers = [state.answer, ...(await faults.each('verdict', before, (row) => row.id, answerOf))];
  const given = appeal === undefined ? state.answer : (appeal.answer ?? appeal.of?.answer);
  return { id: about, decisions: of.decisions, of: state, answer: answers.findLast((one) => one !== undefined && isSame(one, given)) };
}

/** What the brand answered with an appeal, if it is one that brings an answer. */
function answerOf({ state, openedAt }: AggregateRow): Given | undefined {
  // Only appeals are about a case, and their state is the rules'.
  const { answer } = state as AppealState;
  return answer && { ...answer, at: openedAt };
}

function isSame(one: Given, other: VerdictDetails | undefined): boolean {
  return one.verdict === other?.verdict && one.reasonCode === other.reasonCode && one.basis === other.basis;
}

/** What runs and what can be done (`known`: what the fields of a command are now), as the rules decide it; where they cannot be asked, at least the next instant. */
export async function whatComes(sources: Sources, now: Instant, known?: Known): Promise<Pick<CaseView, 'deadlines' | 'actions'>> {
  const { who, em, id, at, logged, pinned, faults } = sources;
  const due = rulesOf(kindOf(id)).deadline(logged.state);
  const bare = due === undefined ? [] : [{ at: due.at, rule: due.rule, provisional: due.provisional === true, silence: [], policy: [] }];
  const isSeller = who.capacity === Capacity.seller;
  if (pinned === undefined) return { deadlines: isSeller ? [] : bare, actions: [] };
  const { snapshot, document } = pinned;
  return {
    deadlines: isSeller ? [] : await faults.contain('deadlines', () => deadlinesOf(em, snapshot, document), bare),
    actions:
      at === undefined
        ? await faults.contain('actions', () => actionsOf(em, who, snapshot, now, samplesFor(who.capacity, snapshot, known), faults), [])
        : [],
  };
}

function lineOf({ id, at, logged }: Sources): Omit<Line, 'title' | 'holderName' | 'claim'> {
  const { row, state, decisions } = logged;
  const rules = rulesOf(kindOf(id));
  const { status } = rules.summary(state);
  const due = rules.deadline(state);
  const { kind, marketplace, listing, holder, openedAt, about } = row;
  return {
    id,
    kind: kind as Line['kind'],
    status,
    isFinal: rules.isFinal(state),
    marketplace,
    listing,
    holder,
    openedAt,
    changedAt: at === undefined ? row.changedAt : (decisions.at(-1)?.decision.at ?? openedAt),
    due: due?.at ?? null,
    dueRule: due?.rule ?? null,
    about: about ?? null,
    measureKind: kind === AggregateKind.sanction ? ((state as SanctionState).step?.measure ?? null) : null,
  };
}

type KindFields = Pick<CaseView, 'market' | 'riskClass' | 'verdict' | 'measure' | 'contestUntil'>;

async function kindFields({ em, id, who, logged, evidence: { of, answer }, pinned, faults }: Sources): Promise<KindFields> {
  const isSeller = who.capacity === Capacity.seller;
  const { step, points, until, cases } = logged.state as Partial<SanctionState>;
  const isContestable = of !== undefined && pinned !== undefined && kindOf(id) === AggregateKind.case;
  const ends = () => (isContestable ? contestUntil(em, of, logged.appeals, pinned.snapshot.policy) : undefined);
  const contest = await faults.contain('contestUntil', ends, undefined);
  return {
    market: of?.market ?? null,
    riskClass: isSeller ? null : (of?.riskClass ?? null),
    verdict: isSeller || answer === undefined ? null : answerOut(answer),
    contestUntil: contest ?? null,
    measure:
      step === undefined
        ? null
        : { measure: step.measure, points: points ?? 0, threshold: step.points, until: until ?? null, cases: [...(cases ?? [])] },
  };
}

/** An answer of the rights holder as the API shows it. */
function answerOut({ verdict, reasonCode, basis, at }: Given): CaseView['verdict'] {
  return { verdict, reasonCode, basis, at };
}

async function subject(sources: Sources): Promise<Pick<CaseView, 'listingNow' | 'captures' | 'findings' | 'rights' | 'references' | 'seller'>> {
  const { deps, who, em, id, logged, evidence, clear, faults } = sources;
  const { row, state } = logged;
  const { seller } = rulesOf(kindOf(id)).summary(state);
  const name = isSalted(seller) ? (clear.get(seller['...']) ?? null) : null;
  const isSeller = who.capacity === Capacity.seller;
  const holders = who.seenAs === Capacity.rightsHolder ? who.organisations : undefined;
  const history = name === null || isSeller ? [] : await sellerHistory(em, name, holders);
  return {
    listingNow: await faults.contain('listingNow', () => listingFor(em, row.listing), null),
    captures: isSeller ? [] : await faults.contain('captures', () => capturesOf(deps.vault, evidence.id, evidence.decisions, faults), []),
    findings: isSeller ? [] : await faults.contain('findings', () => findingsOf(evidence), []),
    rights: await rightsFor(em, evidence.of?.rights ?? [], faults),
    references: isSeller ? [] : await referencesFor(em, row.holder, row.listing, faults),
    seller: seller === undefined ? null : { id: name, history: history.map(({ status, count }) => ({ status, count })) },
  };
}

function findingsOf({ decisions }: Evidence): CaseView['findings'] {
  const first = decisions[0]?.decision.command as { findings?: CaseView['findings'] } | undefined;
  return (first?.findings ?? []).map(({ detector, version, score, reasons }) => ({ detector, version, score, reasons: [...reasons] }));
}

async function around({ deps, who, em, at, logged, clear, id }: Sources): Promise<Pick<CaseView, 'appeals' | 'related'>> {
  const isSeller = who.capacity === Capacity.seller;
  const { seller } = rulesOf(kindOf(id)).summary(logged.state);
  const name = isSalted(seller) ? clear.get(seller['...']) : undefined;
  const of = name === undefined || isSeller ? [] : await aggregatesOfSeller(em, name, AggregateKind.case);
  const related = isSeller || logged.row.listing === '' ? [] : await asParty(deps.portal, who, (portal) => relatedCases(portal, logged.row, of, at));
  const told = isSeller ? await toldToSeller(em, who.id, AggregateKind.appeal) : undefined;
  const appeals = logged.appeals.filter((appeal) => told === undefined || told.includes(appeal.id));
  // What they came to later is not shown in the past.
  const plain = (rows: readonly AggregateRow[]) => rows.map((row) => rowLine(row, at));
  return { appeals: await withNames(deps, who, plain(appeals)), related: await withNames(deps, who, plain(related)) };
}

function rowLine(row: AggregateRow, at: string | undefined): Omit<Line, 'title' | 'holderName' | 'claim'> {
  const { id, kind, status, isFinal, marketplace, listing, holder, openedAt, changedAt, due, dueRule, about } = row;
  const isLater = at !== undefined && changedAt > at;
  const known = isLater
    ? { status: 'open', isFinal: false, changedAt: openedAt, due: null, dueRule: null }
    : { status, isFinal, changedAt, due: due ?? null, dueRule: dueRule ?? null };
  return { id, kind: kind as Line['kind'], marketplace, listing, holder, openedAt, about: about ?? null, measureKind: null, ...known };
}

/** A notification as it stood at an instant. */
export function letterOf(
  letter: { kind: string; dueAt: string; state: string; settledAt?: string | null | undefined },
  at: string | undefined,
): CaseView['letters'][number] {
  const { kind, dueAt, state, settledAt } = letter;
  const isLater = at !== undefined && settledAt != null && settledAt > at;
  return { kind, dueAt, state: isLater ? 'waiting' : state, settledAt: isLater ? null : (settledAt ?? null) };
}

function ledgerOf(row: Logged['ledger'][number], at: string | undefined): CaseView['ledger'][number] {
  const { points, countsFrom, expiresAt, voidedBy } = row;
  // A ledger row keeps only how it stands now; in the past a later annulment is not shown.
  return { points, countsFrom: countsFrom ?? null, expiresAt, voided: at === undefined && voidedBy != null };
}

/** What an aggregate has cost so far, counted from its log. */
export async function costOf({ em, id, at, logged }: Sources): Promise<NonNullable<CaseView['cost']>> {
  const commands = logged.decisions.map(({ decision }) => decision.command.kind);
  const effects = commands.filter((kind) => kind === 'recordEffectResult').length;
  const passed = commands.filter((kind) => kind === 'passDeadline').length;
  const letters = (await lettersOf(em, id, at)).length;
  return { decisions: commands.length, letters, effects, messages: commands.length - effects - passed };
}
