import * as z from 'zod/mini';
import type { Verification } from '../../domain/verify-decisions.ts';
import { RulesNotRun } from '../replay.ts';
import type { InterpreterLimits } from './interpret.ts';

/** Beyond its own limit an interpreter that hangs inside one operation is ended from outside, with its thread. */
const GRACE_MS = 1_000;

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

/**
 * Waits for what an interpreter in a thread or worker of its own posts; `start` begins it. Whoever calls ends the thread afterwards.
 * @throws RulesNotRun where it stops, or does not end in time
 */
export async function awaitAnswer(
  { ms }: InterpreterLimits,
  start: (answered: (answer: unknown) => void, stopped: (why: string) => void) => void,
): Promise<string> {
  let late: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const stopped = (why: string) => reject(new RulesNotRun(why));
      late = setTimeout(() => stopped(`the recorded rules did not end within ${ms / 1000} s`), ms + GRACE_MS);
      start((answer) => resolve(String(answer)), stopped);
    });
  } finally {
    clearTimeout(late);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
