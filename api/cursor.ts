import { z } from 'zod';
import type { PageEnd } from '../store/queries/lists.ts';
import { refuse } from './problems.ts';

const endSchema = z.tuple([z.string().max(24).nullable(), z.string().max(64)]);

/** Where a page ends, as text that a reader hands back. */
export function cursorOf({ due, id }: PageEnd): string {
  return Buffer.from(JSON.stringify([due, id])).toString('base64url');
}

/** Reads a cursor; one that is none of ours is refused. */
export function readCursor(text: string | undefined): PageEnd | undefined {
  if (text === undefined) return undefined;
  const parsed = endSchema.safeParse(jsonOf(Buffer.from(text, 'base64url').toString('utf8')));
  if (!parsed.success || parsed.data.some((part) => part?.includes('\u0000') === true)) refuse('bad-cursor');
  const [due, id] = parsed.data;
  return { due, id };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where a page of the register ends: the key of its last row. */
export function cursorOfText(key: string): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Reads such a cursor; `parts` of a key that has several. */
export function readTextCursor(text: string | undefined, parts?: number): string | undefined {
  if (text === undefined) return undefined;
  const key = jsonOf(Buffer.from(text, 'base64url').toString('utf8'));
  if (typeof key !== 'string' || key.includes('\u0000')) refuse('bad-cursor');
  if (parts === undefined) return key;
  const inside = jsonOf(key);
  if (!Array.isArray(inside) || inside.length !== parts || inside.some((part) => typeof part !== 'string' || part.includes('\u0000')))
    refuse('bad-cursor');
  return key;
}
