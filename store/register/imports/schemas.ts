import { z } from 'zod';
import { isHours } from '../../../calendars/resolve-duration.ts';
import { isZone } from '../../../calendars/zones.ts';
import type { Money } from '../../../domain/money.ts';
import { id, list, market, optional, required, text, upTo } from './fields.ts';
import type { ImportKind } from './kinds.ts';
import type { Present } from './present.ts';
import { type Doubt, priceOf } from './prices.ts';
import { rights } from './rights-schema.ts';

const civilDate = z.preprocess(
  (value) => (value === '' || value === null ? undefined : value),
  z.iso.date('is not a valid date, for example 2025-10-01').optional(),
);
/** Whatever stands there: what is no price is said beside the row and never drops it. */
const price = z.unknown().optional();
const zone = optional.refine((name) => name === undefined || isZone(name), 'is no zone of the time-zone database, such as Europe/Berlin');
const hours = optional.refine((value) => value === undefined || isHours(value), 'is not of the form 09:00-18:00, opening first');

const suspicion = z.object({
  label: required,
  basis: text.default(''),
  score: z.preprocess((value) => (value === '' || value === null ? undefined : value === undefined ? undefined : String(value)), text.optional()),
});

/** Feeds write the marketplace before the first colon of the id (`wish:123`) unless the import names one. */
const listings = z
  .object({
    listing_id: id,
    marketplace: upTo(128),
    market,
    title: required,
    description: optional,
    brand: optional,
    category: optional,
    price,
    currency: z.unknown().optional(),
    seller_id: optional,
    url: optional,
    image_url: optional,
    images: list,
    observed_at: optional,
    suspicion: z.preprocess((value) => value ?? undefined, suspicion.optional()),
  })
  .transform((row) => {
    const { listing_id: listing, seller_id: seller, image_url: image, images, observed_at: observedAt, price, currency, ...rest } = row;
    const all = images.length > 0 ? images : image === undefined ? [] : [image];
    return { ...rest, listing, seller, observedAt, images: all, ...priced('price', price, currency, 'the listing is kept without a price') };
  });

/** The price, or why the row goes without one. */
function priced(field: string, value: unknown, currency: unknown, kept: string): { price: Money | undefined; doubts?: readonly Doubt[] } {
  const price = priceOf(value, currency);
  if (!('unread' in price)) return { price: price.money };
  const cure = 'write one amount, and its currency as a code of ISO 4217';
  return { price: undefined, doubts: [{ field, message: `${price.unread}; ${kept}`, cure }] };
}

const mail = optional.refine((value) => value === undefined || /^[^\s@]+@[^\s@]+$/.test(value), 'is not a valid email address');

/** The language in which somebody is written to, as BCP 47 has it; mails are in English where there are no texts in it. */
const language = z.preprocess(
  (value) => (value === '' || value === null ? undefined : value),
  text.pipe(z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}$/, 'is not a valid language, for example en or zh-CN')).optional(),
);

const organisations = z
  .object({
    id,
    name: required,
    kind: text.default('rights-holder'),
    aliases: list,
    zone,
    hours,
    account_manager: optional,
    mail,
    country: optional,
    language,
  })
  .transform(({ account_manager: accountManager, ...row }) => ({ ...row, accountManager }));

export const PersonRole = {
  governanceOfficer: 'governance-officer',
  brandReviewer: 'brand-reviewer',
  accountManager: 'account-manager',
  complianceAuditor: 'compliance-auditor',
  authorityLiaison: 'authority-liaison',
} as const;
export type PersonRole = (typeof PersonRole)[keyof typeof PersonRole];

const dutyInstant = z.iso.datetime({ offset: true, error: 'is not a valid instant, for example 2025-10-01T08:00:00Z' });
const people = z
  .object({
    id: upTo(128),
    name: required,
    mail,
    role: z.enum(PersonRole, { error: `is none of ${Object.values(PersonRole).join(', ')}` }),
    organisations: list,
    duty: z.preprocess((value) => (value === '' ? [] : (value ?? [])), z.array(z.object({ from: dutyInstant, until: dutyInstant }))),
    revoked_at: z.preprocess((value) => (value === '' || value === null ? undefined : value), dutyInstant.optional()),
    language,
  })
  .transform(({ revoked_at: revokedAt, ...row }) => ({ ...row, revokedAt }));

const authorisedSellers = z
  .object({
    seller_id: id,
    holder: required,
    market: z.preprocess((value) => (value === '' ? undefined : value), market.optional()),
    from: civilDate,
    until: civilDate,
  })
  .transform(({ seller_id: seller, ...row }) => ({ seller, ...row }));

const references = z
  .object({
    brand: upTo(256),
    part_number: optional,
    family: optional,
    product: required,
    suggested_price: price,
    currency: z.unknown().optional(),
    images: list,
  })
  .transform(({ part_number: partNumber, suggested_price: price, currency, ...row }) => ({
    ...row,
    partNumber,
    ...priced('suggested_price', price, currency, 'the reference is kept without a price'),
  }));

const sellers = z
  .object({
    seller_id: id,
    market: optional,
    name: optional,
    mail,
    actor: upTo(256).optional(),
    language,
    user_type: optional,
    state: optional,
    site_status: optional,
  })
  .transform(({ seller_id: seller, user_type: userType, site_status: siteStatus, ...row }) => ({ seller, userType, siteStatus, ...row }));

/** Authorities that take referrals; without markets it has jurisdiction in its own country. */
const recipients = z
  .object({
    id: upTo(128),
    name: required,
    mail,
    country: market,
    markets: list.pipe(z.array(market)),
    takes: list,
    language: z.preprocess((value) => (value === '' || value === null ? undefined : value), text.pipe(z.string().max(16)).default('en')),
    profiles: list.pipe(z.array(z.string()).min(1, 'names no packet profile, so nothing could be sent')),
  })
  .transform((row) => ({ ...row, markets: row.markets.length === 0 ? [row.country] : row.markets }));

const answers = z
  .object({ listing_id: id, holder: required, verdict: required, reason_code: required, basis: optional, note: optional })
  .transform(({ listing_id: listing, reason_code: reasonCode, ...row }) => ({ listing, reasonCode, ...row }));

/** The schema of each kind's rows, from the field names of the files to those of the code. */
export const SCHEMAS = {
  listings,
  rights,
  organisations,
  people,
  'authorised-sellers': authorisedSellers,
  references,
  sellers,
  recipients,
  answers,
} as const satisfies Record<ImportKind, z.ZodType>;

/** What a row of each kind is once read. */
export type ImportRow = { [K in ImportKind]: Present<Omit<z.output<(typeof SCHEMAS)[K]>, 'doubts'>> };

/** Fields that the files carry and nobody reads yet: known, so no warning. */
const UNREAD: Record<ImportKind, readonly string[]> = {
  listings: ['source', 'list_price', 'rating', 'rating_count', 'units_sold', 'seller_rating', 'seller_rating_count', 'origin_country'],
  rights: ['proceeding', 'opponent'],
  organisations: ['note'],
  people: ['note'],
  'authorised-sellers': ['note'],
  references: ['page_yield'],
  sellers: ['reputation_level', 'power_status', 'transactions_total'],
  recipients: ['note'],
  answers: [],
};

/** The names of all fields a kind may have. */
export function knownFields(kind: ImportKind): ReadonlySet<string> {
  const schema = SCHEMAS[kind];
  const { shape } = schema.in;
  return new Set([...Object.keys(shape), ...UNREAD[kind]]);
}
