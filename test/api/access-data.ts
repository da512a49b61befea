import type { IdKind } from '../../api/access.ts';
import { CATALOGUE } from '../../commands/catalogue.ts';
import { sampleBody } from '../../commands/command.ts';

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

/** What fields of commands are in these tests, by their names; every other one has the sample of the catalogue. */
const KNOWN = { listing: 'm:1', holder: 'org-a', reasonCode: 'packaging', seller: 'S-1', recipient: 'police-de', brand: 'org-a', item: 'appraisal' };

/** A body that each write takes. */
export const BODIES: Readonly<Record<string, object>> = {
  ...Object.fromEntries(CATALOGUE.map((command) => [command.path, bodyOf(command)])),
  '/api/webhooks': { url: 'https://example.com/hook' },
};

function bodyOf(command: (typeof CATALOGUE)[number]): object {
  const body = sampleBody(command, KNOWN);
  return Object(command.flat === undefined ? body : body[command.flat]);
}
