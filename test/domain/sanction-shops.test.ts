import { describe, expect, it } from 'vitest';
import { Measure } from '../../domain/policy/policy.ts';
import { SanctionStatus } from '../../domain/sanction/model.ts';
import { SELLER } from '../support/builders.ts';
import { APPROVE, aSanction, FELL, giveSanction, outcomeOf, RECONSIDER, REJECT, type SanctionStory, SHOP_B, STANDS } from '../support/sanctions.ts';
import { describeOutcome } from '../support/story.ts';

describe('four eyes', () => {
  it('whoever opened one of the cases by hand may reject the measure, but not approve it', () => {
    const story = aSanction();
    expect(giveSanction(story, APPROVE, { fourEyes: 'opened' })).toMatchObject({
      refused: { code: 'four-eyes', cure: 'Ask another officer to decide.' },
    });
    expect(story.state.status).toBe(SanctionStatus.proposed);
    expect(describeOutcome(giveSanction(story, APPROVE, { fourEyes: 'none' }))).toBe('SanctionApproved, MeasureOrdered');
    expect(describeOutcome(giveSanction(aSanction(), REJECT, { fourEyes: 'opened' }))).toBe('SanctionRejected, SanctionSealed');
  });
});

describe('a sanction on an actor with two shops', () => {
  const BOTH = [SELLER, SHOP_B];
  const executing = (measure: Measure = Measure.restrict) => aSanction(measure, BOTH);
  const told = (story: SanctionStory, kind: string) => story.letters.filter((letter) => letter.kind === kind).map(({ to }) => to);

  it('owes one act a shop at once, each under a key of its own, and is in force with the last', () => {
    const story = executing();
    expect(story.owes().map(({ key, args }) => [key, args['seller']])).toEqual([
      ['measure:m1/1', SELLER],
      ['measure:m1/2', SHOP_B],
    ]);
    expect(describeOutcome(outcomeOf(story, 0, {}, SHOP_B))).toBe('MeasureTaken');
    expect([story.state.status, story.owes().map(({ args }) => args['seller'])]).toEqual([SanctionStatus.executing, [SELLER]]);
    expect(told(story, 'sanction-taken')).toEqual([{ seller: SHOP_B }]);
    const { until } = story.state;
    story.wait(3_600_000);
    outcomeOf(story, 0, {}, SELLER);
    expect([story.state.status, story.state.until]).toEqual([SanctionStatus.inForce, until]);
    expect(told(story, 'sanction-taken')).toEqual([{ seller: SHOP_B }, { seller: SELLER }]);
    expect(new Set(story.letters.filter(({ kind }) => kind === 'sanction-taken').map(({ about }) => about['until']))).toEqual(new Set([until]));
  });

  it('tries again on the shop that failed only', () => {
    const story = executing();
    outcomeOf(story, 2, {}, SELLER);
    outcomeOf(story, 0, {}, SHOP_B);
    expect(story.owes()).toEqual([]);
    expect(story.due()?.rule).toBe('effect.retry');
    story.passDeadline({ actor: STANDS });
    expect(story.owes()).toMatchObject([{ key: 'measure:m1/1', try: 2, args: { seller: SELLER } }]);
    outcomeOf(story);
    expect(story.state.status).toBe(SanctionStatus.inForce);
  });

  it('ends on all shops at the end that the first was told, though another never answered', () => {
    const story = executing();
    outcomeOf(story, 0, {}, SHOP_B);
    const { until } = story.state;
    for (let n = 0; n < 200 && story.state.status === SanctionStatus.executing; n++) {
      if (story.owes().length > 0) outcomeOf(story, 2);
      else story.passDeadline({ actor: STANDS });
    }
    expect([story.state.status, story.state.ends]).toEqual([SanctionStatus.lifting, SanctionStatus.expired]);
    expect(story.told.at(-1)?.command.at.slice(0, 16)).toBe(until?.slice(0, 16));
    expect(story.owes().map(({ kind, args }) => [kind, args['seller']])).toEqual([
      ['lift-restriction', SELLER],
      ['lift-restriction', SHOP_B],
    ]);
    outcomeOf(story, 1, {}, SELLER);
    outcomeOf(story, 0, {}, SHOP_B);
    expect(story.state.status).toBe(SanctionStatus.expired);
    expect(told(story, 'sanction-ended')).toEqual([{ seller: SHOP_B }]);
  });

  it('is lifted from both when its points fall, once no act is under way any more', () => {
    const story = executing();
    giveSanction(story, RECONSIDER, { actor: FELL });
    expect(describeOutcome(outcomeOf(story, 0, { actor: FELL }, SELLER))).toBe('MeasureTaken');
    expect(describeOutcome(outcomeOf(story, 2, { actor: FELL }, SHOP_B))).toBe('LiftOrdered');
    expect(story.owes()).toHaveLength(2);
    outcomeOf(story, 0, { actor: FELL }, SELLER);
    expect(story.isFinal()).toBe(false);
    outcomeOf(story, 0, { actor: FELL }, SHOP_B);
    expect(story.state.status).toBe(SanctionStatus.overturned);
    expect(told(story, 'sanction-ended')).toEqual([{ seller: SELLER }, { seller: SHOP_B }]);
  });

  it('warns both', () => {
    expect(told(aSanction(Measure.severeWarning, BOTH), 'sanction-taken')).toEqual([{ seller: SELLER }, { seller: SHOP_B }]);
  });
});
