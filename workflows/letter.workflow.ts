import type { LetterInput } from './messages.ts';
import { sendLetter } from './proxies.ts';

/** One letter or digest on its way to one recipient. */
export async function letterWorkflow(input: LetterInput): Promise<void> {
  await sendLetter(input);
}
