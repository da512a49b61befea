import type { Effect } from './aggregate.ts';
import type { Instant } from './instant.ts';

/** The effects that an aggregate can owe outside: on a listing, and (sanctions) on a shop. */
export const EffectKind = {
  takedown: 'takedown',
  putBack: 'put-back',
  capture: 'capture',
  restrictShop: 'restrict-shop',
  closeShop: 'close-shop',
  liftRestriction: 'lift-restriction',
  reopenShop: 'reopen-shop',
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
  | { readonly kind: 'failed'; readonly reason: string };

/** A new effect at its first try. */
export function ordered(kind: EffectKind, key: string): OwedEffect {
  return { kind, key, try: 1 };
}

/** The effect after a failure: the next try, not before `retryAt`. */
export function failedUntil(effect: OwedEffect, retryAt: Instant): OwedEffect {
  return { kind: effect.kind, key: effect.key, try: effect.try + 1, retryAt };
}

/** The effect when its retry instant has come. */
export function due(effect: OwedEffect): OwedEffect {
  return { kind: effect.kind, key: effect.key, try: effect.try };
}

/** Whether an attempt may be under way outside right now. */
export function isInFlight(effect: OwedEffect | undefined): boolean {
  return effect !== undefined && effect.retryAt === undefined;
}

/** The effect as the engine owes it, or nothing while it waits for its retry instant. */
export function owed(effect: OwedEffect | undefined, args: Effect['args']): readonly Effect[] {
  if (effect === undefined || effect.retryAt !== undefined) return [];
  return [{ kind: effect.kind, key: effect.key, try: effect.try, args }];
}
