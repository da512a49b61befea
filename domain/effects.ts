import type { Cause, Command, Effect } from './aggregate.ts';
import type { Instant } from './instant.ts';

/** The effects that an aggregate can owe: on a listing (cases, appeals), on a shop (sanctions), and packets (referrals). */
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

/** An effect as a state keeps it. While `retryAt` is set it is not owed: reaching that instant is a deadline of the state. */
export interface OwedEffect {
  readonly kind: EffectKind;
  readonly key: string;
  readonly try: number;
  readonly retryAt?: Instant;
}

/** What a marketplace answers to an act on a shop. `unknown-shop`: it does not have that shop, or no longer has it. */
export interface ShopResult {
  readonly kind: 'restricted' | 'closed' | 'already-closed' | 'lifted' | 'not-restricted' | 'reopened' | 'already-open' | 'unknown-shop';
}

/** Something that the authority expects in a packet and that is missing. `refuses`: the packet must not be sent without it. */
export interface MissingItem {
  readonly item: string;
  /** What it is missing from: a case, a right, a rights holder, an exhibit. */
  readonly where: string;
  readonly what: string;
  readonly cure: string;
  readonly refuses: boolean;
}

/** The result of an effect. A failure is a result too: it leads to a deadline for the next try, never to an exception. */
export type EffectResult =
  | { readonly kind: 'removed'; readonly at: Instant; readonly version: string; readonly orders: number }
  | { readonly kind: 'already-gone'; readonly was: string }
  | { readonly kind: 'version-differs'; readonly version: string }
  | { readonly kind: 'restored' }
  | { readonly kind: 'already-live' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'captured'; readonly digest: string; readonly version: string }
  | ShopResult
  /** Without a packet when something is missing that the packet must not be sent without. */
  | { readonly kind: 'built'; readonly packet?: string; readonly missing: readonly MissingItem[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** The result of an attempt (`try`) at the effect with that key. */
export interface RecordEffectResult extends Command {
  readonly kind: 'recordEffectResult';
  readonly key: string;
  readonly try: number;
  readonly result: EffectResult;
}

/** A new effect at its first try. */
export function ordered(kind: EffectKind, key: string): OwedEffect {
  return { kind, key, try: 1 };
}

/** The events about an effect that failed: it waits until `retryAt`, then its next try is due. */
export type EffectEvent =
  | { readonly type: 'EffectFailed'; readonly key: string; readonly reason: string; readonly retryAt: Instant }
  | { readonly type: 'RetryDue'; readonly key: string };
export type TroubleEvent = { readonly cause: Cause } & EffectEvent;

/** The state after such an event. `slots` are the fields in which the state keeps its effects. */
export function evolveEffects<K extends string, S extends { readonly [P in K]?: OwedEffect }>(state: S, slots: readonly K[], event: EffectEvent): S {
  const changed = slots.flatMap((slot) => {
    const effect = state[slot];
    return effect?.key === event.key ? [[slot, afterTrouble(effect, event)] as const] : [];
  });
  return changed.length === 0 ? state : { ...state, ...Object.fromEntries(changed) };
}

/** An effect after such an event; the effect is unchanged when the event is about another key. */
export function afterTrouble<E extends OwedEffect>(effect: E, event: EffectEvent): Omit<E, 'retryAt'> & { readonly retryAt?: Instant } {
  if (effect.key !== event.key) return effect;
  const { retryAt: _, ...rest } = effect;
  return event.type === 'RetryDue' ? rest : { ...rest, try: effect.try + 1, retryAt: event.retryAt };
}

/** Whether a result belongs to the attempt that is owed now. */
export function isOutcomeOf(effect: OwedEffect | undefined, outcome: { readonly key: string; readonly try: number }): effect is OwedEffect {
  return effect?.key === outcome.key && effect.try === outcome.try && effect.retryAt === undefined;
}

/** Whether an attempt may be under way right now. */
export function isInFlight(effect: OwedEffect | undefined): boolean {
  return effect !== undefined && effect.retryAt === undefined;
}

/** The effect in the form in which the engine carries it out; nothing while it waits for its next try. */
export function listOwed(effect: OwedEffect | undefined, args: Effect['args']): readonly Effect[] {
  if (effect === undefined || effect.retryAt !== undefined) return [];
  return [{ kind: effect.kind, key: effect.key, try: effect.try, args }];
}
