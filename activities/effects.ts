import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { EffectKind, type EffectResult } from '../domain/effects.ts';
import { readOwed } from '../store/log/chain.ts';
import type { Advanced, AdvanceRequest } from '../store/log/advance.ts';
import type { LogContext } from '../store/log/context.ts';
import { work } from '../store/connection/orm.ts';
import type { CaseActivities, EffectRequest } from '../workflows/contracts.ts';
import { captureListing } from './capture.ts';
import { ActivityFailure } from '../adapters/failures.ts';
import { brokenOff, retryWhileYoung, withHeartbeat } from './outage.ts';
import type { ListingMeasure, MarketplacePort, PacketBuilder, VaultPort } from '../adapters/ports.ts';
import { isOnShop, performOnShop, shopEffectSchema } from './shop-effects.ts';

/** What the activities of cases and appeals work with. */
export interface CaseActivityDeps {
  readonly log: LogContext;
  readonly marketplace: MarketplacePort;
  readonly vault: VaultPort;
  readonly packets: PacketBuilder;
  /** How long an effect keeps trying an outside system before its outcome is `failed`, in machine milliseconds. */
  readonly outageMs: number;
  /** `advance` of store/log/advance.ts. */
  readonly advance: (context: LogContext, request: AdvanceRequest) => Promise<Advanced>;
}

const { takedown, putBack, capture } = EffectKind;

/** An owed effect as the log recorded it: on a listing, on a shop, or a packet. */
const listingEffectSchema = z.object({
  key: z.string(),
  try: z.int(),
  kind: z.enum([takedown, putBack, capture]),
  args: z.object({ marketplace: z.string(), listing: z.string(), versions: z.array(z.string()).optional() }),
});
/** A packet that a referral owes. */
const packetEffectSchema = z.object({
  key: z.string(),
  try: z.int(),
  kind: z.literal(EffectKind.buildPacket),
  args: z.object({ submission: z.int() }),
});
const effectSchema = z.union([listingEffectSchema, shopEffectSchema, packetEffectSchema]);
type ListingEffect = z.output<typeof listingEffectSchema>;
type Effect = z.output<typeof effectSchema>;

/**
 * What the marketplace is told. Not the verdict: it can change while a request is under way, and the same key with another
 * body is refused as a reused one, although the listing has been taken down by the first.
 */
const REASON = { [EffectKind.takedown]: 'intellectual-property', [EffectKind.putBack]: 'ground-ended' } as const;

/**
 * The activities of an aggregate's workflow. An effect's idempotency key outside is `<aggregate>/<key>`, the same over
 * retries, tries and workers. Faults of the log itself pass through as they are.
 */
export function createCaseActivities(deps: CaseActivityDeps): CaseActivities {
  const { log, advance } = deps;
  return {
    advance: ({ id, n }) => advance(log, { id, n }),
    async runEffect(request) {
      const { id, n, key } = request;
      const effect = await owedNow(log, request);
      // Level-triggered: the outcome is in the log already, or the case went another way.
      if (effect === undefined) return advance(log, { id, n });
      const result = await withHeartbeat(() => attempt(deps, request, effect));
      return advance(log, { id, n, outcomes: [{ key, try: request.try, result }] });
    },
  };
}

async function owedNow(log: LogContext, { id, key, try: attempt }: EffectRequest): Promise<Effect | undefined> {
  return z
    .array(effectSchema)
    .parse(await readOwed(work(log.store), id))
    .find((effect) => effect.key === key && effect.try === attempt);
}

/** Trouble with the outside system is an outcome too, once the outage is no longer young. */
async function attempt(deps: CaseActivityDeps, request: EffectRequest, effect: Effect): Promise<EffectResult> {
  const signal = Context.current().cancellationSignal;
  try {
    return await perform(deps, request, effect, signal);
  } catch (error) {
    if (signal.aborted) throw brokenOff();
    if (!(error instanceof ActivityFailure)) throw error;
    if (error.isTransient) retryWhileYoung(error, deps.outageMs);
    return { kind: 'failed', reason: error.code };
  }
}

async function perform(deps: CaseActivityDeps, { id }: EffectRequest, effect: Effect, signal: AbortSignal): Promise<EffectResult> {
  if (effect.kind === EffectKind.buildPacket) return { kind: 'built', ...(await deps.packets.build(id)) };
  return isOnShop(effect) ? performOnShop(deps, id, effect, signal) : performOnListing(deps, id, effect, signal);
}

async function performOnListing(deps: CaseActivityDeps, id: string, effect: ListingEffect, signal: AbortSignal): Promise<EffectResult> {
  const { kind, args } = effect;
  if (kind === EffectKind.capture) {
    const captured = await captureListing(deps, deps.log.clock, args, signal);
    return 'gone' in captured ? { kind: 'gone' } : { kind: 'captured', ...captured };
  }
  const { versions, ...where } = args;
  const measure: ListingMeasure = {
    ...where,
    key: `${id}/${effect.key}`,
    reason: REASON[kind],
    reference: id,
    ...(versions !== undefined && { versions }),
  };
  return kind === EffectKind.takedown ? deps.marketplace.takedown(measure, signal) : deps.marketplace.putBack(measure, signal);
}
