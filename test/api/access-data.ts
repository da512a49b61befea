import type { IdKind } from '../../api/access.ts';

/** What each side owns, by the kind of id. */
export type Owned = Readonly<Record<IdKind, string>>;

/** Well-formed ids that name nothing. */
export const UNKNOWN: Owned = {
  case: `case:${'0'.repeat(32)}`,
  appeal: `appeal:${'0'.repeat(32)}`,
  sanction: `sanction:${'0'.repeat(32)}`,
  aggregate: `case:${'0'.repeat(32)}`,
  organisation: 'org-nobody',
  seller: 'S-nobody',
  endpoint: 'hook-nobody',
  referral: `referral:${'0'.repeat(32)}`,
  recipient: 'police-nowhere',
};

/** A body that each write takes. */
export const BODIES: Readonly<Record<string, object>> = {
  '/api/cases': { listing: 'm:1', holder: 'org-a', reason: 'r' },
  '/api/cases/:id/verdict': { verdict: 'counterfeit', reasonCode: 'packaging' },
  '/api/cases/:id/extension': { n: 1, unit: 'hours' },
  '/api/cases/:id/counter-notice': { statement: 's' },
  '/api/appeals/:id/decision': { decision: 'uphold', reason: 'r' },
  '/api/appeals/:id/notice': { basis: 'image' },
  '/api/sanctions/:id/decision': { decision: 'approve', reason: 'r' },
  '/api/sanctions/:id/lifting': { reason: 'r' },
  '/api/referrals': { seller: 'S-1', recipient: 'police-de', reason: 'r' },
  '/api/referrals/:id/waiver': { item: 'appraisal', reason: 'r' },
  '/api/referrals/:id/decision': { decision: 'approve', packet: `sha256:${'0'.repeat(64)}`, reason: 'r' },
  '/api/referrals/:id/receipt': { reference: 'AZ 1' },
  '/api/referrals/:id/questions': { question: 'q' },
  '/api/referrals/:id/answers': { question: 1, answer: 'a' },
  '/api/referrals/:id/outcomes': { outcome: 'raid', cases: [] },
  '/api/referrals/:id/refusal': { reason: 'r' },
  '/api/referrals/:id/closing': { reason: 'r' },
  '/api/referrals/:id/withdrawal': { reason: 'r' },
  '/api/appraisals/:id/answer': { brand: 'org-a', appraisal: 'a', priceStatement: 'p', contact: 'c' },
  '/api/appraisals/:id/decline': { brand: 'org-a' },
  '/api/cases/:id/test-purchases': { exhibit: 'E-1', order: '1', price: { amount: '1.00', currency: 'EUR' } },
  '/api/cases/:id/exhibits': { exhibit: 'E-1', what: 'a watch', condition: 'sealed' },
  '/api/cases/:id/transfers': { exhibit: 'E-1', to: 'lab', why: 'w' },
  '/api/cases/:id/examinations': { exhibit: 'E-1', verdict: 'counterfeit', report: `sha256:${'0'.repeat(64)}` },
  '/api/cases/:id/losses': { exhibit: 'E-1', why: 'w' },
  '/api/webhooks': { url: 'https://example.com/hook' },
};
