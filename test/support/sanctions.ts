import fc from 'fast-check';
import { Capacity } from '../../domain/aggregate.ts';
import { type AggregateId, AggregateKind, aggregateId } from '../../domain/ids.ts';
import { Measure } from '../../domain/policy/policy.ts';
import { type OpenSanction, type SanctionCommand, type SanctionEvent, type SanctionState, SanctionStatus } from '../../domain/sanction/model.ts';
import { sanctionRules } from '../../domain/sanction/rules.ts';
import type { Salted } from '../../domain/salted.ts';
import { by, type Content, SELLER, STATEMENT } from './builders.ts';
import { resultsOf } from './samples.ts';
import { POLICY_DIGEST, Story, type World } from './story.ts';

export type SanctionStory = Story<SanctionState, SanctionCommand, SanctionEvent>;
type Actor = NonNullable<World['actor']>;

const SANCTION_ID: AggregateId = aggregateId(AggregateKind.sanction, '3'.repeat(32));

/** The ledger as it showed at the crossing. */
export const STANDS: Actor = { version: 1, points: 48, pointsThen: 48, held: [] };
/** One finding less, which nobody has told the sanction yet. */
export const FELL: Actor = { version: 2, points: 24, pointsThen: 24, held: [] };
/** A year later: the points have expired, but were right at their time. */
export const EXPIRED: Actor = { version: 2, points: 0, pointsThen: 48, held: [] };

/** A second account of the same actor. */
export const SHOP_B = { '...': 'second-shop-digest' };

function anOpening(measure: Measure, shops: OpenSanction['shops'] = [SELLER]): OpenSanction {
  const step = { points: 48, measure };
  return { kind: 'openSanction', marketplace: 'm', seller: SELLER, shops, step, points: 48, version: 1, cases: ['case:1'], policy: POLICY_DIGEST };
}

/** A proposed (or, without need of approval, ordered) sanction, driven by its real rules. */
export function aSanction(measure: Measure = Measure.closeShop, shops: OpenSanction['shops'] = [SELLER]): SanctionStory {
  const story = new Story(sanctionRules, SANCTION_ID);
  giveSanction(story, anOpening(measure, shops));
  return story;
}

/** The command that a content becomes when it is given now, in its proper capacity unless another is named. */
export function sanctionCommandOf(story: SanctionStory, content: Content<SanctionCommand>, capacity?: Capacity): SanctionCommand {
  const [proper = Capacity.engine] = sanctionRules.handlers[content.kind].by;
  // As for cases: the content with its envelope.
  return { ...content, id: `m${story.told.length + 1}`, at: story.now, by: by(capacity ?? proper) } as SanctionCommand;
}

/** Gives a command a minute later. */
export function giveSanction(story: SanctionStory, content: Content<SanctionCommand>, world: World = {}) {
  story.wait(60_000, { actor: STANDS, ...world });
  return story.tell(sanctionCommandOf(story, content), { actor: STANDS, ...world });
}

/** The outcome of an effect owed now (the first, or that of a shop): the `which`-th of those that can come back. */
export function outcomeOf(story: SanctionStory, which = 0, world: World = {}, shop?: Salted) {
  const owed = story.owes().find(({ args }) => shop === undefined || args['seller'] === shop);
  const result = owed && resultsOf(owed.kind, story)[which];
  if (owed === undefined || result === undefined) throw new Error('nothing is owed');
  return giveSanction(story, { kind: 'recordEffectResult', key: owed.key, try: owed.try, result }, world);
}

export const APPROVE = { kind: 'decideSanction', decision: 'approve', reason: STATEMENT } as const;
export const REJECT = { kind: 'decideSanction', decision: 'reject', reason: STATEMENT } as const;
export const LIFT = { kind: 'liftSanction', reason: STATEMENT } as const;
export const RECONSIDER = { kind: 'reconsider', version: 2 } as const;

function after(story: SanctionStory, ...acts: readonly ((story: SanctionStory) => unknown)[]): SanctionStory {
  for (const act of acts) act(story);
  return story;
}

