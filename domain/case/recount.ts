import { Capacity, cause, type Facts, type InstantQuestion } from '../aggregate.ts';
import { laterOf, provisionalOf } from '../facts.ts';
import { refuse } from '../refusals.ts';
import { ASKED, type CaseHandler, type CommandOf, decideEvents, OPEN } from './command.ts';
import type { CaseEvent, CaseState, Window } from './model.ts';

/** A calendar was published: provisional instants are counted again. None becomes earlier than somebody was told. */
export const recountInstants: CaseHandler<'recountInstants'> = {
  by: [Capacity.engine],
  in: OPEN,
  questions(state) {
    const instants = [...windowOpen(state), ...(state.untilOpen ?? [])];
    return instants.length === 0 ? {} : { instants };
  },
  decide(state, command, facts) {
    const events = [...windowRecounted(state, command, facts), ...removalRecounted(state, command, facts)];
    return events.length === 0 ? refuse('nothing-provisional') : decideEvents(...events);
  },
};

function windowOpen({ status, window }: CaseState): readonly InstantQuestion[] {
  return (ASKED.includes(status) && window?.provisional) || [];
}

function windowRecounted(state: CaseState, command: CommandOf<'recountInstants'>, facts: Facts): readonly CaseEvent[] {
  const { window } = state;
  const open = windowOpen(state);
  if (window === undefined || open.length === 0) return [];
  const escalate = open.find(({ name }) => name === 'window.escalate');
  const lapse = open.find(({ name }) => name !== 'window.escalate');
  return [
    {
      type: 'WindowRecounted',
      ...(escalate !== undefined && { escalateAt: laterOf(facts, escalate.name, window.escalateAt) }),
      lapseAt: lapse === undefined ? window.lapseAt : laterOf(facts, lapse.name, window.lapseAt),
      ...provisionalOf(facts, (name) => name.startsWith('window.')),
      cause: cause(command),
    },
  ];
}

function removalRecounted({ provisionalUntil, untilOpen }: CaseState, command: CommandOf<'recountInstants'>, facts: Facts): readonly CaseEvent[] {
  if (untilOpen === undefined) return [];
  const until = laterOf(facts, 'provisional', provisionalUntil);
  return [{ type: 'ProvisionalRemovalRecounted', until, ...provisionalOf(facts, (name) => name === 'provisional'), cause: cause(command) }];
}

/** The window with its new instants; those that are still provisional stay marked. */
export function recountedWindow({ provisional: _, ...window }: Window, e: Extract<CaseEvent, { type: 'WindowRecounted' }>): Window {
  const { escalateAt, lapseAt, provisional } = e;
  return { ...window, lapseAt, ...(escalateAt !== undefined && { escalateAt }), ...(provisional !== undefined && { provisional }) };
}
