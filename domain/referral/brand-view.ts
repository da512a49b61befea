import { brandsOf } from './draft.ts';
import { FINAL_REFERRAL_STATUSES, type ReferralState } from './model.ts';
import type { Goods, SourcedValue } from './totals.ts';

/** What one brand sees of a referral: the stage and the outcome of its own cases, and nothing of anybody else's. */
export interface BrandView {
  readonly brand: string;
  readonly stage: string;
  readonly cases: readonly string[];
  readonly outcomes: readonly {
    readonly outcome: string;
    readonly at: string;
    readonly goods: readonly Goods[];
    readonly values: readonly SourcedValue[];
  }[];
}

/** The views of all brands concerned, also of those whose cases were left out. */
export function brandViews(state: ReferralState): readonly BrandView[] {
  const { sent, draft } = state;
  const all = [...sent.flatMap(({ cases }) => cases), ...(draft?.cases ?? [])];
  return brandsOf(all).map((brand) => viewOf(state, brand));
}

function viewOf(state: ReferralState, brand: string): BrandView {
  const { sent, draft, facts, status } = state;
  const own = (cases: readonly { readonly holder: string; readonly case: string }[]) =>
    cases.filter(({ holder }) => holder === brand).map((one) => one.case);
  const sentCases = sent.flatMap(({ cases }) => own(cases));
  const drafted = draft === undefined ? [] : own(draft.cases);
  const isSent = sentCases.length > 0;
  const stage = FINAL_REFERRAL_STATUSES.includes(status) || isSent ? status : (draft?.stage ?? status);
  const isOnlyOne = brandsOf(sent.flatMap(({ cases }) => cases)).length === 1;
  const outcomes = facts
    .filter(({ cases }) => isSent && (cases.length === 0 || cases.some((id) => sentCases.includes(id))))
    .map(({ outcome, at, goods, values, cases }) => {
      // Goods and values may be other brands' unless the fact is about this brand's cases alone.
      const isOwn = cases.length === 0 ? isOnlyOne : cases.every((id) => sentCases.includes(id));
      return { outcome, at, goods: isOwn ? goods : [], values: isOwn ? values : [] };
    });
  return { brand, stage, cases: [...sentCases, ...drafted], outcomes };
}
