import { z } from 'zod';
import { jurisdictionOf, niceClassesOf, rightTypeOf, statusOf, withoutTerritory } from '../../../domain/detection/register-forms.ts';
import { list, optional, plain, required, upTo } from './fields.ts';
import type { Doubt } from './prices.ts';

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Registers write the office's code or its name; the jurisdiction may be left to the office. */
const jurisdiction = z
  .preprocess((value) => (value === '' || value === null ? undefined : value), plain.optional())
  .refine((text) => text === undefined || jurisdictionOf(text) !== undefined, 'is no code of a country or an office such as BR, EU, BX or EM');

/** Rights as registers export them: what detection reads of them is brought into its own form, and what it does not know is told. */
export const rights = z
  .object({
    right_id: upTo(128),
    office: optional,
    jurisdiction,
    right_type: required,
    application_no: optional,
    registration_no: optional,
    mark_text: optional,
    mark_kind: optional,
    status: required,
    nice_classes: list,
    goods: optional,
    owner: optional,
    owner_type: optional,
    owner_country: optional,
    mark_image_url: optional,
    observed_at: required.pipe(z.string().regex(/^\d{4}-(0[1-9]|1[0-2])(-\d{2})?/, 'is not a valid date or month, for example 2025-07')),
    source: optional,
  })
  .transform((row, context) => {
    const where = jurisdictionOf(row.jurisdiction ?? '') ?? jurisdictionOf(row.office ?? '');
    if (where === undefined) {
      context.addIssue({ code: 'custom', path: ['jurisdiction'], message: 'is missing, and the office names none' });
      return z.NEVER;
    }
    const status = statusOf(row.status);
    const rightType = rightTypeOf(row.right_type);
    const niceClasses = niceClassesOf(row.nice_classes);
    const doubts = [
      doubt('jurisdiction', where, withoutTerritory(where) ?? unknownCountry(where)),
      doubt('status', row.status, status.unknown),
      doubt('right_type', row.right_type, rightType.unknown),
      doubt('nice_classes', row.nice_classes.join(';'), niceClasses.unknown),
    ].filter((one) => one !== undefined);
    return {
      right: row.right_id,
      office: row.office,
      jurisdiction: where,
      rightType: rightType.value,
      applicationNo: row.application_no,
      registrationNo: row.registration_no,
      markText: row.mark_text,
      markKind: row.mark_kind,
      status: status.value,
      niceClasses: [...niceClasses.value],
      goods: row.goods,
      owner: row.owner,
      ownerType: row.owner_type,
      ownerCountry: row.owner_country,
      markImage: row.mark_image_url,
      observedAt: row.observed_at,
      source: row.source,
      doubts,
    };
  });

function unknownCountry(code: string): string | undefined {
  const country = code.replace(/^EU-/, '');
  if (['EU', 'BX', 'OA', 'UK', 'EL'].includes(country)) return undefined;
  // "Unknown region" and the like have no name of their own.
  const isKnown = COUNTRIES.of(country) !== undefined && !/^(XX|ZZ|X[A-Z]|Q[M-Z]|AA)$/.test(country);
  return isKnown || country === 'XK' ? undefined : 'is no country or office, so the right covers no market';
}

function doubt(field: string, value: string, unknown: string | undefined): Doubt | undefined {
  if (unknown === undefined) return undefined;
  const shown = JSON.stringify(value.slice(0, 60));
  return { field, message: `${shown}: ${unknown}`, cure: 'correct the value if it should ground cases; docs/imports.md lists what is known' };
}
