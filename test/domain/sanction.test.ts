import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import { Measure } from '../../domain/policy/policy.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import { SanctionStatus } from '../../domain/sanction/model.ts';
import { sanctionRules } from '../../domain/sanction/rules.ts';
import {
  APPROVE,
  aSanction,
  EXPIRED,
  FELL,
  giveSanction,
  LIFT,
  outcomeOf,
  RECONSIDER,
  REJECT,
  SANCTION_KINDS,
  SANCTION_SAMPLES,
  type SanctionStory,
  STANDS,
  sanctionCommandOf,
  sanctionIn,
  walkedSanction,
} from '../support/sanctions.ts';
import { POLICY_DIGEST, POLICY_DOCUMENT, describeOutcome } from '../support/story.ts';
import { settle } from '../support/walks.ts';

const STATUSES = Object.keys(sanctionIn) as (keyof typeof sanctionIn)[];
const WORLDS = { 'ledger stands': STANDS, 'ledger fell': FELL } as const;

function rows(status: keyof typeof sanctionIn, kind: (typeof SANCTION_KINDS)[number]): readonly string[] {
  return SANCTION_SAMPLES[kind](sanctionIn[status]()).flatMap(([about, content]) =>
    Object.entries(WORLDS).map(([name, actor]) => {
      const story = sanctionIn[status]();
      const outcome = story.tell(sanctionCommandOf(story, content), { actor });
      const leads = story.state.status === status ? '' : ` -> ${story.state.status}`;
      return `| ${status} | ${kind}${about && ` (${about})`}, ${name} | ${describeOutcome(outcome)}${leads} |`;
    }),
  );
}

/** A status that answers everything alike is one row. */
function compact(status: string, all: readonly string[]): readonly string[] {
  const answers = new Set(all.map((row) => row.split(' | ').at(-1)));
  return answers.size === 1 ? [`| ${status} | everything | ${[...answers].join()}`] : all;
}

describe('the decide table of a sanction', () => {
  it('is what the checked table says, for every status and kind of command', async () => {
    const all = STATUSES.flatMap((status) =>
      compact(
        status,
        SANCTION_KINDS.flatMap((kind) => rows(status, kind)),
      ),
    );
    await expect(`${['| status | command | comes to |\n|---|---|---|', ...all].join('\n')}\n`).toMatchFileSnapshot('snapshots/sanction-table.md');
  });

  it.each(STATUSES)('reaches %s by real decisions', (status) => {
    expect(sanctionIn[status]().state.status).toBe(status);
  });

  it.each(SANCTION_KINDS.filter((kind) => kind !== 'openSanction'))('lets only the capacities of the table give %s', (kind) => {
    for (const capacity of Object.values(Capacity).filter((one) => !sanctionRules.handlers[kind].by.includes(one))) {
      const story = sanctionIn['in-force']();
      const [sample] = SANCTION_SAMPLES[kind](story);
      expect(sample && describeOutcome(story.tell(sanctionCommandOf(story, sample[1], capacity)))).toBe('refused: wrong-capacity');
    }
  });

  it.each([
    ['none', 'no-mandate'],
    ['revoked', 'mandate-revoked'],
  ] as const)('refuses an officer whose mandate is %s', (mandate, code) => {
    const story = aSanction();
    expect(describeOutcome(giveSanction(story, APPROVE, { mandate }))).toBe(`refused: ${code}`);
    expect(story.state.status).toBe(SanctionStatus.proposed);
  });
});

