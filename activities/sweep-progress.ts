import { z } from 'zod';
import type { Opened } from '../store/log/open-cases.ts';

/** What a sweep has done so far; travels in the heartbeat, so that a retry goes on where the last one died and people can watch. */
export const progressSchema = z.object({
  cursor: z.string(),
  scanned: z.int(),
  hits: z.int(),
  opened: z.int(),
  joined: z.int(),
  known: z.int(),
  refused: z.int(),
  unfinished: z.int(),
  /** Listings looked at, of how many; a sweep of an older version tells neither. */
  looked: z.int().default(0),
  total: z.int().default(0),
});
export type Progress = z.output<typeof progressSchema>;

/** The progress that a heartbeat carries; none yet for anything else. */
export function progressOf(details: unknown): Progress {
  const parsed = progressSchema.safeParse(details);
  if (parsed.success) return parsed.data;
  return { cursor: '', scanned: 0, hits: 0, opened: 0, joined: 0, known: 0, refused: 0, unfinished: 0, looked: 0, total: 0 };
}

/** One page further. */
export function advanced(
  p: Progress,
  cursor: string,
  step: Pick<Progress, 'scanned' | 'hits' | 'unfinished' | 'looked'>,
  opened: readonly Opened[],
): Progress {
  const count = (as: Opened['as']) => opened.filter((one) => one.as === as).length;
  return {
    cursor,
    scanned: p.scanned + step.scanned,
    hits: p.hits + step.hits,
    opened: p.opened + count('opened'),
    joined: p.joined + count('joined'),
    known: p.known + count('known'),
    refused: p.refused + count('refused'),
    unfinished: p.unfinished + step.unfinished,
    looked: p.looked + step.looked,
    total: p.total,
  };
}
