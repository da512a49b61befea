import { domainToUnicode } from 'node:url';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { normalAddress } from '../../domain/mail-address.ts';
import { PersonRow, SellerRow } from '../schema/entities/register.ts';
import { SessionRow, SignInLinkRow } from '../schema/entities/access.ts';
import type { Manager } from '../connection/orm.ts';
import { newToken, tokenHash } from './tokens.ts';

/** Made-up lengths, in milliseconds: a link waits for its mail, a session for a working day. */
export const LINK_LASTS_MS = 30 * 60_000;
const SESSION_IDLE_MS = 2 * 3_600_000;
const SESSION_LASTS_MS = 12 * 3_600_000;
/** A session is marked as seen at most so often: reading must not write on every request. */
const SEEN_EVERY_MS = 60_000;

/** Makes a link for a person or seller; the token is returned once and kept as a hash. */
export async function makeLink(em: Manager, who: string, now: Instant, lastsMs = LINK_LASTS_MS): Promise<string> {
  const token = newToken();
  await em.insert(SignInLinkRow, { hash: tokenHash(token), who, madeAt: now, expiresAt: plusMs(now, lastsMs), usedAt: null });
  return token;
}

/** Whether a link could be used now; says nothing of whose it is. */
export async function isLinkGood(em: Manager, token: string, now: Instant): Promise<boolean> {
  const row = await em.findOne(SignInLinkRow, { hash: tokenHash(token) });
  return row !== null && row.usedAt == null && row.expiresAt > now;
}

/** Uses a link up: the first caller gets whose it is, every other one nothing. */
export async function useLink(em: Manager, token: string, now: Instant): Promise<string | undefined> {
  const [row] = await em.execute<{ who: string }[]>(
    'update sign_in_link set used_at = ? where hash = ? and used_at is null and expires_at > ? returning who',
    [now, tokenHash(token), now],
  );
  return row?.who;
}

/** Begins a session; the token is the cookie and is kept as a hash. */
export async function beginSession(em: Manager, who: string, how: 'link' | 'oidc', now: Instant): Promise<string> {
  const token = newToken();
  const row = { hash: tokenHash(token), who, how, beganAt: now, seenAt: now, expiresAt: plusMs(now, SESSION_LASTS_MS), endedAt: null };
  await em.insert(SessionRow, row);
  return token;
}

/** Whose session this is, unless it has ended, has been idle for too long or has run out. */
export async function sessionOf(em: Manager, token: string, now: Instant, as: 'seen' | 'unseen' = 'seen'): Promise<SessionRow | undefined> {
  const row = await em.findOne(SessionRow, { hash: tokenHash(token) });
  if (row === null || row.endedAt != null || row.expiresAt <= now || plusMs(row.seenAt as Instant, SESSION_IDLE_MS) <= now) return undefined;
  if (as === 'seen' && plusMs(row.seenAt as Instant, SEEN_EVERY_MS) <= now) await em.nativeUpdate(SessionRow, { hash: row.hash }, { seenAt: now });
  return row;
}

/** Ends a session. */
export async function endSession(em: Manager, hash: string, now: Instant): Promise<void> {
  await em.nativeUpdate(SessionRow, { hash, endedAt: null }, { endedAt: now });
}

/** Everybody whom a mail address reaches: persons who are not revoked, and sellers. */
export async function whoHasMail(em: Manager, mail: string, now: Instant): Promise<readonly string[]> {
  const forms = formsOf(mail);
  const persons = await em.execute<{ id: string }[]>('select id from person where lower(mail) in (?) and (revoked_at is null or revoked_at > ?)', [
    forms,
    now,
  ]);
  const sellers = await em.execute<{ id: string }[]>('select id from seller where lower(mail) in (?)', [forms]);
  return [...persons, ...sellers].map((row) => row.id).sort();
}

/** As it is written, and with the domain in both of its forms: which one the register has, nobody who signs in knows. */
function formsOf(mail: string): string[] {
  const normal = normalAddress(mail);
  const at = normal.lastIndexOf('@') + 1;
  return [...new Set([mail.toLowerCase(), normal, `${normal.slice(0, at)}${domainToUnicode(normal.slice(at))}`])];
}

/** The name to greet somebody by. */
export async function nameOf(em: Manager, who: string): Promise<string> {
  const person = await em.findOne(PersonRow, { id: who });
  if (person !== null) return person.name;
  const seller = await em.findOne(SellerRow, { id: who });
  const name = seller?.row['name'];
  return typeof name === 'string' && name !== '' ? name : who;
}

/** Whether a person's mandate here has ended; a seller has none that could. */
export async function isRevoked(em: Manager, who: string, now: Instant): Promise<boolean> {
  const person = await em.findOne(PersonRow, { id: who });
  return person?.revokedAt != null && person.revokedAt <= now;
}
