import { interpret } from './interpreter.ts';
import type { AggregateInput } from './contracts.ts';

/** What came after a case's seal: correction, counter-notice, late verdict, seller made known. */
export async function appealWorkflow(input: AggregateInput): Promise<void> {
  await interpret(input);
}
