import type { Cause, Command, Effect } from './aggregate.ts';
import type { Instant } from './instant.ts';

/** The effects that an aggregate can owe outside: on a listing, on a shop (sanctions), and packets (referrals). */
export const EffectKind = {
  takedown: 'takedown',
  putBack: 'put-back',
  capture: 'capture',
  restrictShop: 'restrict-shop',
  closeShop: 'close-shop',
  liftRestriction: 'lift-restriction',
  reopenShop: 'reopen-shop',
  buildPacket: 'build-packet',
} as const;
export type EffectKind = (typeof EffectKind)[keyof typeof EffectKind];

/** An effect in a state: not owed while `retryAt` lies ahead (its passing is a deadline of the state). */
export interface OwedEffect {
  readonly kind: EffectKind;
  readonly key: string;
  readonly try: number;
  readonly retryAt?: Instant;
}

/** What a marketplace says about an act on a shop; a shop that it does not know (any more) is an answer too. */
export interface ShopResult {
  readonly kind: 'restricted' | 'closed' | 'already-closed' | 'lifted' | 'not-restricted' | 'reopened' | 'already-open' | 'unknown-shop';
}

/** Something that a packet's recipient expects and does not find in it. `refuses`: it cannot go out without it. */
export interface MissingItem {
  readonly item: string;
  /** What it is missing from: a case, a right, a rights holder, an exhibit. */
  readonly where: string;
  readonly what: string;
  readonly cure: string;
  readonly refuses: boolean;
}

/** What came back from outside. A failure is an outcome too: it becomes a deadline, never an exception. */
export type EffectResult =
  | { readonly kind: 'removed'; readonly at: Instant; readonly version: string; readonly orders: number }
  | { readonly kind: 'already-gone'; readonly was: string }
  | { readonly kind: 'version-differs'; readonly version: string }
  | { readonly kind: 'restored' }
  | { readonly kind: 'already-live' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'captured'; readonly digest: string; readonly version: string }
  | ShopResult
  /** Without a packet when something that is missing refuses it. */
  | { readonly kind: 'built'; readonly packet?: string; readonly missing: readonly MissingItem[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** What came back from the effect of that key, at that attempt. */
export interface RecordOutcome extends Command {
  readonly kind: 'recordOutcome';
  readonly key: string;
  readonly try: number;
  readonly result: EffectResult;
}

/** A new effect at its first try. */
export function ordered(kind: EffectKind, key: string): OwedEffect {
  return { kind, key, try: 1 };
}

/** What every aggregate that owes effects records of their trouble: one failed and waits, then its next try is due. */
export type EffectEvent =
  | { readonly type: 'EffectFailed'; readonly key: string; readonly reason: string; readonly retryAt: Instant }
  | { readonly type: 'RetryDue'; readonly key: string };
export type TroubleEvent = { readonly cause: Cause } & EffectEvent;

/** The state after trouble with one of its effects; `slots` are the places where the state keeps them. */
export function evolveEffects<K extends string, S extends { readonly [P in K]?: OwedEffect }>(state: S, slots: readonly K[], event: EffectEvent): S {
  const changed = slots.flatMap((slot) => {
    const effect = state[slot];
    return effect?.key === event.key ? [[slot, afterTrouble(effect, event)] as const] : [];
  });
  return changed.length === 0 ? state : { ...state, ...Object.fromEntries(changed) };
}

/** An effect after trouble: one of another key stays as it is. */
export function afterTrouble<E extends OwedEffect>(effect: E, event: EffectEvent): Omit<E, 'retryAt'> & { readonly retryAt?: Instant } {
  if (effect.key !== event.key) return effect;
  const { retryAt: _, ...rest } = effect;
  return event.type === 'RetryDue' ? rest : { ...rest, try: effect.try + 1, retryAt: event.retryAt };
}

/** Whether an outcome is that of the effect as it is owed now. */
export function isOutcomeOf(effect: OwedEffect | undefined, outcome: { readonly key: string; readonly try: number }): effect is OwedEffect {
  return effect?.key === outcome.key && effect.try === outcome.try && effect.retryAt === undefined;
}

/** Whether an attempt may be under way outside right now. */
export function isInFlight(effect: OwedEffect | undefined): boolean {
  return effect !== undefined && effect.retryAt === undefined;
}

/** The effect as the engine owes it, or nothing while it waits for its retry instant. */
export function listOwed(effect: OwedEffect | undefined, args: Effect['args']): readonly Effect[] {
  if (effect === undefined || effect.retryAt !== undefined) return [];
  return [{ kind: effect.kind, key: effect.key, try: effect.try, args }];
}
