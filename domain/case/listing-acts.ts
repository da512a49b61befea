import { cause } from '../aggregate.ts';
import type { GroundsFacts } from '../grounds.ts';
import { endedWithoutGround } from './endings.ts';
import type { VerdictDetails, CaseCommand, CaseEvent } from './model.ts';

/** Put the listing back, or withhold that because another ground keeps it down. `key` is fixed by the owing command. */
export function putBack(command: CaseCommand, facts: GroundsFacts, reason: string): CaseEvent {
  return facts.otherGrounds === true
    ? { type: 'PutBackWithheld', reason: 'other-ground', cause: cause(command) }
    : { type: 'PutBackOrdered', key: `put-back:${command.id}`, reason, cause: cause(command) };
}

/** Undo a takedown that has lost its ground: put back first, or end here because another ground keeps the listing down. */
export function undoRemoval(answer: VerdictDetails | undefined, command: CaseCommand, facts: GroundsFacts, reason: string): readonly CaseEvent[] {
  const back = putBack(command, facts, reason);
  return back.type === 'PutBackWithheld' ? [back, ...endedWithoutGround(answer, command)] : [back];
}

/** Take the listing down, on the brand's word or because another case's ground keeps it down. `key` is fixed by the owing command. */
export function takeDown(command: CaseCommand, ground: 'verdict' | 'other-ground', policy?: string): CaseEvent {
  return { type: 'TakedownOrdered', key: `takedown:${command.id}`, provisional: false, ground, cause: cause(command, policy) };
}
