/**
 * The closed list of what activities throw on purpose. Adapters know nothing of Temporal: `outage.ts` turns these into
 * what the server understands.
 */
export const FailureType = {
  marketplaceUnavailable: 'marketplace-unavailable',
  marketplaceRejected: 'marketplace-rejected',
  mailUnavailable: 'mail-unavailable',
  webhookUnavailable: 'webhook-unavailable',
  vaultUnavailable: 'vault-unavailable',
  vaultCorrupt: 'vault-corrupt',
  packetProfileUnknown: 'packet-profile-unknown',
} as const;
export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** Code of a mail that was put off by whom it is for. */
export const MAIL_PUT_OFF = 'mail-put-off';

/** Types that may pass by themselves: trying again is the cure. */
const TRANSIENT: ReadonlySet<FailureType> = new Set([
  FailureType.marketplaceUnavailable,
  FailureType.mailUnavailable,
  FailureType.webhookUnavailable,
  FailureType.vaultUnavailable,
]);

/** Longest detail that is kept: it comes from outside and ends up in logs and decisions. */
const LONGEST_DETAIL = 200;

/** An outside system did not do what was asked. `code` is short and of a closed form, fit for a decision's record. */
export class ActivityFailure extends Error {
  readonly type: FailureType;
  readonly code: string;
  /** How long the other side asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(type: FailureType, code: string, detail: string, retryAfterMs?: number) {
    super(`${type}: ${plain(detail)}`);
    this.name = 'ActivityFailure';
    this.type = type;
    this.code = code;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }

  /** Whether trying again later can help. */
  get isTransient(): boolean {
    return TRANSIENT.has(this.type);
  }
}

/** The marketplace cannot be reached, is overloaded, or answers what nobody understands. */
export function marketplaceUnavailable(detail: string, retryAfterMs?: number): ActivityFailure {
  return new ActivityFailure(FailureType.marketplaceUnavailable, FailureType.marketplaceUnavailable, detail, retryAfterMs);
}

/** The marketplace has not answered in the time that a request may take. */
export class NoReplyInTime extends ActivityFailure {
  constructor(timeoutMs: number) {
    super(FailureType.marketplaceUnavailable, FailureType.marketplaceUnavailable, `no reply within ${timeoutMs} ms`);
  }
}

/** The marketplace says no, and will say no again. `code` is its own; one of a strange form becomes `rejected`. */
export function marketplaceRejected(code: string, detail: string): ActivityFailure {
  return new ActivityFailure(FailureType.marketplaceRejected, /^[a-z0-9-]{1,64}$/.test(code) ? code : 'rejected', `${code}: ${detail}`);
}

/** The mail host cannot be reached, asks to try later, or does not let us in. */
export function mailUnavailable(detail: string): ActivityFailure {
  return new ActivityFailure(FailureType.mailUnavailable, FailureType.mailUnavailable, detail);
}

/** The recipient's side puts this one mail off: unlike a mail host that is away, it may not be waited for without end. */
export function mailPutOff(detail: string): ActivityFailure {
  return new ActivityFailure(FailureType.mailUnavailable, MAIL_PUT_OFF, detail);
}

/** An organisation's endpoint cannot be reached, or does not take the message. */
export function webhookUnavailable(detail: string): ActivityFailure {
  return new ActivityFailure(FailureType.webhookUnavailable, FailureType.webhookUnavailable, detail);
}

/** The vault cannot take or give objects at the moment: no space left, not writable, not readable. */
export function vaultUnavailable(why: 'full' | 'read-only' | 'unreadable', detail: string): ActivityFailure {
  return new ActivityFailure(FailureType.vaultUnavailable, `vault-${why}`, detail);
}

/** The vault's object is not what its digest says: evidence that must not be used. */
export function vaultCorrupt(digest: string): ActivityFailure {
  return new ActivityFailure(FailureType.vaultCorrupt, FailureType.vaultCorrupt, `the object ${digest} does not have its digest`);
}

/** A packet is asked for in a profile that this version does not have. */
export function packetUnknown(profile: string): ActivityFailure {
  return new ActivityFailure(FailureType.packetProfileUnknown, FailureType.packetProfileUnknown, `there is no packet profile ${profile}`);
}

function plain(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return clean.length > LONGEST_DETAIL ? `${clean.slice(0, LONGEST_DETAIL)}…` : clean;
}
