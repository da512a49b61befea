import type { MailKind, Matter, ParamsOf, Reasons, SanctionReasons } from '../../notifications/parameters.ts';
import type { Silence } from '../../domain/case/notification-parameters.ts';
import { instant } from '../../domain/instant.ts';

const HOSTILE = 'Rolex\r\n<script>alert("1")</script>\u202E & co';
export const LAPSE = instant('2025-10-06T16:00:00Z');
export const matter: Matter = {
  reference: `case:${'a'.repeat(32)}`,
  marketplace: 'ebay',
  market: 'DE',
  listing: 'ebay:1',
  title: HOSTILE,
  holder: 'Rolex SA',
  zone: 'Europe/Berlin',
  page: `https://cases.test/cases/case:${'a'.repeat(32)}`,
};
export const standard: Silence = { riskClass: 'standard', effect: 'lapse-under-watch', removalLasts: { n: 14, unit: 'calendar-days' } };
export const high: Silence = { ...standard, riskClass: 'high', effect: 'remove-provisionally' };
export const reasons: Reasons = {
  provisional: false,
  removedAt: instant('2025-10-02T09:00:00Z'),
  alreadyGone: false,
  source: 'detection',
  detectors: ['mark-use@1'],
  findings: ['the title uses the mark'],
  answer: { verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' },
  rights: ['trademark “ROLEX”, DE R1'],
  contest: { window: { n: 183, unit: 'calendar-days' }, until: instant('2026-04-07T22:00:00Z') },
  policy: { name: 'default', version: 1 },
};
export const ask: ParamsOf<'ask'> = { matter, to: 'holder', kind: 'ask', lapseAt: LAPSE, silence: standard, findings: ['the title uses the mark'] };
export const statementOf = (more: Partial<Reasons>): ParamsOf<'statement-of-reasons'> => ({
  matter,
  to: 'seller',
  kind: 'statement-of-reasons',
  reasons: { ...reasons, ...more },
});

/** A sanction is about a shop, whose id is the seller's own choice of words. */
export const shop = { ...matter, listing: '<script>alert("1")</script> & co' };
export const sanction: SanctionReasons = {
  ...{ measure: 'close-shop', step: 48, points: 50, cases: ['case:1', 'case:2'] },
  ...{ policy: { name: 'default', version: 1 }, source: 'Ladder C' },
};
export const takenOf = (measure: SanctionReasons['measure'], more: Partial<ParamsOf<'sanction-taken'>> = {}): ParamsOf<'sanction-taken'> => ({
  ...{ matter: shop, to: 'seller', kind: 'sanction-taken', reasons: { ...sanction, measure }, result: 'closed' },
  contestWindow: { n: 183, unit: 'calendar-days' },
  ...more,
});

/** A referral names no listing; the authority's name comes from an import. */
const { page: _, ...unlinked } = { ...matter, listing: '', marketplace: '' };
const authority = 'Unit <script>alert("2")</script>';
const referred = { matter: { ...unlinked, page: `https://cases.test/referrals/referral:${'b'.repeat(32)}` }, authority };
/** An authority has no page here. */
const sent = { matter: unlinked, authority };

/** One of every kind: a kind that is forgotten here does not compile. */
/** An event of a case as its notification keeps it. */
const EXTENDED = { type: 'WindowExtended', lapseAt: LAPSE };

export const EVERY: { readonly [K in MailKind]: ParamsOf<K> } = {
  ask,
  reminder: { matter, to: 'holder', kind: 'reminder', number: 2, lapseAt: LAPSE, silence: standard },
  'more-asked': { matter, to: 'holder', kind: 'more-asked', lapseAt: LAPSE },
  'listing-edited': { matter, to: 'holder', kind: 'listing-edited' },
  escalation: { matter, to: 'staff', kind: 'escalation', because: 'silence', lapseAt: LAPSE, silence: standard },
  'statement-of-reasons': statementOf({}),
  'removal-confirmed': { matter, to: 'seller', kind: 'removal-confirmed', reasons },
  restored: { matter, to: 'seller', kind: 'restored' },
  corrected: { matter, to: 'holder', kind: 'corrected', was: 'counterfeit', verdict: 'genuine' },
  lapsed: { matter, to: 'holder', kind: 'lapsed' },
  cancelled: { matter, to: 'holder', kind: 'cancelled' },
  'counter-notice': { matter, to: 'holder', kind: 'counter-notice' },
  'review-asked': { matter, to: 'staff', kind: 'review-asked', appeal: 'counter-notice' },
  event: { matter, to: 'staff', kind: 'event', event: EXTENDED },
  'notice-offered': { matter, to: 'holder', kind: 'notice-offered', until: LAPSE },
  'appraisal-asked': { ...referred, to: 'holder', kind: 'appraisal-asked', cases: ['case:1'], until: LAPSE, reminder: true },
  'referral-approval': { ...referred, to: 'staff', kind: 'referral-approval', packet: 'sha256:00', cases: ['case:1'] },
  'referral-bounced': { ...referred, to: 'staff', kind: 'referral-bounced', packet: 'sha256:00', cases: ['case:1'] },
  'referral-incomplete': {
    ...{ ...referred, to: 'staff', kind: 'referral-incomplete' },
    missing: [{ item: 'certificate', where: 'R1', what: 'it is not there', cure: 'Ask for it.' }],
  },
  'referral-reminder': { ...referred, to: 'staff', kind: 'referral-reminder', received: false },
  'referral-case-overturned': { ...referred, to: 'staff', kind: 'referral-case-overturned', cases: ['case:1'] },
  'referral-submission': {
    ...{ ...sent, to: 'authority', kind: 'referral-submission', packet: 'sha256:00', submission: 2, legalBasis: 'Voluntary.', cases: ['case:1'] },
  },
  'referral-answer': { ...sent, to: 'authority', kind: 'referral-answer', question: 'Where?', answer: '<b>Here</b> & there', receipt: 'AZ 1' },
  'referral-ended': { ...referred, to: 'holder', kind: 'referral-ended', ended: 'closed', cases: ['case:1'] },
  'approval-asked': { matter: shop, to: 'staff', kind: 'approval-asked', reasons: sanction },
  'sanction-taken': takenOf('close-shop'),
  'sanction-ended': { matter: shop, to: 'seller', kind: 'sanction-ended', reasons: sanction, ended: 'overturned' },
  'appeal-ended': { matter, to: 'seller', kind: 'appeal-ended', appeal: 'counter-notice', ended: 'overturned' },
};