/** A sanction in each status, by the shortest way there. */
export const sanctionIn: { readonly [S in Exclude<SanctionStatus, 'none'>]: () => SanctionStory } = {
  [SanctionStatus.proposed]: () => aSanction(),
  [SanctionStatus.executing]: () => after(aSanction(), (s) => giveSanction(s, APPROVE)),
  [SanctionStatus.inForce]: () => after(sanctionIn.executing(), (s) => outcomeOf(s)),
  [SanctionStatus.lifting]: () => after(sanctionIn['in-force'](), (s) => giveSanction(s, LIFT)),
  [SanctionStatus.lifted]: () => after(sanctionIn.lifting(), (s) => outcomeOf(s)),
  [SanctionStatus.expired]: () =>
    after(
      aSanction(Measure.restrict),
      (s) => outcomeOf(s),
      (s) => s.passDeadline({ actor: STANDS }),
      (s) => outcomeOf(s),
    ),
  [SanctionStatus.overturned]: () => after(aSanction(), (s) => giveSanction(s, RECONSIDER, { actor: FELL })),
  [SanctionStatus.rejected]: () => after(aSanction(), (s) => giveSanction(s, REJECT)),
};

/** Every kind of command as it may really come. */
export const SANCTION_SAMPLES: {
  readonly [K in SanctionCommand['kind']]: (s: SanctionStory) => readonly (readonly [string, Content<SanctionCommand>])[];
} = {
  openSanction: () => [['', anOpening(Measure.closeShop)]],
  decideSanction: () => [
    ['approve', APPROVE],
    ['reject', REJECT],
  ],
  liftSanction: () => [['', LIFT]],
  reconsider: () => [['', RECONSIDER]],
  passDeadline: (s) => {
    const due = s.due();
    const wrong = ['not due', { kind: 'passDeadline', rule: 'sanction.end', due: s.now }] as const;
    return due === undefined ? [wrong] : [[due.rule, { kind: 'passDeadline', rule: due.rule, due: due.at }], wrong];
  },
  recordEffectResult: (s) => {
    const [owed] = s.owes();
    const stale = ['of nothing owed', { kind: 'recordEffectResult', key: 'measure:elsewhere', try: 1, result: { kind: 'closed' } }] as const;
    if (owed === undefined) return [stale];
    return [
      ...resultsOf(owed.kind, s).map(
        (result) => [`${owed.kind}: ${result.kind}`, { kind: 'recordEffectResult', key: owed.key, try: owed.try, result }] as const,
      ),
      stale,
    ];
  },
};
export const SANCTION_KINDS = Object.keys(SANCTION_SAMPLES) as (keyof typeof SANCTION_SAMPLES)[];

const actors: fc.Arbitrary<Actor> = fc.record({
  version: fc.integer({ min: 1, max: 6 }),
  points: fc.constantFrom(0, 24, 48, 72),
  pointsThen: fc.constantFrom(24, 48),
  held: fc.constantFrom<readonly string[]>([], [], ['close-shop'], ['freeze'], ['severe-warning']),
});
const step = fc.record({
  does: fc.constantFrom('command', 'outcome', 'outcome', 'deadline'),
  kind: fc.constantFrom(...SANCTION_KINDS, 'decideSanction' as const, 'reconsider' as const, 'liftSanction' as const),
  which: fc.nat(20),
  waitMs: fc.constantFrom(0, 60_000, 3_600_000, 3 * 86_400_000),
  capacity: fc.option(fc.constantFrom(...Object.values(Capacity)), { nil: undefined, freq: 10 }),
  world: fc.record({
    actor: actors,
    mandate: fc.constantFrom('valid', 'valid', 'valid', 'none', 'revoked'),
    fourEyes: fc.constantFrom('none', 'none', 'opened'),
  }),
});

/** A sanction of any measure with what may happen to it, right and wrong, in any order. Already walked. */
export const walkedSanction: fc.Arbitrary<SanctionStory> = fc
  .record({
    measure: fc.constantFrom(...Object.values(Measure)),
    shops: fc.constantFrom([SELLER], [SELLER, SHOP_B]),
    steps: fc.array(step, { maxLength: 20, size: 'max' }),
  })
  .map(({ measure, shops, steps }) => {
    const story = aSanction(measure, shops);
    for (const { does, kind, which, waitMs, capacity, world } of steps) {
      story.wait(waitMs, world);
      if (does === 'deadline') story.passDeadline(world);
      else if (does === 'outcome') {
        const owed = story.owes()[which % Math.max(1, story.owes().length)];
        const results = owed === undefined ? [] : resultsOf(owed.kind, story);
        const result = results[which % Math.max(1, results.length)];
        if (owed !== undefined && result !== undefined)
          story.tell(sanctionCommandOf(story, { kind: 'recordEffectResult', key: owed.key, try: owed.try, result }), world);
      } else {
        const samples = SANCTION_SAMPLES[kind](story);
        const content = samples[which % Math.max(1, samples.length)]?.[1];
        if (content !== undefined) story.tell(sanctionCommandOf(story, content, capacity), world);
      }
    }
    return story;
  });