describe('a sanction', () => {
  it('waits for a second person where the policy says so, and for nobody elsewhere', () => {
    expect(aSanction(Measure.closeShop).state.status).toBe(SanctionStatus.proposed);
    expect(aSanction(Measure.freeze).state.status).toBe(SanctionStatus.proposed);
    expect(aSanction(Measure.restrict).state.status).toBe(SanctionStatus.executing);
    expect(aSanction(Measure.severeWarning).state.status).toBe(SanctionStatus.inForce);
  });

  it('restricts for the days of the policy, counted from when it has taken effect', () => {
    const story = aSanction(Measure.restrict);
    story.wait(3 * 86_400_000);
    outcomeOf(story);
    const taken = story.events().find((event) => event.type === 'MeasureTaken');
    expect(story.due()?.at).toBe(taken?.type === 'MeasureTaken' ? taken.until : '');
    expect(Date.parse(story.due()?.at ?? '') - Date.parse(story.now)).toBe(7 * 86_400_000);
  });

  it('tells the seller nothing of what was never taken', () => {
    for (const end of [REJECT, RECONSIDER]) {
      const story = aSanction();
      giveSanction(story, end, { actor: FELL });
      expect(story.isFinal()).toBe(true);
      expect(story.letters.filter(({ to }) => 'seller' in to)).toEqual([]);
    }
  });

  it('is not taken when the ledger has fallen before the approval, though nobody has told it yet', () => {
    const story = aSanction();
    expect(describeOutcome(giveSanction(story, APPROVE, { actor: FELL }))).toBe('Reconsidered, SanctionSealed');
    expect(story.state.status).toBe(SanctionStatus.overturned);
  });

  it('is undone when the ledger falls while it is being taken, after its outcome', () => {
    const story = sanctionIn.executing();
    expect(describeOutcome(giveSanction(story, RECONSIDER, { actor: FELL }))).toBe('Reconsidered');
    expect(describeOutcome(outcomeOf(story, 0, { actor: FELL }))).toBe('MeasureTaken, LiftOrdered');
    expect(story.owes()).toMatchObject([{ kind: 'reopen-shop', args: { reason: 'overturned' } }]);
    outcomeOf(story, 0, { actor: FELL });
    expect(story.state.status).toBe(SanctionStatus.overturned);
    expect(story.letters.map(({ kind }) => kind)).toEqual(['approval-asked', 'approval-asked', 'sanction-taken', 'sanction-ended']);
  });

  it('is undone, not tried again, when an attempt failed and the ledger has fallen', () => {
    const story = sanctionIn.executing();
    giveSanction(story, RECONSIDER, { actor: FELL });
    expect(describeOutcome(outcomeOf(story, 3, { actor: FELL }))).toBe('LiftOrdered');
    const waiting = sanctionIn.executing();
    outcomeOf(waiting, 3);
    expect(describeOutcome(giveSanction(waiting, RECONSIDER, { actor: FELL }))).toBe('Reconsidered, LiftOrdered');
  });

  it('stands when the ledger has risen again before the measure was taken', () => {
    const story = sanctionIn.executing();
    giveSanction(story, RECONSIDER, { actor: FELL });
    giveSanction(story, { kind: 'reconsider', version: 3 }, { actor: { ...STANDS, version: 3 } });
    expect(describeOutcome(outcomeOf(story))).toBe('MeasureTaken');
  });

  it('stands when its points have expired: they were right at their time', () => {
    const story = sanctionIn['in-force']();
    expect(describeOutcome(giveSanction(story, RECONSIDER, { actor: EXPIRED }))).toBe('Reconsidered');
    expect(story.state.status).toBe(SanctionStatus.inForce);
  });

  it('ignores versions of the ledger that it has seen', () => {
    const story = sanctionIn['in-force']();
    expect(describeOutcome(giveSanction(story, RECONSIDER, { actor: { ...FELL, version: 1 } }))).toBe('noted');
  });

  it('does not undo what another sanction holds', () => {
    const story = sanctionIn['in-force']();
    expect(describeOutcome(giveSanction(story, LIFT, { actor: { ...STANDS, held: ['close-shop'] } }))).toBe('LiftWithheld, SanctionSealed');
    const other = sanctionIn['in-force']();
    expect(describeOutcome(giveSanction(other, LIFT, { actor: { ...STANDS, held: ['freeze', 'severe-warning'] } }))).toBe('LiftOrdered');
  });

  it('puts back what another sanction took hold of while it was being lifted', () => {
    const story = sanctionIn.lifting();
    expect(describeOutcome(outcomeOf(story, 0, { actor: { ...STANDS, held: ['close-shop'] } }))).toBe('MeasureLifted, MeasureReordered');
    expect(story.owes()).toMatchObject([{ kind: 'close-shop', args: { measure: 'close-shop', reason: 'points' } }]);
    expect(describeOutcome(outcomeOf(story))).toBe('MeasureRestored, SanctionSealed');
  });
});

