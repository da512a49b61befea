import * as z from 'zod/mini';
import type { Verification } from '../../domain/redecide.ts';
import { RulesNotRun } from '../replay.ts';

const answer = z.union([
  z.strictObject({
    results: z.array(
      z.union([z.object({ n: z.number(), ok: z.literal(true) }), z.object({ n: z.number(), ok: z.literal(false), what: z.string() })]),
    ),
  }),
  z.strictObject({ threw: z.string() }),
  z.strictObject({ failed: z.string() }),
]);

/**
 * Reads what came out of the interpreter, as data from anybody.
 * @throws RulesNotRun where nothing can be said of any decision; Error with what the rules threw
 */
export function readAnswer(output: string): readonly Verification[] {
  const parsed = answer.safeParse(parseJson(output));
  if (!parsed.success) throw new RulesNotRun('the recorded rules ended without an answer');
  if ('failed' in parsed.data) throw new RulesNotRun(`the recorded rules could not be run: ${parsed.data.failed}`);
  if ('threw' in parsed.data) throw new Error(parsed.data.threw);
  return parsed.data.results;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
