import { type Instant, instant } from '../../domain/instant.ts';
import { FINAL_REFERRAL_STATUSES } from '../../domain/referral/model.ts';
import { AggregateRow } from '../../store/schema/entities/log.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { work } from '../../store/connection/orm.ts';
import { findCaseOf } from '../../store/register/people.ts';
import { present } from '../../store/register/imports/present.ts';
import { listReferrals, readReferral } from '../../store/queries/referrals.ts';
import { type CaseView, readCase } from '../../store/queries/cases.ts';
import type { Story } from './document.ts';
import { Outside } from './outside.ts';
import type { AppealReference, CaseReference, ReferralReference, SanctionReference } from './values.ts';
import type { Stage } from './stage.ts';

/** One story being told on one stack: names given so far, faults under way, and what the store says now. */
export class Session {
  readonly stack: Stage;
  readonly story: Story;
  readonly outside: Outside;
  readonly #names = new Map<string, string>();
  #sweeps = 0;

  constructor(stack: Stage, story: Story) {
    this.stack = stack;
    this.story = story;
    this.outside = new Outside(stack);
  }

  /** A fresh look at the store. */
  em(): Manager {
    return work(this.stack.store);
  }

  now(): Instant {
    return this.stack.clock.now();
  }

  /** Gives an aggregate the name by which later steps and expectations call it. */
  call(name: string, id: string): void {
    this.#names.set(name, id);
  }

  nextSweep(): number {
    this.#sweeps += 1;
    return this.#sweeps;
  }

  /** Moves on to an instant; faults whose time is over on the way end at their instant. */
  async moveTo(at: Instant): Promise<void> {
    for (let end = this.outside.nextEnd(); end !== undefined && end <= at; end = this.outside.nextEnd()) {
      await this.stack.advanceTo(instant(end));
      await this.outside.endFaults(end);
    }
    await this.stack.advanceTo(at);
  }

  /** The id of a case; undefined when there is none. */
  async caseId(reference: CaseReference): Promise<string | undefined> {
    if (typeof reference === 'string') return this.#names.get(reference) ?? reference;
    const { listing, holder } = reference;
    if (holder !== undefined) return findCaseOf(this.em(), listing, holder);
    const order = { isFinal: 'asc', openedAt: 'desc', id: 'asc' } as const;
    const row = await this.em().findOne(AggregateRow, { kind: 'case', listing }, { orderBy: order, fields: ['id'] });
    return row?.id;
  }

  /** The id of an appeal; undefined when there is none. */
  async appealId(reference: AppealReference): Promise<string | undefined> {
    if (typeof reference === 'string') return this.#names.get(reference) ?? reference;
    const { kind, number = 1 } = reference;
    const appeals = await this.appealsOf(reference.case);
    return appeals.filter((appeal) => kind === undefined || kindOfAppeal(appeal) === kind)[number - 1]?.id;
  }

  /** The id of a sanction; undefined when there is none. */
  async sanctionId(reference: SanctionReference): Promise<string | undefined> {
    if (typeof reference === 'string') return this.#names.get(reference) ?? reference;
    const { seller, step, number } = reference;
    const rows = await sanctionsOf(this.em(), seller);
    const fitting = rows.filter((row) => step === undefined || row.step === step);
    if (number !== undefined) return fitting[number - 1]?.id;
    return (fitting.findLast(({ isFinal }) => !isFinal) ?? fitting.at(-1))?.id;
  }

  /** The id of a referral; undefined when there is none. */
  async referralId(reference: ReferralReference): Promise<string | undefined> {
    if (typeof reference === 'string') return this.#names.get(reference) ?? reference;
    const { number, ...filter } = reference;
    const rows = await listReferrals(this.em(), present(filter));
    if (number !== undefined) return rows[number - 1]?.id;
    return (rows.findLast(({ status }) => !isOver(status)) ?? rows.at(-1))?.id;
  }

  /** The packet that a referral names now; nothing when there is none. */
  async packetOf(id: string): Promise<string> {
    return (await readReferral(this.em(), id))?.draft?.packet ?? '';
  }

  /** The appeals of a case in order of opening. */
  async appealsOf(reference: CaseReference): Promise<readonly CaseView[]> {
    const of = await this.view(await this.caseId(reference));
    const views = await Promise.all((of?.appeals ?? []).map(({ id }) => this.view(id)));
    return views.flatMap((view) => (view === undefined ? [] : [view]));
  }

  async view(id: string | undefined): Promise<CaseView | undefined> {
    return id === undefined ? undefined : readCase(this.em(), id);
  }
}

function isOver(status: string): boolean {
  return FINAL_REFERRAL_STATUSES.some((final) => final === status);
}

/** The kind that an appeal was opened as. */
function kindOfAppeal({ timeline }: CaseView): unknown {
  const opened = timeline[0]?.events.find((event) => event.type === 'AppealOpened');
  return opened === undefined ? undefined : Reflect.get(opened, 'appeal');
}

/** A sanction as steps and expectations find it. */
export interface SanctionOf {
  readonly id: string;
  readonly status: string;
  readonly isFinal: boolean;
  readonly step: number;
}

/** The sanctions of a seller in order of opening. */
export async function sanctionsOf(em: Manager, seller: string): Promise<readonly SanctionOf[]> {
  return em.execute<SanctionOf[]>(
    `select a.id, a.status, a.is_final as "isFinal", (a.state->'step'->>'points')::int as step
     from aggregate a join party on party.aggregate = a.id and party.capacity = 'seller'
     where a.kind = 'sanction' and party.organisation = ? order by a.opened_at, step, a.id`,
    [seller],
  );
}
