import { z } from 'zod';
import type { ListingRow, ReferenceRow, RightRow } from '../../store/schema/entities/register.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { aliasesOf, listingOf, referencesOf, rightsOf } from '../../store/queries/aggregate.ts';
import type { Faults } from '../faults.ts';
import { moneyOut } from '../money.ts';
import type { CaseView } from '../schemas/case.ts';

const moneySchema = z.object({ amount: z.number(), currency: z.string() });
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
const money = moneySchema.nullish().transform((value) => (value == null ? null : moneyOut(value)));

const listingRow = z.object({ title: text, brand: text, description: text, category: text, price: money, url: text, images: texts });
const rightRow = z.object({ rightType: z.string(), status: z.string(), markText: text, registrationNo: text, niceClasses: texts, owner: text });
const referenceRow = z.object({ product: z.string(), price: money, images: texts });

/** The newest version of a listing that the register holds. */
export async function listingFor(em: Manager, id: string): Promise<CaseView['listingNow']> {
  const row = id === '' ? null : await listingOf(em, id);
  return row === null ? null : listingOut(row);
}

/** A listing as the API shows it. */
function listingOut({ id, version, seller, row }: ListingRow): NonNullable<CaseView['listingNow']> {
  return { id, version, seller: seller ?? null, ...listingRow.parse(row) };
}

/** The rights of a case; one whose row cannot be read is left out and noted. */
export async function rightsFor(em: Manager, ids: readonly string[], faults: Faults): Promise<CaseView['rights']> {
  return faults.each('rights', await rightsOf(em, ids), ({ id }) => id, rightOut);
}

/** A right as the API shows it. */
export function rightOut({ id, jurisdiction, row }: RightRow): CaseView['rights'][number] {
  const { rightType, status, markText, registrationNo, niceClasses, owner } = rightRow.parse(row);
  return { id, type: rightType, jurisdiction, status, mark: markText, registration: registrationNo, classes: niceClasses, owner };
}

/** Reference products of the brand that the listing names, or of the holder by its names; one that cannot be read is left out and noted. */
export async function referencesFor(em: Manager, holder: string, listing: string, faults: Faults): Promise<CaseView['references']> {
  const named = listing === '' ? null : await listingOf(em, listing);
  // A listing that cannot be read is a fault of its own, noted where it is shown.
  const brand = (named === null ? undefined : listingRow.safeParse(named.row).data?.brand) ?? null;
  const names = [...(brand === null ? [] : [brand]), ...(await aliasesOf(em, holder))];
  return faults.each('references', await referencesOf(em, names), ({ brand: of, partNumber }) => `${of} ${partNumber}`, referenceOut);
}

/** A reference product as the API shows it. */
export function referenceOut({ brand, partNumber, row }: ReferenceRow): CaseView['references'][number] {
  return { brand, partNumber, ...referenceRow.parse(row) };
}
