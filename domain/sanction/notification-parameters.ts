import type { Duration } from '../instant.ts';
import type { Measure, PolicyValues } from '../policy/policy.ts';
import type { Salted } from '../salted.ts';
import type { SanctionState } from './model.ts';

/** What is said of a measure: whom it binds, what it is, and why. */
export interface SanctionParameters {
  readonly marketplace: string;
  readonly shops: readonly Salted[];
  readonly zone: string;
  readonly measure: Measure;
  /** Points from which the ladder takes the measure. */
  readonly step: number;
  readonly points: number;
  readonly cases: readonly string[];
  readonly contestWindow: Duration;
  /** By its digest: the source of the ladder stands in the document. */
  readonly policy: string;
}

/** What is said of a sanction to people. */
export function sanctionParameters(_kind: string, state: SanctionState, policy: PolicyValues): SanctionParameters | undefined {
  const { step, policy: digest, marketplace, shops, points, cases } = state;
  if (step === undefined || digest === undefined) return undefined;
  const { ledger, appeals } = policy;
  const measure = { measure: step.measure, step: step.points, points, cases };
  return { marketplace, shops, zone: ledger.calendar.zone, ...measure, contestWindow: appeals.contestWindow, policy: digest };
}
