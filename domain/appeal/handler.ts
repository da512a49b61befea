import type { Cause, Facts, Outcome } from '../aggregate.ts';
import type { Instant } from '../instant.ts';
import type { AppealCommand, AppealEvent, AppealStatus } from './model.ts';

export type AppealCommandKind = AppealCommand['kind'];
export type CommandOf<K extends AppealCommandKind> = Extract<AppealCommand, { kind: K }>;
export type AppealOutcome = Outcome<AppealEvent>;

export function cause(command: { readonly id: string }, policy?: string): Cause {
  return { command: command.id, ...(policy !== undefined && { policy }) };
}

export function sealed(as: AppealStatus, at: Instant, because: Cause): AppealEvent {
  return { type: 'AppealSealed', as, at, cause: because };
}

/** Put the listing back and end as `ends` afterwards, or end at once because another ground keeps it down. */
export function putBackOrWithhold(
  command: { readonly id: string; readonly at: Instant },
  facts: Facts,
  ends: AppealStatus,
  because: Cause,
): readonly AppealEvent[] {
  return facts.otherGrounds === true
    ? [{ type: 'PutBackWithheld', reason: 'other-ground', cause: because }, sealed(ends, command.at, because)]
    : [{ type: 'PutBackOrdered', key: `put-back:${command.id}`, ends, cause: because }];
}
