import { interpret } from './interpreter.ts';
import type { AggregateInput } from './contracts.ts';

/** One suspected infringement, from detection to the seal. The story is told by `domain/case`; this makes it move. */
export async function caseWorkflow(input: AggregateInput): Promise<void> {
  await interpret(input);
}
