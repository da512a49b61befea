import { checkAppeal, checkCase } from './check-chain.ts';
import { checkLetters, checkMails, checkShopMessages } from './check-letters.ts';
import { checkPacket } from './check-packet.ts';
import type { Check } from './check-schemas.ts';
import { checkCases, checkLedger, checkListing, checkQueue } from './check-stores.ts';
import type { Finding } from './compare.ts';
import { subjectOf } from './explain.ts';
import { checkReferral, checkReferrals, checkTotals } from './referrals.ts';
import { checkSanction, checkSanctions, checkShop } from './sanctions.ts';
import type { Session } from './session.ts';

/** What an expectation is about, in words. */
export function about(check: Check): string {
  const subject = subjectOf(check) ?? '';
  const what: unknown = Reflect.get(check, subject);
  return `${subject} ${typeof what === 'string' ? what : inWords(what)}`;
}

function inWords(what: unknown): string {
  return typeof what === 'object' && what !== null
    ? Object.values(what)
        .map((value) => (typeof value === 'string' ? value : inWords(value)))
        .join(' ')
    : String(what);
}

/** Looks at everything an expectation says, on what anybody may read: read models, mailbox, marketplace. */
export async function look(session: Session, check: Check): Promise<readonly Finding[]> {
  // The subjects that others have as a field come last: `case` names a listing inside, a ledger row too.
  if ('case' in check) return checkCase(session, check);
  if ('appeal' in check) return checkAppeal(session, check);
  if ('sanction' in check) return checkSanction(session, check);
  if ('sanctions' in check) return checkSanctions(session, check);
  if ('packet' in check) return checkPacket(session, check);
  if ('referral' in check) return checkReferral(session, check);
  if ('referrals' in check) return checkReferrals(session, check);
  if ('shop' in check) return checkShop(session, check);
  if ('cases' in check) return checkCases(session, check);
  if ('queue' in check) return checkQueue(session, check);
  if ('mails' in check) return checkMails(session, check);
  if ('shop-messages' in check) return checkShopMessages(session, check);
  if ('letters' in check) return checkLetters(session, check);
  if ('ledger' in check) return checkLedger(session, check);
  if ('totals' in check) return checkTotals(session, check);
  return checkListing(session, check);
}
