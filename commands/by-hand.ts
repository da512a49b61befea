import type { z } from 'zod';
import type { ByHand, Command } from './command.ts';
import type { Field, Fields } from './field.ts';

/** The fields that are asked for by hand, under the names of the body. */
export function fieldsByHand(command: Command, { fixed = {} }: ByHand): Fields {
  return Object.fromEntries(Object.entries(command.handFields ?? command.fields).filter(([name]) => !Object.hasOwn(fixed, name)));
}

/** Reads what people write for a field into the value as JSON carries it; of a file, the file as it is named. */
export function schemaByHand({ written, schema }: Field): z.ZodType {
  return written ?? schema;
}

/** Puts a file into the vault and gives its digest. */
export type Keep = (file: string) => Promise<string>;

/** The body that comes of what was written, which `schemaByHand` has read; files go into the vault. */
export async function bodyByHand(
  command: Command,
  way: ByHand,
  written: Readonly<Record<string, unknown>>,
  keep: Keep,
): Promise<Record<string, unknown>> {
  const body: Record<string, unknown> = {};
  for (const [name, { isFile }] of Object.entries(fieldsByHand(command, way))) {
    const value = written[name];
    if (value !== undefined) body[name] = isFile === true ? await keepAll(value, keep) : value;
  }
  return { ...(command.joined?.(body) ?? body), ...way.fixed };
}

/** One file, or each of a list or of a record. */
async function keepAll(value: unknown, keep: Keep): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((file) => keep(String(file))));
  if (typeof value !== 'object' || value === null) return keep(String(value));
  const kept = Object.entries(value).map(async ([key, file]) => [key, await keep(String(file))] as const);
  return Object.fromEntries(await Promise.all(kept));
}
