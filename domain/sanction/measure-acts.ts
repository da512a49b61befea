import { EffectKind } from '../effects.ts';
import { Measure } from '../policy/policy.ts';

/** The effect that takes a measure, and the one that undoes it. A warning has neither: it is the statement itself. */
export const TAKE = {
  [Measure.restrict]: EffectKind.restrictShop,
  [Measure.freeze]: EffectKind.restrictShop,
  [Measure.closeShop]: EffectKind.closeShop,
} as const;
export const UNDO = {
  [Measure.restrict]: EffectKind.liftRestriction,
  [Measure.freeze]: EffectKind.liftRestriction,
  [Measure.closeShop]: EffectKind.reopenShop,
} as const;

/** A measure that is an act on the marketplace. */
export type ActMeasure = keyof typeof TAKE;

/** Whether a measure is an act on the marketplace. */
export function isAct(measure: Measure | string | undefined): measure is ActMeasure {
  return measure !== undefined && Object.hasOwn(TAKE, measure);
}

/** Whether undoing one measure would undo the other too: restriction and freeze are one switch of a shop. */
export function isSameSwitch(a: ActMeasure, b: ActMeasure): boolean {
  return UNDO[a] === UNDO[b];
}
