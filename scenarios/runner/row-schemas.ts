import { z } from 'zod';
import { ImportKind } from '../../store/register/imports/kinds.ts';
import { knownFields, SCHEMAS } from '../../store/register/imports/schemas.ts';
import type { RegisterKind } from '../../store/register/imports/write.ts';

const { answers: _, ...register } = ImportKind;

/** Kinds of rows that a scenario can put on its stage, in the order in which they refer to each other. */
export const registerRows = {
  organisations: register.organisations,
  people: register.people,
  rights: register.rights,
  sellers: register.sellers,
  listings: register.listings,
  authorisedSellers: register.authorisedSellers,
  references: register.references,
  recipients: register.recipients,
} as const satisfies Record<string, RegisterKind>;

export const REGISTER_KINDS: readonly RegisterKind[] = Object.values(registerRows);

/** The marketplace of a listing whose id does not name one before its first colon. */
export const DEFAULT_MARKETPLACE = 'bazaar';

type Fields = Readonly<Record<string, unknown>>;

/** The row with the marketplace that the import would give it. */
export function withMarketplace(row: Fields, marketplace?: string): Fields {
  const id = typeof row['listing_id'] === 'string' ? row['listing_id'] : '';
  const prefix = id.includes(':') ? id.slice(0, id.indexOf(':')) : undefined;
  return { ...row, marketplace: marketplace ?? row['marketplace'] ?? prefix ?? DEFAULT_MARKETPLACE };
}

/** What is wrong with a row, field by field: exactly what an import would say of it, and unknown fields besides. */
export function rowIssues(kind: ImportKind, row: Fields): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const read = SCHEMAS[kind].safeParse(kind === ImportKind.listings ? withMarketplace(row) : row);
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => ({ path, message: message.endsWith('received undefined') ? 'is missing' : message }));
}

/** Fields that a row of the kind must have. */
function requiredFields(kind: ImportKind): ReadonlySet<string> {
  return new Set(rowIssues(kind, {}).map(({ path }) => String(path[0])));
}

/** A row in the field names of the import files. */
export function rowSchema(kind: ImportKind) {
  const required = requiredFields(kind);
  const shape = Object.fromEntries([...knownFields(kind)].map((field) => [field, required.has(field) ? z.unknown() : z.unknown().optional()]));
  return z.strictObject(shape).superRefine((row, context) => {
    for (const { path, message } of rowIssues(kind, row)) {
      // A field that is missing has been reported by the shape.
      if (message !== 'is missing') context.addIssue({ code: 'custom', path: [...path], message });
    }
  });
}
