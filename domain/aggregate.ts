import type { CalendarRef, Duration, Instant } from './instant.ts';
import type { PolicyValues } from './policy/policy.ts';
import type { LinkedFact } from './referral/qualifying-cases.ts';
import type { Refusal } from './refusals.ts';
import type { Salted } from './salted.ts';

/** In which capacity somebody acts; what a capacity may do is decided by each aggregate's rules. */
export const Capacity = {
  governance: 'governance',
  rightsHolder: 'rights-holder',
  accountManager: 'account-manager',
  seller: 'seller',
  auditor: 'auditor',
  liaison: 'liaison',
  detector: 'detector',
  engine: 'engine',
} as const;
export type Capacity = (typeof Capacity)[keyof typeof Capacity];

/** Who acts. A person is a salted name; the organisation is a public reference. */
export interface PartyRef {
  readonly capacity: Capacity;
  readonly organisation?: string;
  readonly person?: Salted;
}

/**
 * Something to be decided. `id` is the message id, `${rule}@${due}` of a deadline or `${key}@${try}` of an effect's
 * outcome; it is unique per aggregate, so that a repetition changes nothing. `at` is the only instant a rule may read.
 */
export interface Command {
  readonly id: string;
  readonly at: Instant;
  readonly by: PartyRef;
  readonly kind: string;
}

/** Which message, detector, confirmation or policy value led to an event. */
export interface Cause {
  readonly command: string;
  readonly detectors?: readonly string[];
  readonly policy?: string;
  readonly confirmation?: string;
}

export interface Event {
  readonly type: string;
  readonly cause: Cause;
}

export type Outcome<E extends Event = Event> = { readonly events: readonly E[] } | { readonly refused: Refusal };

/** The one absolute deadline of a state. */
export interface Deadline {
  readonly at: Instant;
  readonly rule: string;
  /** It was counted beyond the published calendars and may move to a later instant. */
  readonly provisional?: true;
}