const always = (check: (story: SanctionStory) => void): void => fc.assert(fc.property(walkedSanction, check), { numRuns: 400 });

function isActMeasure({ state }: SanctionStory): boolean {
  return state.step?.measure !== Measure.severeWarning;
}

/** What waits for an officer gets one; everything else settles by itself. */
function settled(story: SanctionStory): SanctionStory {
  settle(story, (stuck) => {
    const content = stuck.state.status === SanctionStatus.proposed ? APPROVE : LIFT;
    stuck.tell(sanctionCommandOf(stuck, content), { actor: STANDS });
    return true;
  });
  return story;
}

describe('whatever happens to a sanction', () => {
  it('ends, stays final, refuses everything, has no deadline and owes nothing', () => {
    always((story) => {
      const { state } = settled(story);
      for (const kind of SANCTION_KINDS) {
        for (const [, content] of SANCTION_SAMPLES[kind](story))
          expect(describeOutcome(story.tell(sanctionCommandOf(story, content)))).toBe('refused: is-final');
      }
      expect(story.state).toBe(state);
      expect([sanctionRules.deadline(state), ...sanctionRules.effects(state)]).toEqual([undefined]);
    });
  });

  it('never refuses the outcome of an owed effect', () => {
    always((story) => {
      for (const { before, command, outcome } of story.told) {
        if (command.kind !== 'recordEffectResult' || command.by.capacity !== Capacity.engine) continue;
        const isOwed = sanctionRules.effects(before).some(({ key, try: attempt }) => key === command.key && attempt === command.try);
        if (isOwed) expect(describeOutcome(outcome)).not.toMatch(/^refused/);
      }
    });
  });

  it('moves every deadline on when it passes', () => {
    always((story) => {
      for (const { before, command, outcome, after } of settled(story).told) {
        if (command.kind !== 'passDeadline' || 'refused' in outcome) continue;
        const [due, next] = [sanctionRules.deadline(before), sanctionRules.deadline(after)];
        expect(due !== undefined && (next === undefined || next.at > due.at)).toBe(true);
      }
    });
  });

  it('takes no measure that needs approval without one, and tells the seller of every one taken and of its end', () => {
    always((story) => {
      const types = settled(story)
        .events()
        .map(({ type }) => type);
      const needs = story.state.step?.measure === 'close-shop' || story.state.step?.measure === 'freeze';
      const taking = types.filter((type) => type === 'MeasureOrdered' || type === 'MeasureTaken');
      if (needs && taking.length > 0) expect(types).toContain('SanctionApproved');
      const toSeller = story.letters.filter(({ to }) => 'seller' in to).map(({ kind }) => kind);
      const each = isActMeasure(story) ? 1 : story.state.shops.length;
      expect(toSeller.filter((kind) => kind === 'sanction-taken')).toHaveLength(types.filter((type) => type === 'MeasureTaken').length * each);
      if (types.includes('MeasureTaken')) expect(toSeller.at(-1)).toBe('sanction-ended');
    });
  });

  it('undoes outside what it did outside, unless another sanction holds it', () => {
    always((story) => {
      const types = settled(story)
        .events()
        .map(({ type }) => type);
      if (!types.includes('MeasureOrdered')) return;
      expect(types.some((type) => type === 'MeasureLifted' || type === 'LiftWithheld')).toBe(true);
    });
  });

  it('folds to the same state and is decided again alike, offline', () => {
    always((story) => {
      expect(story.events().reduce(sanctionRules.evolve, sanctionRules.initial)).toEqual(story.state);
      expect(verifyChain(story.chain).filter((check) => !check.ok)).toEqual([]);
      expect(redecide(story.chain, { [POLICY_DIGEST]: POLICY_DOCUMENT }).filter((check) => !check.ok)).toEqual([]);
    });
  });
});
