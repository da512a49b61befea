import { interpret } from './interpreter.ts';
import type { AggregateInput } from './contracts.ts';

/** What came after a case's seal: correction, counter-statement, late verdict, seller made known. */
export async function appealWorkflow(input: AggregateInput): Promise<void> {
  await interpret(input);
}
