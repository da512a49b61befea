import { type Cause, sealing } from '../aggregate.ts';
import type { GroundsFacts } from '../grounds.ts';
import type { Instant } from '../instant.ts';
import type { AppealEvent, AppealStatus } from './model.ts';

export const sealed = sealing('AppealSealed');

/** Put the listing back and end as `ends` afterwards, or end at once because another ground keeps it down. */
export function putBackOrWithhold(
  command: { readonly id: string; readonly at: Instant },
  facts: GroundsFacts,
  ends: AppealStatus,
  because: Cause,
): readonly AppealEvent[] {
  return facts.otherGrounds === true
    ? [{ type: 'PutBackWithheld', reason: 'other-ground', cause: because }, sealed(ends, command.at, because)]
    : [{ type: 'PutBackOrdered', key: `put-back:${command.id}`, ends, cause: because }];
}
