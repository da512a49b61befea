import fc from 'fast-check';
import type { Command, Effect, Event } from '../../domain/aggregate.ts';
import { Capacity } from '../../domain/aggregate.ts';
import { AppealKind } from '../../domain/appeal/model.ts';
import { Verdict } from '../../domain/case/model.ts';
import type { EffectResult } from '../../domain/effects.ts';
import { type AppealStory, aCase, anAppeal, appealCommandOf, type CaseStory, commandOf, aSellerlessCase } from './builders.ts';
import { APPEAL_CAPACITIES, APPEAL_KINDS, APPEAL_SAMPLES, CASE_CAPACITY, CASE_KINDS, CASE_SAMPLES, resultsOf } from './samples.ts';
import type { Story, World } from './story.ts';

/** One step of a random walk: what happens, how long after the step before, and what the world is like then. */
interface Step {
  readonly does: 'command' | 'outcome' | 'deadline';
  readonly kind: string;
  /** Which of the samples, results or owed effects; taken modulo their number. */
  readonly which: number;
  readonly waitMs: number;
  /** Mostly the proper one. */
  readonly capacity?: Capacity;
  readonly world: World;
}

const HOUR = 3_600_000;

function stepOf(kinds: readonly string[], often: readonly string[]): fc.Arbitrary<Step> {
  const world = fc.record({
    mandate: fc.oneof(
      { weight: 9, arbitrary: fc.constant('valid' as const) },
      { weight: 1, arbitrary: fc.constantFrom('none' as const, 'revoked' as const) },
    ),
    otherGrounds: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
  return fc
    .record({
      does: fc.oneof(
        { weight: 5, arbitrary: fc.constant('command' as const) },
        { weight: 4, arbitrary: fc.constant('outcome' as const) },
        { weight: 2, arbitrary: fc.constant('deadline' as const) },
      ),
      kind: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...often) }, { weight: 1, arbitrary: fc.constantFrom(...kinds) }),
      which: fc.nat(30),
      waitMs: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 * HOUR }) },
        { weight: 1, arbitrary: fc.integer({ min: HOUR, max: 40 * 24 * HOUR }) },
      ),
      capacity: fc.option(fc.constantFrom(...Object.values(Capacity)), { nil: undefined, freq: 12 }),
      world,
    })
    .map(({ capacity, ...step }) => ({ ...step, ...(capacity !== undefined && { capacity }) }));
}

/** A case with what may happen to it, right and wrong, in any order. Already walked. */
export const walkedCase: fc.Arbitrary<CaseStory> = fc
  .record({
    riskClass: fc.constantFrom('standard' as const, 'high' as const),
    capture: fc.constantFrom({ digest: 'sha256:00' }, { failed: 'marketplace-unavailable' }),
    isSellerKnown: fc.boolean(),
    rights: fc.constantFrom([], ['R1'], ['R1', 'R2']),
    steps: fc.array(stepOf(CASE_KINDS, ['recordVerdict', 'recordVerdict', 'fileCounterNotice', 'identifySeller']), { maxLength: 24, size: 'max' }),
  })
  .map(({ steps, isSellerKnown, ...opening }) => walk(isSellerKnown ? aCase(opening) : aSellerlessCase(opening), steps, caseCommand));

/** An appeal of any kind with what may happen to it. Already walked. */
export const walkedAppeal: fc.Arbitrary<AppealStory> = fc
  .record({
    kind: fc.constantFrom(...Object.values(AppealKind)),
    verdict: fc.constantFrom(...Object.values(Verdict)),
    laterMs: fc.constantFrom(0, HOUR, 45 * 24 * HOUR),
    otherGrounds: fc.boolean(),
    steps: fc.array(stepOf(APPEAL_KINDS, ['decideAppeal', 'withdrawAppeal', 'fileOfferedNotice']), { maxLength: 16, size: 'max' }),
  })
  .map(({ kind, verdict, laterMs, otherGrounds, steps }) => {
    return walk(anAppeal(kind, { verdict, ms: laterMs, otherGrounds }), steps, appealCommand);
  });

function caseCommand(story: CaseStory, step: Step): ReturnType<typeof commandOf> | undefined {
  const kind = CASE_KINDS.find((one) => one === step.kind);
  const content = kind && pick(CASE_SAMPLES[kind](story), step.which)?.[1];
  return kind && content && commandOf(story, step.capacity ?? CASE_CAPACITY[kind], content);
}

function appealCommand(story: AppealStory, step: Step): ReturnType<typeof appealCommandOf> | undefined {
  const kind = APPEAL_KINDS.find((one) => one === step.kind);
  const content = kind && pick(APPEAL_SAMPLES[kind](story), step.which)?.[1];
  const proper = kind && pick(APPEAL_CAPACITIES[kind], step.which);
  return content && proper && appealCommandOf(story, step.capacity ?? proper, content);
}

function walk<S, C extends Command, E extends Event>(
  story: Story<S, C, E>,
  steps: readonly Step[],
  toCommand: (story: Story<S, C, E>, step: Step) => C | undefined,
): Story<S, C, E> {
  for (const step of steps) {
    if (step.does === 'deadline') {
      story.passDeadline(step.world);
      continue;
    }
    story.wait(step.waitMs, step.world);
    const command = step.does === 'outcome' ? outcomeOf(story, step) : toCommand(story, step);
    if (command !== undefined) story.tell(command, step.world);
  }
  return story;
}

function outcomeOf<S, C extends Command, E extends Event>(story: Story<S, C, E>, step: Step): C | undefined {
  const effect = pick(story.owes(), step.which);
  const result = effect && pick(resultsOf(effect.kind, story), step.which);
  return effect && result && outcomeCommand(story, effect, result);
}

/** The command that an effect's outcome is (store/log/advance.ts). */
function outcomeCommand<S, C extends Command, E extends Event>(story: Story<S, C, E>, effect: Effect, result: EffectResult): C {
  const { key, try: attempt } = effect;
  const command = {
    id: `${key}@${attempt}`,
    at: story.now,
    by: { capacity: Capacity.engine },
    kind: 'recordEffectResult',
    key,
    try: attempt,
    result,
  };
  // Both kinds of aggregate have this command, which the type parameter does not say.
  return command as unknown as C;
}

function pick<T>(items: readonly T[], which: number): T | undefined {
  return items[which % Math.max(1, items.length)];
}

/** Nobody says anything any more and everything outside succeeds: how many decisions until it is final. Throws when it never is. */
export function settle<S, C extends Command, E extends Event>(story: Story<S, C, E>, stuck: (story: Story<S, C, E>) => boolean, limit = 40): void {
  for (let step = 0; step < limit; step++) {
    if (story.isFinal()) return;
    const [effect] = story.owes();
    const [success] = effect === undefined ? [] : resultsOf(effect.kind, story);
    if (effect !== undefined && success !== undefined) {
      story.wait(60_000);
      if (story.owes()[0]?.key === effect.key) story.tell(outcomeCommand(story, effect, success));
    } else if (story.passDeadline() === undefined && !stuck(story)) {
      throw new Error('neither owes anything nor waits for anything, and is not final');
    }
  }
  throw new Error(`not final after ${limit} decisions`);
}
