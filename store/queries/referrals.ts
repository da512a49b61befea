import type { Instant } from '../../domain/instant.ts';
import type { LeftOut, ReferralState, Stage } from '../../domain/referral/model.ts';
import type { AuthorityFact, Totals } from '../../domain/referral/totals.ts';
import { totalsOf } from '../../domain/referral/totals.ts';
import { actorOf } from '../register/actors.ts';
import { disclosed } from '../log/disclosures.ts';
import { AggregateRow } from '../schema/entities/log.ts';
import { ReferralBrandRow, ReferralRow } from '../schema/entities/projections.ts';
import type { Manager } from '../connection/orm.ts';
import { type CaseView, readCase } from './cases.ts';

/** One line of a list of referrals. */
export interface ReferralLine {
  readonly id: string;
  readonly status: string;
  readonly actor: string;
  readonly recipient: string;
  readonly number: number;
  readonly openedAt: string;
  readonly due: string | null;
  readonly dueRule: string | null;
}

interface ReferralFilter {
  readonly status?: string;
  /** Any seller of the actor. */
  readonly seller?: string;
  readonly recipient?: string;
  readonly limit?: number;
}

/** Referrals by filter, in the order of opening. */
export async function listReferrals(em: Manager, { status, seller, recipient, limit = 200 }: ReferralFilter = {}): Promise<readonly ReferralLine[]> {
  const actor = seller === undefined ? undefined : await actorOf(em, seller);
  const rows = await em.find(ReferralRow, { ...(actor !== undefined && { actor }), ...(recipient !== undefined && { recipient }) });
  const found = await em.find(
    AggregateRow,
    { id: { $in: rows.map((row) => row.referral) }, ...(status !== undefined && { status }) },
    { orderBy: { openedAt: 'asc', id: 'asc' }, limit },
  );
  const about = new Map(rows.map((row) => [row.referral, row]));
  return found.flatMap((row) => {
    const of = about.get(row.id);
    if (of === undefined) return [];
    const { id, status: stands, openedAt, due, dueRule } = row;
    return [
      { id, status: stands, actor: of.actor, recipient: of.recipient, number: of.number, openedAt, due: due ?? null, dueRule: dueRule ?? null },
    ];
  });
}

/** A referral with everything that happened in it. For the platform's people only. */
export interface ReferralView extends CaseView {
  readonly actor: string;
  readonly recipient: string;
  readonly reference: string | null;
  /** The submission in preparation. */
  readonly draft: {
    readonly submission: number;
    readonly stage: Stage;
    readonly cases: readonly string[];
    readonly packet: string | null;
    readonly missing: readonly unknown[];
  } | null;
  readonly sent: readonly {
    readonly submission: number;
    readonly at: Instant;
    readonly packet: string;
    readonly cases: readonly string[];
    readonly state: string;
  }[];
  readonly leftOut: readonly LeftOut[];
  readonly brands: readonly {
    readonly brand: string;
    readonly stage: string;
    readonly cases: readonly string[];
    readonly outcomes: readonly unknown[];
  }[];
  readonly questions: readonly { readonly question: string; readonly answer: string | null }[];
  readonly facts: readonly AuthorityFact[];
  readonly totals: Totals;
}

/** The referral of that id; undefined when there is none. */
export async function readReferral(em: Manager, id: string): Promise<ReferralView | undefined> {
  const about = await em.findOne(ReferralRow, { referral: id });
  const view = about === null ? undefined : await readCase(em, id);
  if (view === undefined || about === null) return undefined;
  const row = await em.findOneOrFail(AggregateRow, { id }, { fields: ['state'] });
  // The row is a referral's: its state is known by type.
  const { draft, sent, leftOut, questions, facts, reference } = row.state as ReferralState;
  const brands = await em.find(ReferralBrandRow, { referral: id }, { orderBy: { organisation: 'asc' } });
  const words = await Promise.all(
    questions.map(async (one) => ({
      question: (await disclosed(em, one.words)) ?? '(erased)',
      answer: one.answer === undefined ? null : ((await disclosed(em, one.answer)) ?? '(erased)'),
    })),
  );
  return {
    ...view,
    actor: about.actor,
    recipient: about.recipient,
    reference: reference ?? null,
    draft:
      draft === undefined
        ? null
        : { submission: draft.submission, stage: draft.stage, cases: idsOf(draft), packet: draft.packet ?? null, missing: draft.missing },
    sent: sent.map((one) => ({ submission: one.submission, at: one.at, packet: one.packet, cases: idsOf(one), state: one.state })),
    leftOut,
    brands: brands.map(({ organisation: brand, stage, cases, outcomes }) => ({ brand, stage, cases, outcomes })),
    questions: words,
    facts,
    totals: totalsOf(facts),
  };
}

function idsOf({ cases }: { readonly cases: readonly { readonly case: string }[] }): readonly string[] {
  return cases.map((one) => one.case);
}

/** Totals over the facts of all referrals, or of one, reported in a period (`until` exclusive). */
export async function readTotals(em: Manager, { id, from, until }: { id?: string; from?: string; until?: string } = {}): Promise<Totals> {
  const rows = await em.find(
    AggregateRow,
    { kind: 'referral', ...(id !== undefined && { id }) },
    { fields: ['state'], orderBy: { openedAt: 'asc', id: 'asc' } },
  );
  // Rows of this kind hold a referral's state.
  const facts = rows.flatMap((row) => (row.state as ReferralState).facts);
  return totalsOf(facts.filter(({ at }) => (from === undefined || at >= from) && (until === undefined || at < until)));
}
