import type { NextSteps } from '../domain/aggregate.ts';
import type { AggregateId } from '../domain/ids.ts';
import { AggregateKind } from '../domain/ids.ts';

/** Wire names: never change (a snapshot test holds them). */
export const MESSAGE_SIGNAL = 'message';
export const TICK_SIGNAL = 'tick';

/** Task queues by failure policy: waiting and deciding, the marketplace with its own rate, scanning, mail. */
export const TaskQueue = {
  cases: 'interdict-cases',
  marketplace: 'interdict-marketplace',
  sweeps: 'interdict-sweeps',
} as const;
export type TaskQueue = (typeof TaskQueue)[keyof typeof TaskQueue];

export const WorkflowType = {
  case: 'caseWorkflow',
  appeal: 'appealWorkflow',
  sanction: 'sanctionWorkflow',
  referral: 'referralWorkflow',
  sweep: 'sweepWorkflow',
  letter: 'letterWorkflow',
} as const;
export type WorkflowType = (typeof WorkflowType)[keyof typeof WorkflowType];

/** The workflow that drives a kind of aggregate; its id is the aggregate's id. */
export const WORKFLOW_OF: { readonly [K in AggregateKind]: WorkflowType } = {
  [AggregateKind.case]: WorkflowType.case,
  [AggregateKind.appeal]: WorkflowType.appeal,
  [AggregateKind.sanction]: WorkflowType.sanction,
  [AggregateKind.referral]: WorkflowType.referral,
};

/** What a message signal carries: the log reads the content from the inbox row. */
export interface MessageSignal {
  readonly id: string;
  readonly receivedAt: string;
}

/** Start of an aggregate's workflow. The standing travels along, so that only a revival has to ask at start. */
export interface AggregateInput {
  readonly id: AggregateId;
  readonly standing: NextSteps;
  /** Messages may have come in before the start, or this is a revival: ask the log first. */
  readonly ask?: true;
  /** Virtual aggregates arm no timers: a `tick` wakes them. */
  readonly isVirtual?: true;
  /** Heartbeat timeout of effects, when it is not the usual one (tests that kill workers). */
  readonly heartbeatMs?: number;
}

export interface SweepInput {
  readonly marketplace: string;
}

/** What a sweep did. */
export interface SweepResult {
  readonly scanned: number;
  readonly hits: number;
  readonly opened: number;
  readonly joined: number;
  readonly known: number;
  /** Suspicions whose case could not be opened: a clock that the calendars cannot tell. */
  readonly refused: number;
  /** Listings whose pictures could not be looked at now: the next sweep tries again. */
  readonly unfinished: number;
}

export interface LetterInput {
  /** Letter or digest id. */
  readonly id: string;
  /** Heartbeat timeout of the sending, when it is not the usual one (tests that kill workers). */
  readonly heartbeatMs?: number;
}

/** What the log answers a workflow. */
export interface AdvanceResult {
  readonly standing: NextSteps;
  readonly more?: true;
}

/** The activities of an aggregate's workflow. */
export interface CaseActivities {
  /** Moves the aggregate's log; a local activity. */
  advance(request: { readonly id: AggregateId; readonly n: number }): Promise<AdvanceResult>;
  /** Performs one owed effect outside and brings its outcome to the log itself, which saves a workflow task. */
  runEffect(request: EffectRequest): Promise<AdvanceResult>;
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

export interface NotificationActivities {
  sendLetter(input: LetterInput): Promise<void>;
}
