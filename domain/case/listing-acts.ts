import { cause } from '../aggregate.ts';
import type { GroundsFacts } from '../grounds.ts';
import { endedWithoutGround } from './endings.ts';
import type { VerdictDetails, CaseCommand, CaseEvent } from './model.ts';

/** Orders the listing put back, or records that another ground keeps it down. The command's id fixes the effect's key. */
export function putBack(command: CaseCommand, facts: GroundsFacts, reason: string): CaseEvent {
  return facts.otherGrounds === true
    ? { type: 'PutBackWithheld', reason: 'other-ground', cause: cause(command) }
    : { type: 'PutBackOrdered', key: `put-back:${command.id}`, reason, cause: cause(command) };
}

/** Undoes a takedown that is no longer justified. Ends the case at once when another ground keeps the listing down. */
export function undoRemoval(answer: VerdictDetails | undefined, command: CaseCommand, facts: GroundsFacts, reason: string): readonly CaseEvent[] {
  const back = putBack(command, facts, reason);
  return back.type === 'PutBackWithheld' ? [back, ...endedWithoutGround(answer, command)] : [back];
}

/** Orders the takedown, because of the brand's verdict or of another case's ground. The command's id fixes the effect's key. */
export function takeDown(command: CaseCommand, ground: 'verdict' | 'other-ground', policy?: string): CaseEvent {
  return { type: 'TakedownOrdered', key: `takedown:${command.id}`, provisional: false, ground, cause: cause(command, policy) };
}
