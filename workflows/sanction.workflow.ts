import { interpret } from './interpreter.ts';
import type { AggregateInput } from './contracts.ts';

/** One measure against a seller, from its proposal to its end. The story is told by `domain/sanction`; this makes it move. */
export async function sanctionWorkflow(input: AggregateInput): Promise<void> {
  await interpret(input);
}
