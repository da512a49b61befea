import { interpret } from './interpreter.ts';
import type { AggregateInput } from './contracts.ts';

/** The cases of one actor on their way to one authority, and what became of them. The story is told by `domain/referral`; this makes it move. */
export async function referralWorkflow(input: AggregateInput): Promise<void> {
  await interpret(input);
}
