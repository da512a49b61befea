import { describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import { AppealKind, AppealStatus } from '../../domain/appeal/model.ts';
import { CaseStatus, Verdict } from '../../domain/case/model.ts';
import type { EffectResult } from '../../domain/effects.ts';
import {
  type AppealStory,
  aCase,
  anAppeal,
  answer,
  appealCommandOf,
  aSellerlessCase,
  type CaseStory,
  caseIn,
  give,
  giveAppeal,
  outcome,
  provisional,
  removed,
  SELLER,
  V2,
} from '../support/builders.ts';
import { describeOutcome } from '../support/story.ts';

const FAILED: EffectResult = { kind: 'failed', reason: 'marketplace-unavailable' };
const DIFFERS: EffectResult = { kind: 'version-differs', version: V2 };

function kinds(story: CaseStory | AppealStory): readonly string[] {
  return story.letters.map((letter) => letter.kind);
}

function appealOutcome(story: AppealStory, result: EffectResult, world = {}) {
  const [owed] = story.owes();
  if (owed === undefined) throw new Error('nothing is owed');
  return giveAppeal(story, Capacity.engine, { kind: 'recordEffectResult', key: owed.key, try: owed.try, result }, world);
}

describe('a listing that was edited before the takedown', () => {
  it('keeps the ground when it is gone by the time it is captured again', () => {
    const story = caseIn[CaseStatus.recapturing]();
    expect(story.hasGround()).toBe(false);
    expect(describeOutcome(outcome(story, { kind: 'gone' }))).toBe('RemovalConfirmed, ListingRemoved, LedgerEntered, CaseSealed');
    expect(story.hasGround()).toBe(true);
    expect(kinds(story)).not.toContain('removal-confirmed');
  });

  it('was not removed by anybody when it is gone without a verdict', () => {
    const story = provisional();
    outcome(story, DIFFERS);
    expect(describeOutcome(outcome(story, { kind: 'gone' }))).toBe('CaptureAbandoned, CaseLapsed, CaseSealed');
    expect(kinds(story)).not.toContain('statement-of-reasons');
  });

  it('loses its ground when the brand took the verdict back meanwhile', () => {
    const story = caseIn[CaseStatus.takingDown]();
    answer(story, Verdict.genuine);
    expect(describeOutcome(outcome(story, DIFFERS))).toBe('VersionDiffered, CaseDismissed, CaseSealed');
    expect([story.state.status, story.hasGround()]).toEqual([CaseStatus.dismissed, false]);
  });

  it('is asked about anew, and the old answer does not count', () => {
    const story = caseIn[CaseStatus.recapturing]();
    outcome(story, { kind: 'captured', digest: 'sha256:01', version: V2 });
    expect(story.state).toMatchObject({ status: CaseStatus.awaiting, round: 2 });
    expect(story.state.answer).toBeUndefined();
    expect(describeOutcome(answer(story, Verdict.counterfeit))).toBe('VerdictGiven, TakedownOrdered');
  });

  it('cannot be contested while it is live', () => {
    const story = caseIn[CaseStatus.puttingBack]();
    answer(story, Verdict.counterfeit);
    outcome(story, FAILED);
    outcome(story, DIFFERS);
    outcome(story, { kind: 'captured', digest: 'sha256:01', version: V2 });
    expect(describeOutcome(give(story, Capacity.seller, { kind: 'fileCounterNotice', statement: SELLER }))).toBe('refused: nothing-to-contest');
  });
});

describe('a brand that changes its mind', () => {
  it('while the takedown runs: nothing is cancelled, the outcome is compensated', () => {
    const story = caseIn[CaseStatus.takingDown]();
    expect(describeOutcome(answer(story, Verdict.genuine))).toBe('VerdictCorrected');
    expect(describeOutcome(outcome(story, removed(story)))).toBe('ListingRemoved, PutBackOrdered');
    expect(describeOutcome(outcome(story, { kind: 'restored' }))).toBe('ListingRestored, CaseDismissed, CaseSealed');
  });

  it('while a failed takedown waits: the takedown may have happened, so it is put back', () => {
    const story = caseIn[CaseStatus.takingDown]();
    outcome(story, FAILED);
    expect(describeOutcome(answer(story, Verdict.genuine))).toBe('VerdictCorrected, PutBackOrdered');
  });

  it('while a failed put-back waits: the listing is taken down at once, not put back first', () => {
    const story = caseIn[CaseStatus.puttingBack]();
    outcome(story, FAILED);
    expect(describeOutcome(answer(story, Verdict.counterfeit))).toBe('VerdictCorrected, TakedownOrdered');
    expect(describeOutcome(outcome(story, { kind: 'already-gone', was: 'removed' }))).toBe('ListingRemoved, LedgerEntered, CaseSealed');
  });

  it('while the put-back runs and then fails: it is not tried again', () => {
    const story = caseIn[CaseStatus.puttingBack]();
    answer(story, Verdict.counterfeit);
    expect(describeOutcome(outcome(story, FAILED))).toBe('TakedownOrdered');
  });

  it('to "cannot tell" under another case’s ground: the case lapses, as it does without one', () => {
    const story = caseIn[CaseStatus.takingDown]();
    answer(story, Verdict.cannotTell);
    expect(describeOutcome(outcome(story, removed(story), { otherGrounds: true }))).toBe('ListingRemoved, PutBackWithheld, CaseLapsed, CaseSealed');
  });
});

describe('two cases on one listing', () => {
  it('takes the listing down again when another ground came while it was being put back', () => {
    const story = caseIn[CaseStatus.puttingBack]();
    expect(describeOutcome(outcome(story, { kind: 'restored' }, { otherGrounds: true }))).toBe('TakedownOrdered');
    expect(kinds(story)).not.toContain('restored');
    const statements = kinds(story).filter((kind) => kind === 'statement-of-reasons').length;
    expect(describeOutcome(outcome(story, FAILED, { otherGrounds: true }))).toBe('EffectFailed');
    expect(describeOutcome(answer(story, Verdict.notOurs, { otherGrounds: true }))).toBe('VerdictCorrected');
    story.passDeadline();
    expect(describeOutcome(outcome(story, removed(story), { otherGrounds: true }))).toBe('PutBackWithheld, CaseDismissed, CaseSealed');
    expect(kinds(story).filter((kind) => kind === 'statement-of-reasons')).toHaveLength(statements);
    expect(story.hasGround()).toBe(false);
  });

  it('puts it back after all when that other ground has gone too', () => {
    const story = caseIn[CaseStatus.puttingBack]();
    outcome(story, { kind: 'restored' }, { otherGrounds: true });
    expect(describeOutcome(outcome(story, removed(story)))).toBe('PutBackOrdered');
    expect(describeOutcome(outcome(story, { kind: 'restored' }))).toBe('ListingRestored, CaseDismissed, CaseSealed');
  });

  it('holds for an appeal’s put-back too, which still ends as it was decided', () => {
    const story = anAppeal(AppealKind.counterNotice);
    story.tell(appealCommandOf(story, Capacity.governance, { kind: 'decideAppeal', decision: 'overturn', reason: SELLER }));
    expect(describeOutcome(appealOutcome(story, { kind: 'restored' }, { otherGrounds: true }))).toBe('TakedownOrdered');
    expect(describeOutcome(appealOutcome(story, removed(story), { otherGrounds: true }))).toBe('PutBackWithheld, AppealSealed');
    expect([story.state.status, story.hasGround()]).toEqual([AppealStatus.overturned, false]);
  });
});

describe('who is told, and who may', () => {
  it('gives the reasons to a seller who becomes known after a provisional removal', () => {
    const story = aSellerlessCase({ riskClass: 'high' });
    story.passDeadline();
    story.passDeadline();
    outcome(story, removed(story));
    expect(kinds(story)).not.toContain('statement-of-reasons');
    give(story, Capacity.governance, { kind: 'identifySeller', seller: SELLER });
    expect(kinds(story)).toContain('statement-of-reasons');
  });

  it('gives the reasons to a seller who becomes known after the seal, points or not', () => {
    const story = anAppeal(AppealKind.sellerKnown);
    expect(kinds(story).filter((kind) => kind === 'statement-of-reasons')).toHaveLength(1);
  });

  it('lets only the seller withdraw a counter-notice, and only the brand its own verdict', () => {
    const contest = anAppeal(AppealKind.counterNotice);
    expect(describeOutcome(giveAppeal(contest, Capacity.rightsHolder, { kind: 'withdrawAppeal' }))).toBe('refused: wrong-capacity');
    expect(describeOutcome(giveAppeal(contest, Capacity.seller, { kind: 'withdrawAppeal' }))).toBe('LedgerReleased, AppealSealed');
    const offer = anAppeal(AppealKind.lateVerdict, { verdict: Verdict.counterfeit });
    expect(describeOutcome(giveAppeal(offer, Capacity.seller, { kind: 'withdrawAppeal' }))).toBe('refused: wrong-capacity');
  });

  it('does not take a granted extension back when a letter bounces', () => {
    const story = aCase();
    give(story, Capacity.accountManager, { kind: 'extendWindow', length: { n: 24, unit: 'working-hours' } });
    const until = story.state.window?.lapseAt;
    give(story, Capacity.engine, { kind: 'recordBounce', letter: 'letter-1' });
    expect(story.state.window?.lapseAt).toBe(until);
  });

  it('delivers a statement made before the seal again after it, and holds the points', () => {
    const story = caseIn[CaseStatus.removedProvisionally]();
    give(story, Capacity.seller, { kind: 'fileCounterNotice', statement: SELLER });
    answer(story, Verdict.counterfeit);
    expect(story.events().find((event) => event.type === 'LedgerEntered')).toMatchObject({ countsFrom: null });
    expect(story.letters.at(-1)).toMatchObject({ kind: 'message', to: { aggregate: 'self' }, about: { kind: 'fileCounterNotice' } });
  });

  it('retries a capture that failed before the opening while the brand is asked, and owes it once', () => {
    const story = aCase({ capture: { failed: 'marketplace-unavailable' } });
    expect(story.owes().map(({ key }) => key)).toEqual(['capture:1']);
    outcome(story, FAILED);
    expect(story.owes()).toEqual([]);
    expect(story.passDeadline()?.rule).toBe('capture.retry');
    expect(story.owes().map(({ key, try: attempt }) => `${key}@${attempt}`)).toEqual(['capture:1@2']);
    expect(describeOutcome(answer(story, Verdict.counterfeit))).toBe('VerdictGiven, TakedownOrdered');
    expect(story.owes().map(({ kind }) => kind)).toEqual(['takedown']);
  });
});
