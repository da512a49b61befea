import { z } from 'zod';
import { EffectKind, type EffectResult } from '../domain/effects.ts';
import { disclosed } from '../store/log/disclosures.ts';
import type { LogContext } from '../store/log/context.ts';
import { work } from '../store/connection/orm.ts';
import type { MarketplacePort } from '../adapters/ports.ts';

const { restrictShop, closeShop, liftRestriction, reopenShop } = EffectKind;

/** An owed effect on a shop: the seller is a salted reference, which only this activity resolves. */
export const shopEffectSchema = z.object({
  key: z.string(),
  try: z.int(),
  kind: z.enum([restrictShop, closeShop, liftRestriction, reopenShop]),
  args: z.object({
    marketplace: z.string(),
    seller: z.object({ '...': z.string() }),
    measure: z.enum(['restrict', 'freeze', 'close-shop']),
    reason: z.string(),
  }),
});
type ShopEffect = z.output<typeof shopEffectSchema>;

/** Whether an effect is one on a shop. */
export function isOnShop(effect: { readonly args: object }): effect is ShopEffect {
  return 'seller' in effect.args;
}

interface ShopDeps {
  readonly log: LogContext;
  readonly marketplace: MarketplacePort;
}

/** Performs an effect on a shop. Nobody knows the shop of a seller whose name was erased. */
export async function performOnShop({ log, marketplace }: ShopDeps, id: string, effect: ShopEffect, signal: AbortSignal): Promise<EffectResult> {
  const { kind: act, key, args } = effect;
  const shop = await disclosed(work(log.store), args.seller);
  if (shop === undefined) return { kind: 'unknown-shop' };
  return marketplace.onShop({ key: `${id}/${key}`, act, shop, measure: args.measure, reason: args.reason, reference: id }, signal);
}
