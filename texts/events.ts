import type { AppealEvent } from '../domain/appeal/model.ts';
import type { CaseEvent } from '../domain/case/model.ts';
import type { ReferralEvent } from '../domain/referral/model.ts';
import type { SanctionEvent } from '../domain/sanction/model.ts';
import { argumentOf, type Kind, Misshapen, type Telling } from './values.ts';

type AnyEvent = CaseEvent | AppealEvent | SanctionEvent | ReferralEvent;
/** The type of an event of any aggregate. */
export type EventType = AnyEvent['type'];

type FieldOf<E> = E extends unknown ? Exclude<keyof E & string, 'type' | 'cause'> : never;
/** A field of an event, or one inside it: `to.person`. In the message it is called `toPerson`. */
type PathOf<E> = FieldOf<E> | `${FieldOf<E>}.${string}`;

const WINDOW = { lapseAt: 'instant', provisional: 'flag' } as const;
const ANSWER = { verdict: 'term:verdict', reasonCode: 'term:reason', basis: 'term:basis', exhibit: 'text' } as const;
const UNTIL = { until: 'instant', provisional: 'flag' } as const;
const COUNTS = { countsFrom: 'instant', provisional: 'flag' } as const;
const SEALED = { as: 'term:status' } as const;
const REASON = { reason: 'text' } as const;
const REMIND = { remindAt: 'instant' } as const;

/** Of every event the fields that its sentence names, and how they are written. */
const FIELDS: { readonly [T in EventType]: { readonly [P in PathOf<Extract<AnyEvent, { type: T }>>]?: Kind } } = {
  CaseOpened: { origin: 'choice', listing: 'text', marketplace: 'text', holder: 'text', riskClass: 'term:risk', linkedTo: 'text' },
  CaptureRecorded: {},
  CaptureAbandoned: REASON,
  CaptureMissing: REASON,
  ConfirmationAsked: WINDOW,
  MoreAsked: WINDOW,
  ConfirmationRearmed: WINDOW,
  WindowExtended: WINDOW,
  WindowRecounted: WINDOW,
  WindowLapsed: { effect: 'choice' },
  VersionJoined: {},
  VersionDiffered: {},
  VerdictGiven: ANSWER,
  VerdictCorrected: { was: 'term:verdict', ...ANSWER },
  Escalated: { 'to.capacity': 'choice', 'to.person': 'text' },
  TakedownOrdered: { provisional: 'flag', ground: 'choice' },
  RemovalConfirmed: {},
  RemovalMissed: {},
  ListingRemoved: { alreadyGone: 'flag', orders: 'number' },
  RemovedProvisionally: UNTIL,
  ProvisionalRemovalEnded: {},
  ProvisionalRemovalRecounted: UNTIL,
  EffectFailed: { reason: 'text', retryAt: 'instant' },
  RetryDue: {},
  PutBackOrdered: { reason: 'choice' },
  PutBackWithheld: {},
  ListingRestored: { result: 'choice' },
  ExhibitBooked: { exhibit: 'text' },
  CustodyRecorded: { exhibit: 'text', 'step.act': 'choice', 'step.organisation': 'text' },
  CounterNoticeFiled: { statement: 'text' },
  SellerIdentified: {},
  HolderAdopted: { holder: 'text' },
  CaseDismissed: { verdict: 'term:verdict' },
  CaseLapsed: {},
  CaseCancelled: {},
  CaseSealed: SEALED,
  LedgerEntered: { points: 'number', expiresAt: 'instant', ...COUNTS },
  LedgerUnchanged: { reason: 'choice' },
  LedgerHeld: {},
  LedgerReleased: COUNTS,
  LedgerRecounted: COUNTS,
  LedgerAmended: { points: 'number' },
  LedgerVoided: { reason: 'choice' },
  AppealOpened: { appeal: 'term:appeal' },
  ReviewAsked: REMIND,
  NoticeOffered: UNTIL,
  OfferRecounted: UNTIL,
  NoticeFiled: {},
  AppealDecided: { decision: 'choice', ...REASON },
  AppealSealed: SEALED,
  SanctionProposed: { 'step.measure': 'term:measure', 'step.points': 'number', points: 'number' },
  ApprovalAsked: REMIND,
  SanctionApproved: REASON,
  SanctionRejected: REASON,
  MeasureOrdered: {},
  MeasureTaken: { until: 'instant', result: 'choice' },
  LiftOrdered: REASON,
  LiftWithheld: { held: 'term:measure' },
  MeasureLifted: { result: 'choice' },
  MeasureReordered: { held: 'term:measure' },
  MeasureRestored: {},
  Reconsidered: { points: 'number', stands: 'flag' },
  SanctionSealed: SEALED,
  ReferralOpened: { 'recipient.name': 'text', number: 'number' },
  SubmissionBegun: { submission: 'number', cases: 'count' },
  CasesAdded: { cases: 'count' },
  AppraisalAsked: { brands: 'list', until: 'instant' },
  AppraisalGiven: { brand: 'text' },
  BrandsReminded: { brands: 'list' },
  CasesLeftOut: { cases: 'count', reason: 'choice' },
  PacketOrdered: {},
  PacketBuilt: { packet: 'choice', missing: 'count' },
  PacketIncomplete: { items: 'list' },
  ItemWaived: { item: 'text', ...REASON },
  SendingProposed: { by: 'text', ...REASON },
  SendingApproved: { by: 'text', ...REASON },
  SubmissionRejected: REASON,
  SubmissionOrdered: { submission: 'number' },
  SubmissionDelivered: { state: 'choice', ...REMIND },
  SubmissionBounced: REMIND,
  SubmissionDropped: REASON,
  ReceiptRecorded: { reference: 'text' },
  ReferralRefused: REASON,
  QuestionAsked: { question: 'number', words: 'text' },
  QuestionAnswered: { question: 'number', words: 'text' },
  FactRecorded: { outcome: 'term:action' },
  LiaisonReminded: REMIND,
  ReferralClosed: REASON,
  ReferralWithdrawn: REASON,
  ReferralSealed: SEALED,
};

