import type { LinkedCase } from '../../domain/referral/qualifying-cases.ts';
import type { BrandPart } from '../../domain/referral/model.ts';
import type { AuthorityFact, Goods, SourcedValue } from '../../domain/referral/totals.ts';
import type { Salted } from '../../domain/salted.ts';
import type { RecipientRow } from '../../store/schema/entities/register.ts';
import { moneyOut } from '../money.ts';
import type { BrandOut, GivenOut, ReferralOut } from '../schemas/referrals.ts';

type Clear = ReadonlyMap<string, string>;
type CaseOut = ReferralOut['sent'][number]['cases'][number];

/** What a salted value says; null when there is none, or when it was erased. */
export function readSalted(salted: Salted | undefined, clear: Clear): string | null {
  return salted === undefined ? null : (clear.get(salted['...']) ?? null);
}

/** Where a file of a referral can be read. */
export function fileHref(id: string, digest: string): string {
  return `/api/referrals/${encodeURIComponent(id)}/files/${encodeURIComponent(digest)}`;
}

/** A linked case as the API shows it. */
export function linkedOut({ case: id, root, holder, listing, market, rightTypes, sales }: LinkedCase): CaseOut {
  return { case: id, root, holder, listing, market, rightTypes: [...rightTypes], sales: sales === undefined ? null : moneyOut(sales) };
}

/** What each brand of a submission said. `hrefOf` says where a document can be read, if it can. */
export function brandsOut(
  parts: readonly BrandPart[],
  clear: Clear,
  names: ReadonlyMap<string, string>,
  hrefOf: (digest: string) => string | null,
): BrandOut[] {
  return parts.map(({ brand, given }) => ({ brand, brandName: names.get(brand) ?? null, given: givenOut(given, clear, hrefOf) }));
}

/** What a brand said, in the clear as far as the reader may know it. */
export function givenOut(given: BrandPart['given'], clear: Clear, hrefOf: (digest: string) => string | null): GivenOut {
  if (given === undefined) return null;
  return {
    at: given.at,
    appraisal: readSalted(given.appraisal, clear),
    priceStatement: readSalted(given.priceStatement, clear),
    contact: readSalted(given.contact, clear),
    contactMail: readSalted(given.contactMail, clear),
    contactPhone: readSalted(given.contactPhone, clear),
    documents: given.documents.map(({ kind, about, digest }) => ({ kind, about, digest, href: hrefOf(digest) })),
  };
}

/** Goods and values of a fact as the API shows them. */
export function reportOut({ goods, values }: { readonly goods: readonly Goods[]; readonly values: readonly SourcedValue[] }) {
  return { goods: goods.map((one) => ({ ...one })), values: values.map(({ value, source }) => ({ value: moneyOut(value), source })) };
}

/** A fact with all that was reported of it. */
export function factOut(fact: AuthorityFact, clear: Clear): ReferralOut['outcomes'][number] {
  const { fact: name, outcome, at, places, cases } = fact;
  return { fact: name, outcome, at, ...reportOut(fact), places: places.map((place) => readSalted(place, clear) ?? '(erased)'), cases: [...cases] };
}

/** A recipient of the register as the API shows it. */
export function recipientOut({
  id,
  name,
  mail,
  country,
  markets,
  takes,
  language,
  profiles,
}: RecipientRow): NonNullable<ReferralOut['recipientNow']> {
  return { id, name, mail: mail ?? null, country, markets: [...markets], takes: [...takes], language, profiles: [...profiles] };
}
