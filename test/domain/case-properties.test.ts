import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { justifiesAction } from '../../domain/case/answer.ts';
import { CaseStatus } from '../../domain/case/model.ts';
import { caseRules } from '../../domain/case/rules.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import type { CaseStory } from '../support/builders.ts';
import { CASE_CAPACITY, CASE_SAMPLES } from '../support/samples.ts';
import { POLICY, POLICY_DIGEST, POLICY_DOCUMENT, describeOutcome } from '../support/story.ts';
import { settle, walkedCase } from '../support/walks.ts';
import { commandOf } from '../support/builders.ts';

const RUNS = { numRuns: 200 } as const;

/** Holds for every walk of a case. */
function always(check: (story: CaseStory) => void): void {
  fc.assert(fc.property(walkedCase, check), RUNS);
}

/** A case that then settles: the brand is silent and what is owed succeeds. */
function settled(story: CaseStory): CaseStory {
  settle(story, () => false);
  return story;
}

function eventsOf(story: CaseStory, type: string) {
  return story.events().filter((event) => event.type === type);
}

describe('whatever happens to a case', () => {
  it('ends: with a silent brand and effects that succeed it becomes final in a bounded number of decisions', () => {
    always((story) => void settled(story));
  });

  it('stays final, and refuses everything', () => {
    always((story) => {
      const { state } = settled(story);
      for (const kind of Object.keys(CASE_SAMPLES) as (keyof typeof CASE_SAMPLES)[]) {
        for (const [, content] of CASE_SAMPLES[kind](story))
          expect(describeOutcome(story.tell(commandOf(story, CASE_CAPACITY[kind], content)))).toBe('refused: is-final');
      }
      expect(story.state).toBe(state);
    });
  });

  it('has no deadline and owes nothing once it is final', () => {
    always((story) => {
      for (const { after } of settled(story).told) {
        if (caseRules.isFinal(after)) expect([caseRules.deadline(after), caseRules.effects(after)]).toEqual([undefined, []]);
      }
    });
  });

  it('never waits for nothing: an open case owes an effect or has a deadline', () => {
    always((story) => {
      for (const { after } of story.told) {
        if (!caseRules.isFinal(after)) expect([caseRules.deadline(after), ...caseRules.effects(after)]).not.toEqual([undefined]);
      }
    });
  });

  it('never refuses the outcome of an owed effect', () => {
    always((story) => {
      for (const { before, command, outcome } of settled(story).told) {
        if (command.kind !== 'recordEffectResult' || command.by.capacity !== 'engine') continue;
        const isOwed = caseRules.effects(before).some(({ key, try: attempt }) => key === command.key && attempt === command.try);
        if (isOwed) expect(describeOutcome(outcome)).not.toMatch(/^refused/);
      }
    });
  });

  it('moves every deadline on when it passes', () => {
    always((story) => {
      for (const { before, command, after } of settled(story).told) {
        if (command.kind !== 'passDeadline') continue;
        const due = caseRules.deadline(before);
        if (due?.rule !== command.rule || due.at !== command.due || command.by.capacity !== 'engine') continue;
        const next = caseRules.deadline(after);
        expect(next === undefined || next.at > due.at || (next.at === due.at && next.rule !== due.rule)).toBe(true);
      }
    });
  });

  it('orders no takedown without a ground', () => {
    always((story) => {
      for (const { before, command, outcome, facts } of settled(story).told) {
        if (!('events' in outcome)) continue;
        for (const event of outcome.events.filter((one) => one.type === 'TakedownOrdered')) {
          const answer = command.kind === 'recordVerdict' ? command : before.answer;
          const isVerdict = !event.provisional && justifiesAction(answer, before.rights, POLICY);
          const isPolicy = event.provisional && POLICY.confirmation.onSilence[before.riskClass] === 'remove-provisionally';
          const isOthers = event.ground === 'other-ground' && facts.otherGrounds === true;
          expect(isVerdict || isPolicy || isOthers).toBe(true);
        }
      }
    });
  });

  it('gives no points for a provisional removal', () => {
    always((story) => {
      for (const { command, before, outcome } of settled(story).told) {
        if (!('events' in outcome) || !outcome.events.some((event) => event.type === 'LedgerEntered')) continue;
        expect(justifiesAction(command.kind === 'recordVerdict' ? command : before.answer, before.rights, POLICY)).toBe(true);
      }
    });
  });

  it('ends with its ground on the listing exactly when it acted', () => {
    always((story) => {
      expect(settled(story).hasGround()).toBe(story.state.status === CaseStatus.actioned);
    });
  });

  it('follows every removal that has lost its ground by a put-back, or withholds that for another ground', () => {
    always((story) => {
      let isDown = false;
      for (const event of settled(story).events()) {
        if (event.type === 'ListingRemoved') isDown = true;
        if (event.type === 'ListingRestored' || event.type === 'PutBackWithheld' || event.type === 'VersionDiffered') isDown = false;
      }
      expect(isDown).toBe(story.state.status === CaseStatus.actioned);
    });
  });

  it('enters the ledger at most once, and only at the seal', () => {
    always((story) => {
      const entered = eventsOf(settled(story), 'LedgerEntered');
      expect(entered.length).toBeLessThanOrEqual(story.state.status === CaseStatus.actioned ? 1 : 0);
    });
  });

  it('owes each effect under a key of its own, and its tries count up', () => {
    always((story) => {
      const keys = story.events().flatMap((event) => ('key' in event && /Ordered|Missing|Differed/.test(event.type) ? [event.key] : []));
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  it('tells the seller the reasons of every removal once the seller is known', () => {
    always((story) => {
      for (const { after } of settled(story).told) {
        if (after.removed !== true || after.seller === undefined) continue;
        expect(story.letters.some((letter) => letter.kind === 'statement-of-reasons')).toBe(true);
      }
      if (eventsOf(story, 'ListingRemoved').length === 0) expect(story.letters.map((letter) => letter.kind)).not.toContain('statement-of-reasons');
    });
  });

  it('writes letters with keys that are unique within a decision', () => {
    always((story) => {
      for (const { outcome, before, command } of settled(story).told) {
        if (!('events' in outcome)) continue;
        let state = before;
        const keys = outcome.events.flatMap((event) => {
          state = caseRules.evolve(state, event);
          return caseRules.outbox(event, state, command).map((draft) => draft.key);
        });
        expect(new Set(keys).size).toBe(keys.length);
      }
    });
  });

  it('folds to the same state and is decided again alike, offline', () => {
    always((story) => {
      const folded = story.events().reduce(caseRules.evolve, caseRules.initial);
      expect(folded).toEqual(story.state);
      expect(verifyChain(story.chain).filter((check) => !check.ok)).toEqual([]);
      expect(redecide(story.chain, { [POLICY_DIGEST]: POLICY_DOCUMENT }).filter((check) => !check.ok)).toEqual([]);
    });
  });
});
