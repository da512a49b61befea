import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { type ArrivedOutcome, type Next, next, type UnreadMessage } from '../../domain/next-item.ts';
import { START } from '../support/story.ts';

// Few distinct instants and ids, so that ties are the rule and not the exception.
const at = fc.nat(6).map((minute) => plusMs(START, minute * 60_000));
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const messages = fc.uniqueArray(fc.record({ id, receivedAt: at }), { selector: (message) => message.id, maxLength: 5 });
const outcomes = fc.uniqueArray(fc.record({ id, arrivedAt: at }), { selector: (outcome) => outcome.id, maxLength: 4 });
const deadline = fc.option(
  at.map((due) => ({ at: due, rule: 'confirmation.lapse' })),
  { nil: undefined },
);
const scene = fc.record({ deadline, messages, outcomes, now: at });

type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;
type Chosen = Next<UnreadMessage, ArrivedOutcome>;
const RANK = { message: 0, outcome: 1, deadline: 2 } as const;

function choose({ deadline, messages, outcomes, now }: Scene): Chosen | undefined {
  return next(deadline, messages, outcomes, now);
}

function placeOf(chosen: Chosen): readonly [at: Instant, rank: number, id: string] {
  if (chosen.kind === 'message') return [chosen.message.receivedAt, RANK.message, chosen.message.id];
  if (chosen.kind === 'outcome') return [chosen.outcome.arrivedAt, RANK.outcome, chosen.outcome.id];
  return [chosen.deadline.at, RANK.deadline, ''];
}

function allOf({ deadline, messages, outcomes, now }: Scene): readonly Chosen[] {
  return [
    ...messages.map((message) => ({ kind: 'message', message }) as const),
    ...outcomes.map((outcome) => ({ kind: 'outcome', outcome }) as const),
    ...(deadline !== undefined && now > deadline.at ? [{ kind: 'deadline', deadline } as const] : []),
  ];
}

function compare(a: Chosen, b: Chosen): number {
  const [x, y] = [placeOf(a), placeOf(b)];
  const index = x.findIndex((part, i) => part !== y[i]);
  const [left, right] = [x[index] ?? 0, y[index] ?? 0];
  return index === -1 ? 0 : left < right ? -1 : 1;
}

/** Everything there is, in the order in which it is taken one by one. */
function drain(start: Scene): readonly Chosen[] {
  const taken: Chosen[] = [];
  for (let rest = start, chosen = choose(rest); chosen !== undefined; chosen = choose(rest)) {
    taken.push(chosen);
    const { kind } = chosen;
    if (kind === 'deadline') rest = { ...rest, deadline: undefined };
    else if (kind === 'message')
      rest = { ...rest, messages: rest.messages.filter((one) => one.id !== (chosen?.kind === 'message' && chosen.message.id)) };
    else rest = { ...rest, outcomes: rest.outcomes.filter((one) => one.id !== (chosen?.kind === 'outcome' && chosen.outcome.id)) };
  }
  return taken;
}

describe('what an aggregate decides next', () => {
  it('is the earliest, and at a tie message before outcome before deadline, then by id', () => {
    fc.assert(fc.property(scene, (given) => void expect(drain(given)).toEqual([...allOf(given)].sort(compare))));
  });

  it('does not depend on the order in which the rows were read', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const turned = { ...given, messages: given.messages.toReversed(), outcomes: given.outcomes.toReversed() };
        expect(drain(turned)).toEqual(drain(given));
      }),
    );
  });

  it('is nothing exactly when there is nothing to take', () => {
    fc.assert(fc.property(scene, (given) => void expect(choose(given) === undefined).toBe(allOf(given).length === 0)));
  });

  it('never is a deadline whose instant the clock has not passed', () => {
    fc.assert(
      fc.property(scene, (given) => void expect(drain(given).some((one) => one.kind === 'deadline' && one.deadline.at >= given.now)).toBe(false)),
    );
  });

  it('lets a deadline yield to every message received at or before its due instant', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const taken = drain(given);
        const passed = taken.findIndex((one) => one.kind === 'deadline');
        const due = given.deadline?.at;
        if (passed === -1 || due === undefined) return;
        for (const one of taken.slice(passed)) if (one.kind === 'message') expect(one.message.receivedAt > due).toBe(true);
      }),
    );
  });

  it('lets the message win at the very instant of the deadline', () => {
    const message = { id: 'a', receivedAt: START };
    expect(next({ at: START, rule: 'r' }, [message], [], plusMs(START, 1))).toEqual({ kind: 'message', message });
    expect(next({ at: START, rule: 'r' }, [], [], START)).toBeUndefined();
    expect(next({ at: START, rule: 'r' }, [], [], plusMs(START, 1))).toMatchObject({ kind: 'deadline' });
  });
});
