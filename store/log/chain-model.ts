import type { OutboxDraft } from '../../domain/aggregate.ts';
import type { Write } from '../../domain/writes.ts';
import type { Decision } from '../../domain/decision.ts';
import type { AggregateId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Disclosure } from '../../domain/salted.ts';
import type { CommandResult } from '../schema/entities/log.ts';

/** One aggregate's chain while a transaction extends it. */
export interface Chain {
  readonly id: AggregateId;
  state: unknown;
  n: number;
  head: string;
  readonly decisions: { readonly decision: Decision; readonly hash: string }[];
  readonly letters: { readonly n: number; readonly at: Instant; readonly draft: OutboxDraft }[];
  readonly writes: { readonly n: number; readonly write: Write }[];
  readonly answers: { readonly id: string; readonly answer: CommandResult; readonly at: Instant }[];
  /** Natural keys under which it becomes known, and the values behind what its opening salts. */
  readonly keys: readonly string[];
  readonly disclosures: readonly Disclosure[];
}
