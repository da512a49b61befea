import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Target } from './faults.ts';
import type { Answer } from './listings.ts';
import type { Operation } from './schemas.ts';

/** What became of a request for an effect: done, answered from the stored reply, refused for a reused key, or kept from being looked at by a fault. */
export type Outcome = 'first' | 'replayed' | 'key-reused' | 'faulted';

/** A request for an effect. */
export interface EffectRequest extends Target {
  readonly at: string;
  readonly operation: Operation;
  readonly key: string;
  /** Digest of method, path and body: a key stands for one of these only. */
  readonly fingerprint: string;
}

const storedReplySchema = z.object({ fingerprint: z.string(), status: z.number(), body: z.string() });
const bodySchema = z.record(z.string(), z.unknown());

const KEY_REUSED: Answer = {
  status: 422,
  body: { code: 'key-reused', message: 'This Idempotency-Key was used for another request.' },
};

/**
 * Does the effect once per key; the same request gets the stored reply for ever, also after a restart.
 * A target that is not known is not stored: nothing was decided, and the caller may be early.
 */
export function once(db: DatabaseSync, request: EffectRequest, effect: () => Answer): { answer: Answer; outcome: Outcome } {
  const stored = db.prepare('select * from replies where key = ?').get(request.key);
  if (stored !== undefined) {
    const { fingerprint, status, body } = storedReplySchema.parse(stored);
    if (fingerprint !== request.fingerprint) return { answer: KEY_REUSED, outcome: 'key-reused' };
    return { answer: { status, body: bodySchema.parse(JSON.parse(body)) }, outcome: 'replayed' };
  }
  const answer = effect();
  if (answer.status !== 404) {
    db.prepare('insert into replies (key, fingerprint, status, body) values (?, ?, ?, ?)').run(
      request.key,
      request.fingerprint,
      answer.status,
      JSON.stringify(answer.body),
    );
  }
  return { answer, outcome: 'first' };
}

/** Notes the request, so that tests can count what was asked and what was done. */
export function note(db: DatabaseSync, request: EffectRequest, outcome: Outcome, fault: string | undefined, answer: Answer | undefined): void {
  const result = answer?.body.status ?? answer?.body.code;
  db.prepare('insert into requests (at, operation, listing, shop, key, outcome, fault, status, result) values (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    request.at,
    request.operation,
    request.listing ?? null,
    request.shop ?? null,
    request.key,
    outcome,
    fault ?? null,
    answer?.status ?? null,
    typeof result === 'string' ? result : null,
  );
}

/** The requests, oldest first, narrowed to a listing, a shop or a key. */
export function readRequests(
  db: DatabaseSync,
  { listing, shop, key }: { listing?: string | undefined; shop?: string | undefined; key?: string | undefined },
): unknown[] {
  const rows = db
    .prepare('select * from requests where (?1 is null or listing = ?1) and (?2 is null or shop = ?2) and (?3 is null or key = ?3) order by seq')
    .all(listing ?? null, shop ?? null, key ?? null);
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
}
