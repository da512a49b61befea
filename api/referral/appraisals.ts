import type { AggregateId } from '../../domain/ids.ts';
import { type BrandPart, type ReferralState, Stage } from '../../domain/referral/model.ts';
import { AggregateRow } from '../../store/schema/entities/log.ts';
import type { ReferralBrandRow } from '../../store/schema/entities/projections.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { disclosuresOf } from '../../store/queries/aggregate.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { namesOf } from '../../store/queries/lists.ts';
import { brandPartsOf, brandPartsPage } from '../../store/queries/referral-lists.ts';
import { actionsOf, samplesFor } from '../case/actions.ts';
import { cursorOfText, readTextCursor } from '../cursor.ts';
import type { ServerDeps } from '../deps.ts';
import { Faults } from '../faults.ts';
import type { Principal } from '../identity.ts';
import { refuse } from '../problems.ts';
import type { AppraisalOut, AppraisalQuery, AppraisalsOut } from '../schemas/referrals.ts';
import { givenOut, reportOut } from './parts.ts';

/** One page of what a brand's people are asked, by referral. The row policy shows them their own brands' parts and nothing else. */
export async function appraisalList(deps: ServerDeps, who: Principal, { stage, limit, cursor }: AppraisalQuery): Promise<AppraisalsOut> {
  const key = readTextCursor(cursor, 2);
  const [referral = '', organisation = ''] = key === undefined ? [] : (JSON.parse(key) as string[]);
  const after = key === undefined ? undefined : { referral, organisation };
  const rows = await asParty(deps.portal, who, (em) => brandPartsPage(em, { stage, after, limit: limit + 1 }));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const faults = new Faults(deps, 'list:appraisals');
  return {
    lines: await linesOf(work(deps.engine), page, faults),
    faults: faults.found,
    next: rows.length > limit && last !== undefined ? cursorOfText(JSON.stringify([last.referral, last.organisation])) : null,
  };
}

/** What a brand's people are asked in one referral, what they said, and what came of their own cases. Refuses `not-found`. */
export async function appraisalFor(deps: ServerDeps, who: Principal, id: AggregateId): Promise<AppraisalOut> {
  const rows = await asParty(deps.portal, who, (em) => brandPartsOf(em, id));
  const [first] = rows;
  if (first === undefined) refuse('not-found');
  const em = work(deps.engine);
  const state = (await statesOf(em, [id])).get(id);
  if (state?.policy === undefined) refuse('not-found');
  const clear = await disclosuresOf(em, [id]);
  const faults = new Faults(deps, id);
  const lines = await linesOf(em, rows, faults);
  const now = deps.clock.now();
  const { policy: policyDigest } = state;
  const actions = async () => {
    const snapshot = { id, state, appeals: [], policy: await deps.policies.values(em, policyDigest), policyDigest, who: who.id };
    return actionsOf(em, who, snapshot, now, samplesFor(who.capacity, snapshot, { brand: first.organisation }), faults);
  };
  return {
    referral: id,
    at: now,
    // Only what its own people said is looked up among the values.
    parts: lines.map((line) => ({
      ...line,
      given: givenOut(partOf(state, line.brand)?.given, clear, () => null),
      outcomes: (rows.find(({ organisation }) => organisation === line.brand)?.outcomes ?? []).map((one) => ({
        outcome: one.outcome,
        at: one.at,
        ...reportOut(one),
      })),
    })),
    actions: await faults.contain('actions', actions, []),
    faults: faults.found,
  };
}

async function linesOf(em: Manager, rows: readonly ReferralBrandRow[], faults: Faults): Promise<AppraisalsOut['lines']> {
  const states = await statesOf(
    em,
    rows.map((row) => row.referral),
  );
  const names = await namesOf(
    em,
    rows.map((row) => row.organisation),
  );
  return faults.each(
    'lines',
    rows,
    ({ referral }) => referral,
    ({ referral, organisation: brand, stage, cases }) => {
      const draft = states.get(referral)?.draft;
      const isAsked = draft?.stage === Stage.asking && draft.parts.some((part) => part.brand === brand && part.given === undefined);
      return { referral, brand, brandName: names.get(brand) ?? null, stage, cases: [...cases], until: isAsked ? (draft.until ?? null) : null };
    },
  );
}

/** A brand's part in the submission in preparation, else in the newest one that was sent. */
function partOf({ draft, sent }: ReferralState, brand: string): BrandPart | undefined {
  const all = [...sent, ...(draft === undefined ? [] : [draft])];
  return all.flatMap(({ parts }) => parts).findLast((part) => part.brand === brand);
}

async function statesOf(em: Manager, ids: readonly string[]): Promise<ReadonlyMap<string, ReferralState>> {
  const rows = ids.length === 0 ? [] : await em.find(AggregateRow, { id: { $in: [...ids] } }, { fields: ['id', 'state'] });
  // Rows of these ids hold a referral's state.
  return new Map(rows.map((row) => [row.id, row.state as ReferralState]));
}
