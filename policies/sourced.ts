import { z } from 'zod';

/** A leaf of a policy document: `{ value, source }`, where the source may not be empty. */
export function sourced<T extends z.ZodType>(value: T) {
  return z.strictObject({ value, source: z.string().min(3, 'name the source of the value, or say "invented default"') });
}
