import { sleep } from '@temporalio/workflow';
import { interpret } from '../../workflows/interpreter.ts';
import type { AggregateInput, LetterInput, SweepInput, SweepResult } from '../../workflows/contracts.ts';
import { letters, sweepListings } from '../../workflows/proxies.ts';

// Each differs from its original by one step more: what nobody notices in a review, and what the replay has to notice.

export async function caseWorkflow(input: AggregateInput): Promise<void> {
  await sleep('1s');
  await interpret(input);
}

export async function appealWorkflow(input: AggregateInput): Promise<void> {
  await sleep('1s');
  await interpret(input);
}

export async function sanctionWorkflow(input: AggregateInput): Promise<void> {
  await caseWorkflow(input);
}

export async function referralWorkflow(input: AggregateInput): Promise<void> {
  await caseWorkflow(input);
}

export async function letterWorkflow(input: LetterInput): Promise<void> {
  await letters().sendLetter(input);
  await letters().sendLetter(input);
}

export async function sweepWorkflow(input: SweepInput): Promise<SweepResult> {
  await sweepListings(input);
  return sweepListings(input);
}