/** The types of all events that have a sentence. */
export const EVENT_TYPES: readonly string[] = Object.keys(FIELDS);

/** The values that the sentence of an event names, by the names of the message's arguments; absent ones left out. */
export type EventValues = Readonly<Record<string, unknown>>;

/** What of an event its sentence needs, to be sent to where it is written. Values that are salted stay so. */
export function eventValues(event: { readonly type: string }): EventValues {
  const found = fieldsOf(event.type).map(([path]) => [argumentName(path), at(event, path)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/**
 * An event as a sentence without its full stop: the same in the timeline, in replay and on the command line.
 * `undefined` where there is no sentence: a type that no rule of this release has, or values that no rule wrote.
 */
export function eventSentence(type: string, values: EventValues, telling: Telling): string | undefined {
  if (!isEventType(type)) return undefined;
  try {
    const named = fieldsOf(type).map(([path, kind]) => {
      const name = argumentName(path);
      return [name, argumentOf(kind, values[name], telling)] as const;
    });
    return telling.texts.say(`event.${type}`, Object.fromEntries(named));
  } catch (error) {
    if (error instanceof Misshapen) return undefined;
    throw error;
  }
}

/** The arguments of an event's sentence. */
export function argumentNames(type: string): readonly string[] {
  return fieldsOf(type).map(([path]) => argumentName(path));
}

/** The fields of an event at its top that its sentence names. */
export function namedFields(type: string): readonly string[] {
  return fieldsOf(type).map(([path]) => path.split('.')[0] ?? path);
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(FIELDS, type);
}

function fieldsOf(type: string): readonly (readonly [path: string, kind: Kind])[] {
  const fields: { readonly [path: string]: Kind | undefined } = isEventType(type) ? FIELDS[type] : {};
  return Object.entries(fields).flatMap(([path, kind]) => (kind === undefined ? [] : [[path, kind] as const]));
}

/** `to.person` as `toPerson`. */
function argumentName(path: string): string {
  return path.replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function at(event: object, path: string): unknown {
  return path.split('.').reduce<unknown>((node, name) => {
    const isThere = typeof node === 'object' && node !== null && Object.hasOwn(node, name);
    return isThere ? Reflect.get(node, name) : undefined;
  }, event);
}
