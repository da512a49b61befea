/** Branded identifiers, their builders and the inverse of each. */
export type AggregateId = string & { readonly __brand: 'AggregateId' };

export const AggregateKind = {
  case: 'case',
  appeal: 'appeal',
  sanction: 'sanction',
  referral: 'referral',
} as const;
export type AggregateKind = (typeof AggregateKind)[keyof typeof AggregateKind];

const KINDS: readonly string[] = Object.values(AggregateKind);
const FORM = /^([a-z]+):([0-9a-f]{32})$/;

/** `case:<32 hex digits>`: opaque, made from 128 random bits by whoever opens the aggregate. */
export function aggregateId(kind: AggregateKind, random128: string): AggregateId {
  const id = `${kind}:${random128}`;
  if (!isAggregateId(id)) throw new RangeError(`not 128 random bits in hexadecimal: ${random128}`);
  return id;
}

/** Whether a text from outside has the form of an aggregate id (it may still be unknown). */
export function isAggregateId(text: string): text is AggregateId {
  const match = FORM.exec(text);
  return match !== null && KINDS.includes(match[1] ?? '');
}

/** The kind an aggregate id names. */
export function kindOf(id: AggregateId): AggregateKind {
  return id.slice(0, id.indexOf(':')) as AggregateKind;
}

/** The natural key of a case: one case per marketplace, listing, rights holder and listing version. */
export function caseKey(marketplace: string, listing: string, holder: string, version: string): string {
  return JSON.stringify(['case', marketplace, listing, holder, version]);
}

/** The natural key of an appeal: rounds are counted per case, a cause opens one appeal only. */
export function appealKey(caseId: AggregateId, kind: string, cause: string): string {
  return JSON.stringify(['appeal', caseId, kind, cause]);
}

/** The natural key of a sanction: the step that an actor crossed, and the version of its ledger that showed it. */
export function sanctionKey(actor: string, step: number, version: number): string {
  return JSON.stringify(['sanction', actor, step, version]);
}

/** The natural key of a referral: one actor, one recipient, counted. */
export function referralKey(actor: string, recipient: string, number: number): string {
  return JSON.stringify(['referral', actor, recipient, number]);
}
