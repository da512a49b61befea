import { canonical, sha256Hex } from '../canonical.ts';
import type { CalendarRef, Duration } from '../instant.ts';
import type { DetectionPolicy } from './detection-policy.ts';
import { completed, schemaOf, type Sourced } from './growth.ts';
import type { ReferralsPolicy } from './referral-policy.ts';

/** What a brand can answer; the words are design.md section 3. */
export type VerdictKind = 'counterfeit' | 'genuine' | 'unauthorised' | 'other-infringement' | 'not-ours' | 'cannot-tell';

/** What happens when the brand stays silent until the window lapses. */
export const SilenceEffect = {
  lapseUnderWatch: 'lapse-under-watch',
  removeProvisionally: 'remove-provisionally',
} as const;
export type SilenceEffect = (typeof SilenceEffect)[keyof typeof SilenceEffect];

/** Measures a penalty step can propose. */
export const Measure = {
  severeWarning: 'severe-warning',
  restrict: 'restrict',
  freeze: 'freeze',
  closeShop: 'close-shop',
} as const;
export type Measure = (typeof Measure)[keyof typeof Measure];

/**
 * A policy document's values with their sources stripped. Durations are counted by `calendars/resolve-duration.ts`;
 * nothing here is a constant in code (design.md 2.8).
 */
export interface PolicyValues {
  readonly name: string;
  readonly version: number;
  /** The counting convention in words, as shown to sellers and brands. */
  readonly counting: string;
  readonly confirmation: ConfirmationPolicy;
  readonly provisionalRemoval: { readonly lasts: Duration };
  readonly riskClasses: { readonly high: HighRisk };
  readonly verdicts: Readonly<Record<VerdictKind, VerdictEffect>>;
  /** The closed set of reason codes, each with the verdicts it may go with. */
  readonly reasonCodes: Readonly<Record<string, readonly VerdictKind[]>>;
  readonly corrections: { readonly window: Duration };
  /** Waits before each further try; the last one repeats. */
  readonly takedown: { readonly retryAfter: readonly Duration[] };
  readonly putBack: { readonly retryAfter: readonly Duration[] };
  readonly capture: { readonly retryAfter: readonly Duration[] };
  readonly ledger: LedgerPolicy;
  readonly sanctions: SanctionsPolicy;
  readonly referrals: ReferralsPolicy;
  readonly appeals: AppealsPolicy;
  readonly rights: { readonly freshness: Duration };
  readonly detection: DetectionPolicy;
}

export interface ConfirmationPolicy {
  readonly remindAfter: readonly Duration[];
  readonly escalateAfter: Duration;
  readonly lapseAfter: Duration;
  readonly onSilence: { readonly standard: SilenceEffect; readonly high: SilenceEffect };
  readonly cannotTellWindow: Duration;
  /** By how much the window is extended at most, by the capacity that asks for it. */
  readonly extensions: Readonly<Record<string, Duration>>;
  readonly rearmsAfterBounce: number;
  readonly digestEveryMinutes: number;
  readonly defaultHours: string;
}

/** Goods that touch body or safety: a listing in one of the classes or with one of the words is of the high class. */
export interface HighRisk {
  readonly niceClasses: readonly string[];
  readonly categoryWords: readonly string[];
}

/** Whether a verdict is a ground to act, and the points it gives the seller. */
export interface VerdictEffect {
  readonly acts: boolean;
  readonly points: number;
}

export interface SanctionsPolicy {
  readonly measures: Readonly<Record<Measure, MeasurePolicy>>;
  readonly retryAfter: readonly Duration[];
  readonly remindOfficerAfter: Duration;
}

/** Whether a second person approves a measure, and how long it lasts (absent = until it is lifted). Plain days on the ledger's expiry calendar. */
export interface MeasurePolicy {
  readonly needsApproval: boolean;
  readonly lasts?: Duration;
}

/** One step of the ladder: from so many points on, this measure. */
export interface Step {
  readonly points: number;
  readonly measure: Measure;
}

export interface LedgerPolicy {
  readonly countsAfter: Duration;
  readonly calendar: CalendarRef;
  readonly expiresAfter: Duration;
  /** The calendar expiry is counted on: plain days (`every-day`), because nobody has to act at an expiry. */
  readonly expiryCalendar: CalendarRef;
  readonly steps: readonly Step[];
}

export interface AppealsPolicy {
  /** How often a seller may contest one removal. */
  readonly counterStatementRounds: number;
  readonly counterStatementRemindOfficerAfter: Duration;
  readonly lateVerdictOfferLasts: Duration;
  readonly contestWindow: Duration;
}

/**
 * A policy document as plain JSON data, each value with its source. `policies/load.ts` checks it once, when it is loaded;
 * afterwards its digest says that it is still the same one.
 */
export interface PolicyDocument {
  /** The form that it is written in; absent = the first (`growth.ts`). */
  readonly schema?: unknown;
  readonly name: string;
  readonly version: number;
  readonly [section: string]: unknown;
}

/** `sha256:` and the SHA-256 of the RFC 8785 JSON of the whole document, sources included: a changed source is a new policy. */
export function policyDigest(document: PolicyDocument): string {
  return `sha256:${sha256Hex(canonical(document))}`;
}

const stripped = new WeakMap<PolicyDocument, PolicyValues>();

/**
 * The values of a checked document without their sources, an older one read with the defaults that later schemas state. The same
 * document gives the same object. Throws `UnknownPolicySchema`.
 */
export function valuesOf(document: PolicyDocument): PolicyValues {
  let values = stripped.get(document);
  if (values === undefined) {
    // The parsed border is policies/schema.ts; offline readers (verifier, replay) have checked the digest instead.
    schemaOf(document);
    values = stripSources(completed(document)) as PolicyValues;
    stripped.set(document, values);
  }
  return values;
}

/**
 * The source of the value at a dotted path (`confirmation.lapseAfter`), or of the nearest value above it; `undefined` when there is
 * none. Of a value that an older document is read with: the default's.
 */
export function sourceOf(document: PolicyDocument, path: string): string | undefined {
  let node: unknown = completed(document);
  for (const key of path.split('.')) {
    if (isSourced(node)) break;
    if (!isRecord(node) || !Object.hasOwn(node, key)) return undefined;
    node = node[key];
  }
  return isSourced(node) ? node.source : undefined;
}

/** The same tree with every `{ value, source }` replaced by its value. */
export function stripSources(node: unknown): unknown {
  if (isSourced(node)) return node.value;
  if (!isRecord(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, stripSources(child)]));
}

/** Whether a node is a leaf of the document: exactly `value` and `source`. */
export function isSourced(node: unknown): node is Sourced {
  return isRecord(node) && Object.keys(node).length === 2 && Object.hasOwn(node, 'value') && typeof node['source'] === 'string';
}

function isRecord(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
