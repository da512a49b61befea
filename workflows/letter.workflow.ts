import type { LetterInput } from './contracts.ts';
import { letters } from './proxies.ts';

/** One letter or digest on its way to one recipient. */
export async function letterWorkflow(input: LetterInput): Promise<void> {
  await letters(input.heartbeatMs).sendLetter(input);
}
