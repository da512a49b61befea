import { randomBytes } from 'node:crypto';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { MachineKeyRow } from '../schema/entities/access.ts';
import type { Manager } from '../connection/orm.ts';
import { newToken, tokenHash } from './tokens.ts';

/** What a key may be used for; a key without `write` changes nothing. */
export const KeyScope = { read: 'read', write: 'write', export: 'export', webhooks: 'webhooks' } as const;
export type KeyScope = (typeof KeyScope)[keyof typeof KeyScope];

export const KEY_PREFIX = 'ik_';
const SEEN_EVERY_MS = 60_000;

/** What is asked for a new key. */
export interface KeyOrder {
  readonly who: string;
  readonly label: string;
  readonly scopes: readonly KeyScope[];
  readonly expiresAt?: Instant;
}

/** A key as it is shown: once. */
export interface NewKey {
  readonly id: string;
  readonly key: string;
}

/** Makes a key; it is shown now and never again. */
export async function createKey(em: Manager, { who, label, scopes, expiresAt }: KeyOrder, now: Instant): Promise<NewKey> {
  const id = `key-${randomBytes(8).toString('hex')}`;
  const key = `${KEY_PREFIX}${newToken()}`;
  const row = { id, hash: tokenHash(key), who, label, scopes, madeAt: now, expiresAt: expiresAt ?? null, revokedAt: null, seenAt: null };
  await em.insert(MachineKeyRow, row);
  return { id, key };
}

/** A new key with the same rights; the old one ends after `overlapMs`, so that both work while the machine is changed over. */
export async function rotateKey(em: Manager, id: string, now: Instant, overlapMs: number): Promise<NewKey | undefined> {
  const old = await em.findOne(MachineKeyRow, { id, revokedAt: null });
  if (old === null) return undefined;
  const ends = plusMs(now, overlapMs);
  const expiresAt = old.expiresAt != null && old.expiresAt < ends ? old.expiresAt : ends;
  await em.nativeUpdate(MachineKeyRow, { id }, { expiresAt });
  // Written by `createKey`, which takes known scopes only.
  return createKey(em, { who: old.who, label: old.label, scopes: old.scopes as readonly KeyScope[] }, now);
}

/** Ends a key at once. Returns whether there was one. */
export async function revokeKey(em: Manager, id: string, now: Instant): Promise<boolean> {
  return (await em.nativeUpdate(MachineKeyRow, { id, revokedAt: null }, { revokedAt: now })) > 0;
}

/** All keys, newest first; never a hash. */
export async function listKeys(em: Manager, who?: string): Promise<readonly Omit<MachineKeyRow, 'hash' | 'operator'>[]> {
  const rows = await em.find(MachineKeyRow, who === undefined ? {} : { who }, { orderBy: { madeAt: 'desc', id: 'asc' } });
  return rows.map(({ id, who: owner, label, scopes, madeAt, expiresAt, revokedAt, seenAt }) => ({
    id,
    who: owner,
    label,
    scopes,
    madeAt,
    expiresAt,
    revokedAt,
    seenAt,
  }));
}

/** The key's row while it is good. */
export async function keyOf(em: Manager, key: string, now: Instant): Promise<MachineKeyRow | undefined> {
  const row = await em.findOne(MachineKeyRow, { hash: tokenHash(key) });
  if (row === null || row.revokedAt != null || (row.expiresAt != null && row.expiresAt <= now)) return undefined;
  if (row.seenAt == null || plusMs(row.seenAt as Instant, SEEN_EVERY_MS) <= now)
    await em.nativeUpdate(MachineKeyRow, { id: row.id }, { seenAt: now });
  return row;
}
