import type { LetterInput } from './contracts.ts';
import { letters } from './proxies.ts';

/** One outbox message or digest on its way to one recipient. */
export async function letterWorkflow(input: LetterInput): Promise<void> {
  await letters(input.heartbeatMs).sendLetter(input);
}
