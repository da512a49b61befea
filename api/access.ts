import { CATALOGUE, type CommandOperation } from '../commands/catalogue.ts';
import { Capacity } from '../domain/aggregate.ts';
import { type CommandName, GIVEN_BY } from '../domain/commands.ts';

const { governance: G, rightsHolder: B, accountManager: M, seller: S, auditor: A, liaison: L } = Capacity;
const STAFF = [G, A, L] as const;
const BRAND = [B, M] as const;
const EVERYBODY = [G, B, M, S, A, L] as const;

/** Who may read, and who may do what is no command of an aggregate. */
const OTHERS = {
  'session.read': EVERYBODY,
  'session.end': EVERYBODY,
  'case.list': EVERYBODY,
  'case.read': EVERYBODY,
  'case.count': [...STAFF, ...BRAND],
  'case.capture': [...STAFF, ...BRAND],
  'case.export': [...STAFF, ...BRAND],
  'queue.read': [G, ...BRAND],
  'case.claim': [G, ...BRAND],
  'sanction.list': [...STAFF, S],
  'exhibit.read': [...STAFF, ...BRAND],
  'document.store': [G, B],
  // A packet holds the records of all parties: it is for those who send it and those who check it.
  'packet.read': STAFF,
  'recipient.read': STAFF,
  // Not sellers, and brands only by way of what they are asked: a referral is confidential.
  'referral.read': STAFF,
  'appraisal.read': [B],
  'message.read': EVERYBODY,
  'seller.list': STAFF,
  'seller.read': [...STAFF, S],
  'register.read': [...STAFF, ...BRAND],
  'register.import': [G],
  // Not sellers: what detectors look for stands in it. Their own ladder and windows are in their views.
  'policy.read': [...STAFF, ...BRAND],
  'policy.check': [G, A],
  'policy.activate': [G],
  'audit.history': [G, A],
  'audit.replay': [G, A],
  'audit.verify': [G, A],
  'audit.access-log': [A],
  'live.read': EVERYBODY,
  'key.read': [G],
  'webhook.manage': [G, B],
  'calendar.manage': BRAND,
} as const satisfies Record<string, readonly Capacity[]>;

export type Operation = CommandOperation | keyof typeof OTHERS;

/**
 * Who may do what: operation -> capacities. What of it somebody may reach is `REACH`; what the rules allow now is the log's. Who may
 * give a command is what the decide tables say, so that nothing is offered to somebody whom the rules always refuse, and nothing
 * withheld that they allow.
 */
export const ACCESS: Readonly<Record<Operation, readonly Capacity[]>> = { ...OTHERS, ...peopleOf(CATALOGUE) };

/** The people among those who may give each operation's commands; detectors and the engine do not use the entry points. */
function peopleOf(commands: typeof CATALOGUE): Readonly<Record<CommandOperation, readonly Capacity[]>> {
  const people = (names: readonly CommandName[]): readonly Capacity[] =>
    EVERYBODY.filter((capacity) => names.some((name) => GIVEN_BY.get(name)?.includes(capacity)));
  const found: Readonly<Record<string, readonly Capacity[]>> = Object.fromEntries(
    commands.map(({ operation }) => [operation, people(commands.flatMap((one) => (one.operation === operation ? [one.name] : [])))]),
  );
  // Its keys are those of the catalogue that was walked.
  return found as Readonly<Record<CommandOperation, readonly Capacity[]>>;
}

/** Kinds of ids that a request can name. */
export const IdKind = {
  case: 'case',
  appeal: 'appeal',
  sanction: 'sanction',
  referral: 'referral',
  aggregate: 'aggregate',
  organisation: 'organisation',
  seller: 'seller',
  endpoint: 'endpoint',
  recipient: 'recipient',
} as const;
export type IdKind = (typeof IdKind)[keyof typeof IdKind];

/**
 * What of a kind a capacity reaches: `any` that exists; what it is a `party` to; of that, only what it has been `told` of; that in
 * which its own cases are `concerned`; its `own` organisations or itself; or `none`. Everything out of reach is answered like what
 * does not exist.
 */
export type Reach = 'any' | 'party' | 'told' | 'concerned' | 'own' | 'none';

const AGGREGATE: Readonly<Record<string, Reach>> = { [G]: 'party', [A]: 'party', [L]: 'party', [B]: 'party', [M]: 'party', [S]: 'told' };

const REACH: { readonly [K in IdKind]: Readonly<Record<string, Reach>> } = {
  case: AGGREGATE,
  appeal: AGGREGATE,
  sanction: AGGREGATE,
  referral: { [G]: 'party', [A]: 'party', [L]: 'party', [B]: 'concerned' },
  aggregate: AGGREGATE,
  organisation: { [G]: 'any', [A]: 'any', [L]: 'any', [B]: 'own', [M]: 'own' },
  seller: { [G]: 'any', [A]: 'any', [L]: 'any', [S]: 'own' },
  endpoint: { [G]: 'own', [B]: 'own' },
  recipient: { [G]: 'any', [A]: 'any', [L]: 'any' },
};

/** Whether a capacity has an operation at all. */
export function may(capacity: Capacity, operation: Operation): boolean {
  return ACCESS[operation].some((allowed) => allowed === capacity);
}

/** The operations of a capacity. */
export function operationsOf(capacity: Capacity): readonly Operation[] {
  return (Object.keys(ACCESS) as Operation[]).filter((operation) => may(capacity, operation));
}

/** How far a capacity reaches among the ids of a kind. */
export function reachOf(capacity: Capacity, kind: IdKind): Reach {
  return REACH[kind][capacity] ?? 'none';
}
