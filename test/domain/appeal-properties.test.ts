import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import { AppealKind, AppealStatus, type AppealState } from '../../domain/appeal/model.ts';
import { appealRules } from '../../domain/appeal/rules.ts';
import { justifiesAction } from '../../domain/case/answer.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import { type AppealStory, appealCommandOf, STATEMENT } from '../support/builders.ts';
import { APPEAL_CAPACITIES, APPEAL_SAMPLES } from '../support/samples.ts';
import { POLICY, POLICY_DIGEST, POLICY_DOCUMENT, describeOutcome } from '../support/story.ts';
import { settle, walkedAppeal } from '../support/walks.ts';

function always(check: (story: AppealStory) => void): void {
  fc.assert(fc.property(walkedAppeal, check), { numRuns: 200 });
}

/** What waits for an officer gets one; everything else settles by itself. */
function settled(story: AppealStory, decision: 'uphold' | 'overturn' = 'uphold'): AppealStory {
  settle(story, (stuck) => {
    if (stuck.state.status !== AppealStatus.inReview) return false;
    stuck.tell(appealCommandOf(stuck, Capacity.governance, { kind: 'decideAppeal', decision, reason: STATEMENT }));
    return true;
  });
  return story;
}

const isFinal = (state: AppealState) => appealRules.isFinal(state);

describe('whatever happens to an appeal', () => {
  it('ends in a bounded number of decisions', () => {
    always((story) => void settled(story));
  });

  it('stays final, refuses everything, has no deadline and owes nothing', () => {
    always((story) => {
      const { state } = settled(story);
      for (const kind of Object.keys(APPEAL_SAMPLES) as (keyof typeof APPEAL_SAMPLES)[]) {
        for (const capacity of APPEAL_CAPACITIES[kind]) {
          for (const [, content] of APPEAL_SAMPLES[kind](story))
            expect(describeOutcome(story.tell(appealCommandOf(story, capacity, content)))).toBe('refused: is-final');
        }
      }
      expect(story.state).toBe(state);
      expect([appealRules.deadline(state), ...appealRules.effects(state)]).toEqual([undefined]);
    });
  });

  it('waits for nothing but an officer, a deadline or an effect', () => {
    always((story) => {
      for (const { after } of story.told) {
        if (isFinal(after) || after.status === AppealStatus.inReview) continue;
        expect([appealRules.deadline(after), ...appealRules.effects(after)]).not.toEqual([undefined]);
      }
    });
  });

  it('never refuses the outcome of an owed effect', () => {
    always((story) => {
      for (const { before, command, outcome } of settled(story).told) {
        if (command.kind !== 'recordEffectResult' || command.by.capacity !== 'engine') continue;
        const isOwed = appealRules.effects(before).some(({ key, try: attempt }) => key === command.key && attempt === command.try);
        if (isOwed) expect(describeOutcome(outcome)).not.toMatch(/^refused/);
      }
    });
  });

  it('moves every deadline on when it passes', () => {
    always((story) => {
      for (const { before, command, outcome, after } of settled(story).told) {
        if (command.kind !== 'passDeadline' || 'refused' in outcome) continue;
        const [due, next] = [appealRules.deadline(before), appealRules.deadline(after)];
        expect(due !== undefined && (next === undefined || next.at > due.at)).toBe(true);
      }
    });
  });

  it('orders no takedown without an acting verdict that the brand filed, or another case’s ground', () => {
    always((story) => {
      for (const { before, command, outcome, facts } of settled(story).told) {
        if (!('events' in outcome) || !outcome.events.some((event) => event.type === 'TakedownOrdered')) continue;
        const isFiled = command.kind === 'fileOfferedNotice' && justifiesAction(before.answer, before.of?.rights ?? [], POLICY);
        expect(isFiled || (command.kind === 'recordEffectResult' && facts.otherGrounds === true)).toBe(true);
      }
    });
  });

  it('leaves a ground on the listing exactly when a late notice was applied', () => {
    always((story) => {
      const isApplied = settled(story).state.kind === AppealKind.lateVerdict && story.state.status === AppealStatus.applied;
      expect(story.hasGround()).toBe(isApplied);
    });
  });

  it('undoes what it overturns: points voided, and the listing put back or withheld', () => {
    always((story) => {
      const types = settled(story, 'overturn')
        .events()
        .map((event) => event.type);
      if (!types.includes('LedgerVoided')) return;
      expect(types.some((type) => type === 'ListingRestored' || type === 'PutBackWithheld' || type === 'RemovalMissed')).toBe(true);
    });
  });

  it('releases the points that a counter-notice held, unless it voids them', () => {
    always((story) => {
      const types = settled(story)
        .events()
        .map((event) => event.type);
      if (types.includes('LedgerHeld')) expect(types.filter((type) => type === 'LedgerReleased' || type === 'LedgerVoided')).toHaveLength(1);
    });
  });

  it('enters the ledger at most once', () => {
    always((story) => {
      const entered = settled(story)
        .events()
        .filter((event) => event.type === 'LedgerEntered');
      expect(entered.length).toBeLessThanOrEqual(1);
    });
  });

  it('is withdrawn by its filer only', () => {
    always((story) => {
      for (const { before, command, outcome } of story.told) {
        if (command.kind !== 'withdrawAppeal' || 'refused' in outcome) continue;
        expect(command.by.capacity).toBe(before.kind === AppealKind.counterNotice ? Capacity.seller : Capacity.rightsHolder);
      }
    });
  });

  it('folds to the same state and is decided again alike, offline', () => {
    always((story) => {
      expect(story.events().reduce(appealRules.evolve, appealRules.initial)).toEqual(story.state);
      expect(verifyChain(story.chain).filter((check) => !check.ok)).toEqual([]);
      expect(redecide(story.chain, { [POLICY_DIGEST]: POLICY_DOCUMENT }).filter((check) => !check.ok)).toEqual([]);
    });
  });
});
