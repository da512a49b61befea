import type { Duration, Instant } from '../instant.ts';
import type { PolicyValues, SilenceEffect } from '../policy/policy.ts';
import { CaseNotification } from './notifications.ts';
import type { CaseState, Found, RiskClass, VerdictDetails } from './model.ts';

/** What a notification is about, by references: names are looked up when it is written. */
export interface CaseMatter {
  readonly marketplace: string;
  readonly market: string;
  readonly listing: string;
  readonly holder: string;
  /** Zone in which instants are told. */
  readonly zone: string;
}

/** What silence will do, as the policy says it for the case's risk class. */
export interface Silence {
  readonly riskClass: RiskClass;
  readonly effect: SilenceEffect;
  /** How long a provisional removal lasts. */
  readonly removalLasts: Duration;
}

/** What the reasons for a removal rest on, as the case stands right after the decision that sends them. */
export interface RemovalGrounds extends Found {
  readonly rights: readonly string[];
  readonly answer?: Pick<VerdictDetails, 'verdict' | 'reasonCode' | 'basis'>;
  readonly until?: Instant;
  /** The holidays up to that end are not all published: it may become later. */
  readonly mayMove?: true;
  readonly sealedAt?: Instant;
  readonly contestWindow: Duration;
  readonly policy: { readonly name: string; readonly version: number };
}

/** What the decision that sends a notification fixes for it, beside what its event says. */
export interface CaseParameters {
  readonly matter: CaseMatter;
  readonly silence?: Silence;
  readonly findings?: readonly string[];
  readonly grounds?: RemovalGrounds;
}

/** Kinds that state reasons (DSA 17), and kinds that say what silence does. */
const REASONED: readonly string[] = [CaseNotification.statementOfReasons, CaseNotification.removalConfirmed];
const WARNING: readonly string[] = [CaseNotification.ask, CaseNotification.reminder, CaseNotification.escalation];

/** What is said of a case to people, by the kind of the notification. Undefined where the state was folded before it held what is needed. */
export function caseParameters(kind: string, state: CaseState, policy: PolicyValues): CaseParameters | undefined {
  const { marketplace, market, listing, holder, calendar, found } = state;
  const matter = { marketplace, market, listing, holder, zone: calendar.zone };
  if (REASONED.includes(kind)) return found && { matter, grounds: groundsOf(state, found, policy) };
  if (kind === CaseNotification.ask) return found && { matter, silence: silenceOf(state, policy), findings: found.findings };
  return { matter, ...(WARNING.includes(kind) && { silence: silenceOf(state, policy) }) };
}

function silenceOf({ riskClass }: CaseState, { confirmation, provisionalRemoval }: PolicyValues): Silence {
  return { riskClass, effect: confirmation.onSilence[riskClass], removalLasts: provisionalRemoval.lasts };
}

function groundsOf({ rights, answer, provisionalUntil, untilOpen, sealedAt }: CaseState, found: Found, policy: PolicyValues): RemovalGrounds {
  return {
    ...found,
    rights,
    contestWindow: policy.appeals.contestWindow,
    policy: { name: policy.name, version: policy.version },
    ...(answer && { answer: { verdict: answer.verdict, reasonCode: answer.reasonCode, basis: answer.basis } }),
    ...(provisionalUntil !== undefined && { until: provisionalUntil, ...(untilOpen && { mayMove: true as const }) }),
    ...(sealedAt !== undefined && { sealedAt }),
  };
}
