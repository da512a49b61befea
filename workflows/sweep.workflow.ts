import type { SweepInput, SweepResult } from './contracts.ts';
import { sweepListings } from './proxies.ts';

/** One pass over the listings of a marketplace that were not scanned in their present version. */
export async function sweepWorkflow(input: SweepInput): Promise<SweepResult> {
  return sweepListings(input);
}
