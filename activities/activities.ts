import type { Standing } from '../domain/aggregate.ts';
import type { AggregateId } from '../domain/ids.ts';
import type { LetterInput, SweepInput, SweepResult } from '../workflows/messages.ts';

/** What the log answers a workflow. */
export interface AdvancedStanding {
  readonly standing: Standing;
  readonly more?: true;
}

/** The activities of an aggregate's workflow. */
export interface CaseActivities {
  /** Moves the aggregate's log; a local activity. */
  advance(request: { readonly id: AggregateId; readonly n: number }): Promise<AdvancedStanding>;
  /** Performs one owed effect outside and brings its outcome to the log itself, which saves a workflow task. */
  runEffect(request: EffectRequest): Promise<AdvancedStanding>;
}

export interface EffectRequest {
  readonly id: AggregateId;
  readonly n: number;
  readonly key: string;
  readonly try: number;
  readonly kind: string;
}

export interface SweepActivities {
  sweepListings(input: SweepInput): Promise<SweepResult>;
}

export interface LetterActivities {
  sendLetter(input: LetterInput): Promise<void>;
}