/** An effect owed now. `key` is fixed by the owing decision and is the idempotency key outside; `try` counts attempts. */
export interface Effect {
  readonly key: string;
  readonly try: number;
  readonly kind: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a workflow acts on after each advance: no rule runs in workflow code. */
export interface NextSteps {
  readonly n: number;
  readonly due?: Deadline;
  readonly owes: readonly { readonly key: string; readonly try: number; readonly kind: string }[];
  readonly final?: true;
}

/** A letter to be sent because of an event. `key` is unique within the decision. */
export interface LetterDraft {
  readonly key: string;
  readonly kind: string;
  readonly to: Recipient;
  /** When it goes out; absent = at once. */
  readonly dueAt?: Instant;
  /** Sent only while this mark is still the state's (`stillWanted`): the "unless decided" of reminders. */
  readonly unless?: string;
  /** Letters of one digest group to one recipient are sent as one mail. */
  readonly digest?: string;
  readonly about: Readonly<Record<string, unknown>>;
}

export type Recipient =
  | { readonly organisation: string; readonly capacity: Capacity }
  | { readonly person: string }
  | { readonly seller: Salted }
  | { readonly governance: true }
  /** Those who deal with authorities. */
  | { readonly liaison: true }
  /** A recipient of referrals, by its id in the register. */
  | { readonly authority: string }
  | { readonly aggregate: string };

/** A due instant a rule needs before it can decide: asked of the store, which has the calendars. */
export interface InstantQuestion {
  readonly name: string;
  readonly from: Instant;
  readonly after: Duration;
  readonly calendar: CalendarRef;
  /** Where in the policy the duration stands, for replay in words. */
  readonly policy: string;
  /** The rule can decide without it: decisions of the time before there were provisional instants may lack the fact. */
  readonly optional?: true;
}

/** How a due instant came about, recorded with the decision: start, calendar, rule, result, data by name and version. */
export interface InstantFact extends InstantQuestion {
  readonly at: Instant;
  readonly data: string;
  /** Counted beyond what is published: to be asked again once there is an official notice. */
  readonly provisional?: true;
}

/** What a rule asks to know before it decides one command. Everything asked is recorded in the decision. */
export interface Questions {
  readonly instants?: readonly InstantQuestion[];
  /** Whether the acting person holds a mandate in that capacity at the command's instant, of the aggregate's holder or of another. */
  readonly mandate?: true | { readonly holder: string };
  /** Whether other aggregates hold the listing down (read under the listing's lock). */
  readonly grounds?: { readonly marketplace: string; readonly listing: string };
  /** How a sealed case stands with all its appeals counted in (read under the listing's lock, so together with `grounds`). */
  readonly stand?: { readonly case: string };
  /** The ledger row of this seller, listing and holder (read under the actor's lock). */
  readonly ledger?: { readonly seller: Salted; readonly listing: string; readonly holder: string };
  /** Who is on duty for this holder at the command's instant. */
  readonly duty?: { readonly holder: string };
  /** The ledger of the actor behind this seller, now and at the instant of a crossing (read under the actor's lock). */
  readonly actor?: { readonly seller: Salted; readonly marketplace: string; readonly crossedAt: Instant };
  /** Whether the acting person opened one of these cases by hand, or is one of these people: nobody approves what they proposed. */
  readonly fourEyes?: { readonly cases: readonly string[]; readonly people: readonly Salted[] };
  /** The cases of an actor and an authority that may get them (read under the actor's lock). */
  readonly linked?: { readonly actor: Salted; readonly recipient: string };
}

/** What part the acting person had in what is to be approved. */
export type FourEyesFact = 'none' | 'opened' | 'proposed';

export type LedgerFact = 'none' | 'counted' | 'voided';

/** An actor's ledger as the log reads it, and which measures other sanctions hold on the same actor's shops on the same marketplace. */
export interface ActorFact {
  readonly version: number;
  /** Points that count at the command's instant. */
  readonly points: number;
  /** Points that counted at the crossing as the ledger stands now: what was voided since is not in it, what expired since is. */
  readonly pointsThen: number;
  readonly held: readonly string[];
}

/** A sealed case as its appeals have left it. */
export interface StandFact {
  readonly isRestricted: boolean;
  /** Since when the restriction that stands now has stood. */
  readonly since: Instant;
  /** What the rights holder said last, in an appeal of any state. */
  readonly latest?: { readonly verdict: string; readonly perRight?: Readonly<Record<string, string>> };
}

/** The facts of one decision. `policy` travels by digest and is put back before deciding. */
export interface Facts {
  readonly policy: PolicyValues;
  readonly instants: Readonly<Record<string, InstantFact>>;
  readonly mandate?: 'valid' | 'revoked' | 'none';
  readonly otherGrounds?: boolean;
  readonly ledger?: LedgerFact;
  readonly duty?: { readonly person?: string; readonly capacity: Capacity };
  readonly actor?: ActorFact;
  readonly fourEyes?: FourEyesFact;
  readonly stand?: StandFact;
  readonly linked?: LinkedFact;
}

/** Facts as recorded: the policy document by its digest. */
export type RecordedFacts = Omit<Facts, 'policy'> & { readonly policy: string };

/** What the store writes because of an event, next to the decision itself. */
export type Write =
  | { readonly ledger: 'enter'; readonly seller: Salted; readonly points: number; readonly countsFrom: Instant | null; readonly expiresAt: Instant }
  | { readonly ledger: 'hold' | 'void' }
  | { readonly ledger: 'release' | 'recount'; readonly countsFrom: Instant }
  | { readonly ledger: 'amend'; readonly points: number }
  | { readonly ground: 'add' | 'remove' };

/** Columns of lists and searches, a pure function of state. */
export interface Summary {
  readonly status: string;
  readonly marketplace: string;
  readonly listing: string;
  readonly holder: string;
  readonly seller?: Salted;
  /** All shops that it binds, where these are several. */
  readonly shops?: readonly Salted[];
  readonly about?: string;
}

/** The rules of one kind of aggregate: pure functions only (`design.md` section 2.3). */
export interface Rules<S, C extends Command, E extends Event> {
  readonly initial: S;
  questions(state: S, command: C, policy: PolicyValues): Questions;
  decide(state: S, command: C, facts: Facts): Outcome<E>;
  evolve(state: S, event: E): S;
  deadline(state: S): Deadline | undefined;
  /** The command that the passing of a deadline is. */
  onDeadline(deadline: Deadline): C;
  effects(state: S): readonly Effect[];
  letters(event: E, after: S, command: C): readonly LetterDraft[];
  /** What the store writes beside the decision: ledger rows and grounds. */
  writes(event: E): readonly Write[];
  /** The mark under which letters with `unless` are still wanted. */
  mark(state: S): string;
  isFinal(state: S): boolean;
  summary(state: S): Summary;
  /** Digest of the policy version pinned at opening. */
  policyOf(state: S): string | undefined;
}
