import { EffectKind } from '../effects.ts';
import { Measure } from '../policy/policy.ts';

/** The effects that impose and lift each measure. A warning has none: it takes effect by being sent. */
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

/** Whether lifting one measure would lift the other too: for the marketplace, restriction and freeze are the same. */
export function isSameSwitch(a: ActMeasure, b: ActMeasure): boolean {
  return UNDO[a] === UNDO[b];
}
