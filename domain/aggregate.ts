import type { CalendarRef, Duration, Instant } from './instant.ts';
import type { PolicyValues } from './policy/policy.ts';
import type { Refusal, RefusalCode } from './refusals.ts';
import type { Salted } from './salted.ts';
import type { Write } from './writes.ts';

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

/** A outbox message to be sent because of an event. `key` is unique within the decision. */
export interface OutboxDraft {
  readonly key: string;
  readonly kind: string;
  readonly to: Recipient;
  /** When it goes out; absent = at once. */
  readonly dueAt?: Instant;
  /** Sent only while this reminder token is still the state's (`stillWanted`): the "unless decided" of reminders. */
  readonly unless?: string;
  /** Outbox messages of one digest group to one recipient are sent as one mail. */
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

/**
 * What a rule asks to know before it decides one command; everything asked is recorded in the decision. These are the questions that any
 * aggregate may ask: an aggregate with others extends this with its own (`CaseQuestions`), and the store answers each by its name.
 */
export interface Questions {
  readonly instants?: readonly InstantQuestion[];
  /** Whether the acting person holds a mandate in that capacity at the command's instant, of the aggregate's holder or of another. */
  readonly mandate?: true | { readonly holder: string };
  /** Whether the acting person opened one of these cases by hand, or is one of these people: nobody approves what they proposed. */
  readonly fourEyes?: { readonly cases: readonly string[]; readonly people: readonly Salted[] };
}

/** What part the acting person had in what is to be approved. */
export type FourEyesFact = 'none' | 'opened' | 'proposed';

/** The answers to `Questions`. `policy` travels by digest and is put back before deciding. */
export interface Facts {
  readonly policy: PolicyValues;
  readonly instants: Readonly<Record<string, InstantFact>>;
  readonly mandate?: 'valid' | 'revoked' | 'none';
  readonly fourEyes?: FourEyesFact;
}

/** Facts as recorded: the policy document by its digest. */
export type RecordedFacts = Omit<Facts, 'policy'> & { readonly policy: string };

/** Who may read an aggregate: an organisation or a seller. `aggregate`: another one than that which names the party. */
export type Party = { readonly capacity: Capacity; readonly aggregate?: string } & ({ readonly organisation: string } | { readonly seller: Salted });

/** The organisation under which the platform's own people are parties. */
export const PLATFORM = 'platform';

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

/** What an opening command says while there is no state yet: the policy that it pins, and what the aggregate is about. */
export interface Opening {
  /** Digest of the policy version; undefined when the command opens nothing. */
  readonly policy?: string;
  readonly summary: Summary;
}

/** The part of a handler that is data: who may give the command, and where the aggregate must stand. */
export interface Permission {
  readonly by: readonly Capacity[];
  readonly in: readonly string[];
}

/** The rules of one kind of aggregate, as `defineAggregate` makes them: pure functions only. */
export interface Rules<S, C extends Command, E extends Event, Q extends Questions = Questions, F extends Facts = Facts> {
  readonly kind: string;
  /** Every command by its kind: who may give it and where. */
  readonly handlers: { readonly [K in C['kind']]: Permission };
  readonly initial: S;
  questions(state: S, command: C, policy: PolicyValues): Q | Questions;
  /** Why the command would be refused whatever it says, because of who gives it or of the aggregate's status; undefined when it would not. */
  guard(state: S, command: Command, facts: Facts): RefusalCode | undefined;
  decide(state: S, command: C, facts: F): Outcome<E>;
  evolve(state: S, event: E): S;
  deadline(state: S): Deadline | undefined;
  /** The command that the passing of a deadline is. */
  onDeadline(deadline: Deadline): C;
  effects(state: S): readonly Effect[];
  outbox(event: E, after: S, command: C): readonly OutboxDraft[];
  /** What a notification of that kind says of the aggregate, beside what its event says; see `defineAggregate`. */
  parameters(kind: string, state: S, policy: PolicyValues): object | undefined;
  /** What the store writes beside the decision: ledger rows and grounds. */
  writes(event: E): readonly Write[];
  /** Everybody who may read the aggregate, if one of these events changes that; otherwise nobody. */
  parties(after: S, events: readonly E[]): readonly Party[];
  /** The reminder token: outbox messages with `unless` are sent only while they name it. */
  reminderToken(state: S): string;
  isFinal(state: S): boolean;
  summary(state: S): Summary;
  /** What an opening command says; called for no other command. */
  opening(command: C): Opening;
  /** Digest of the policy version pinned at opening. */
  policyOf(state: S): string | undefined;
}

/** Which command and which policy value led to an event. */
export function cause(command: { readonly id: string }, policy?: string): Cause {
  return { command: command.id, ...(policy !== undefined && { policy }) };
}

/** Makes the event that closes a chain, under the aggregate's own name for it. Nothing can be added afterwards. */
export function sealing<const T extends string>(type: T) {
  return <const A extends string>(as: A, at: Instant, because: Cause) => ({ type, as, at, cause: because });
}
