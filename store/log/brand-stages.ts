import { brandViews } from '../../domain/referral/brand-view.ts';
import type { ReferralState } from '../../domain/referral/model.ts';
import type { Chain } from './chain-model.ts';
import { ReferralBrandRow } from '../schema/entities/projections.ts';
import { insertOrReplace } from '../connection/insert.ts';
import type { Manager } from '../connection/orm.ts';

/** What each brand concerned may see of a referral, in the decisions' own transaction. */
export async function writeReferralViews(em: Manager, chain: Chain): Promise<void> {
  // The chain is a referral's: its state is known by type.
  const views = brandViews(chain.state as ReferralState);
  const rows = views.map(({ brand, stage, cases, outcomes }) => ({ referral: chain.id, organisation: brand, stage, cases, outcomes }));
  await insertOrReplace(em, ReferralBrandRow, rows, ['referral', 'organisation']);
  // A brand whose cases were all left out sees that, and no more.
  const concerned = views.map(({ brand }) => brand);
  await em.nativeUpdate(ReferralBrandRow, { referral: chain.id, organisation: { $nin: concerned } }, { stage: LEFT_OUT, outcomes: [] });
}

/** Stage of a brand whose cases went no further. */
export const LEFT_OUT = 'left-out';
