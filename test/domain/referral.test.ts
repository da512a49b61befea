import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import { brandViews } from '../../domain/referral/brand-view.ts';
import { crosses } from '../../domain/referral/qualifying-cases.ts';
import { referralRules } from '../../domain/referral/rules.ts';
import {
  aLinkedCase,
  APPROVE,
  appraisal,
  aReferral,
  aSupplement,
  BOUNCED,
  builtOf,
  DELIVERED,
  decline,
  FIVE,
  FOUR,
  giveReferral,
  NONE,
  RAID,
  RECIPIENT,
  RECONSIDER,
  REFERRAL_KINDS,
  REFERRAL_SAMPLES,
  REJECT,
  type ReferralStory,
  referralCommandOf,
  referralIn,
  SEVEN,
  walkedReferral,
} from '../support/referrals.ts';
import { STATEMENT } from '../support/builders.ts';
import { POLICY, POLICY_DIGEST, POLICY_DOCUMENT, describeOutcome } from '../support/story.ts';

const STATUSES = Object.keys(referralIn) as (keyof typeof referralIn)[];
const SITUATIONS: Readonly<Record<string, () => ReferralStory>> = { ...referralIn, 'with-recipient, supplement': aSupplement };
const WORLDS = { 'as it was': FIVE, 'one overturned': FOUR, 'more cases': SEVEN } as const;

function rows(situation: string, kind: (typeof REFERRAL_KINDS)[number]): readonly string[] {
  const start = SITUATIONS[situation] ?? aReferral;
  return REFERRAL_SAMPLES[kind](start()).flatMap(([about, content]) => {
    const worlds = kind === 'reconsider' || kind === 'recordDelivery' ? Object.entries(WORLDS) : [['', FIVE] as const];
    return worlds.map(([name, linked]) => {
      const story = start();
      const before = `${story.state.status} ${story.state.draft?.stage ?? ''}`;
      const outcome = story.tell(referralCommandOf(story, content), { linked });
      const now = `${story.state.status} ${story.state.draft?.stage ?? ''}`;
      const leads = now === before ? '' : ` -> ${[...new Set(now.split(' '))].filter((word) => word !== '').join(', ')}`;
      return `| ${situation} | ${kind}${about && ` (${about})`}${name && `, ${name}`} | ${describeOutcome(outcome)}${leads} |`;
    });
  });
}

/** A status that answers everything alike is one row. */
function compact(status: string, all: readonly string[]): readonly string[] {
  const answers = new Set(all.map((row) => row.split(' | ').at(-1)));
  return answers.size === 1 ? [`| ${status} | everything | ${[...answers].join()}`] : all;
}

describe('the decide table of a referral', () => {
  it('is what the checked table says, for every situation and kind of command', async () => {
    const all = Object.keys(SITUATIONS).flatMap((status) =>
      compact(
        status,
        REFERRAL_KINDS.flatMap((kind) => rows(status, kind)),
      ),
    );
    await expect(`${['| status | command | comes to |\n|---|---|---|', ...all].join('\n')}\n`).toMatchFileSnapshot('snapshots/referral-table.md');
  });

  it.each(STATUSES)('reaches %s by real decisions', (status) => {
    expect(referralIn[status]().state.status).toBe(status);
  });

  it.each(REFERRAL_KINDS.filter((kind) => kind !== 'openReferral'))('lets only the capacities of the table give %s', (kind) => {
    for (const capacity of Object.values(Capacity).filter((one) => !referralRules.handlers[kind].by.includes(one))) {
      const story = aReferral();
      const [sample] = REFERRAL_SAMPLES[kind](story);
      expect(sample && describeOutcome(story.tell(referralCommandOf(story, sample[1], capacity)))).toBe('refused: wrong-capacity');
    }
  });
});

describe('opening', () => {
  const opened = (linked: typeof FIVE, capacity: Capacity = Capacity.liaison) => {
    const story = aReferral(capacity, { linked });
    return describeOutcome(story.told[0]?.outcome ?? { events: [] });
  };
  it.each([
    ['without such a recipient', { cases: FIVE.cases }, 'recipient-unknown'],
    ['without intake for the profile', { ...FIVE, recipient: { ...RECIPIENT, profiles: ['customs'] } }, 'no-intake'],
    ['without jurisdiction', { ...FIVE, recipient: { ...RECIPIENT, markets: ['CN'] } }, 'no-jurisdiction'],
    ['with cases that wait for a counter-notice', { ...FIVE, cases: [aLinkedCase(1, 'org-a', { counts: false })] }, 'nothing-qualifies'],
    ['with cases that were sent before', { ...FIVE, cases: [aLinkedCase(1, 'org-a', { before: 'sent' as const })] }, 'nothing-qualifies'],
    ['for rights that the recipient does not take', { ...FIVE, recipient: { ...RECIPIENT, takes: ['patent'] } }, 'nothing-qualifies'],
  ])('is refused %s', (_, linked, code) => {
    expect(opened(linked)).toBe(`refused: ${code}`);
  });

  it('by the engine needs the threshold, by hand one case', () => {
    const one = { ...FIVE, cases: [aLinkedCase(1, 'org-a')] };
    expect(opened(one)).toBe('ReferralOpened, SubmissionBegun, AppraisalAsked');
    expect(opened(one, Capacity.engine)).toBe('refused: nothing-qualifies');
  });

  it('crosses by number or by sales in the one currency of the threshold, and never adds currencies up', () => {
    const { police } = POLICY.referrals.profiles;
    const sold = (amount: number, currency: string) => aLinkedCase(amount, 'org-a', { sales: { amount, currency } });
    expect(crosses({ ...FIVE, cases: [sold(4_999_999, 'CNY'), sold(1, 'CNY')] }, police)).toBe(true);
    expect(crosses({ ...FIVE, cases: [sold(4_999_999, 'CNY'), sold(1, 'EUR')] }, police)).toBe(false);
    expect(crosses(FOUR, police)).toBe(false);
    expect(crosses({ ...FIVE, cases: FIVE.cases.map((one) => ({ ...one, before: 'left-out' as const })) }, police)).toBe(false);
  });
});

describe('brands', () => {
  it('that decline have their cases left out; the others go on', () => {
    const story = aReferral();
    expect(describeOutcome(giveReferral(story, decline('org-b')))).toBe('CasesLeftOut');
    expect(describeOutcome(giveReferral(story, appraisal('org-a')))).toBe('AppraisalGiven, PacketOrdered');
    expect(story.state.draft?.cases.map((one) => one.case)).toEqual(['case:1', 'case:2', 'case:3']);
  });

  it('that all decline or stay silent end it', () => {
    const story = aReferral();
    giveReferral(story, decline('org-b'));
    expect(describeOutcome(giveReferral(story, decline('org-a')))).toBe('CasesLeftOut, ReferralWithdrawn, ReferralSealed');
    const silent = aReferral();
    silent.passDeadline();
    expect(silent.letters.filter(({ kind, about }) => kind === 'appraisal-asked' && about['reminder'] === true)).toHaveLength(2);
    silent.passDeadline();
    expect(silent.state.status).toBe('withdrawn');
  });

  it('are reminded only as long as they said nothing, and left out at the end', () => {
    const story = aReferral();
    giveReferral(story, appraisal('org-a'));
    story.passDeadline();
    expect(story.letters.filter(({ about }) => about['reminder'] === true).map(({ about }) => about['brand'])).toEqual(['org-b']);
    story.passDeadline();
    expect(story.state).toMatchObject({
      status: 'building',
      leftOut: [
        { case: 'case:4', reason: 'silent' },
        { case: 'case:5', reason: 'silent' },
      ],
    });
  });

  it('see stage and outcome of their own cases only', () => {
    const story = referralIn['with-recipient']();
    giveReferral(story, RAID);
    giveReferral(story, { ...RAID, fact: 'raid-2', cases: ['case:4'] });
    const [a, b] = brandViews(story.state);
    expect(a).toMatchObject({ brand: 'org-a', stage: 'with-recipient', cases: ['case:1', 'case:2', 'case:3'] });
    expect(a?.outcomes).toMatchObject([{ outcome: 'raid', goods: [], values: [] }]);
    expect(b?.outcomes).toMatchObject([{ goods: [] }, { goods: [{ quantity: 125 }] }]);
    expect(JSON.stringify(a)).not.toMatch(/case:[45]|org-b/);
  });
});

describe('sending', () => {
  it('takes two people when the engine opened it, and one more than the opener else', () => {
    const story = referralIn['awaiting-approval']();
    expect(describeOutcome(giveReferral(story, APPROVE))).toBe('SendingProposed');
    expect(describeOutcome(giveReferral(story, APPROVE, { fourEyes: 'proposed' }))).toBe('refused: same-person');
    expect(describeOutcome(giveReferral(story, APPROVE, { fourEyes: 'opened' }))).toBe('refused: four-eyes');
    expect(describeOutcome(giveReferral(story, APPROVE))).toBe('SendingApproved, SubmissionOrdered');
    const byHand = aReferral(Capacity.liaison);
    for (const brand of ['org-a', 'org-b']) giveReferral(byHand, appraisal(brand));
    builtOf(byHand);
    expect(describeOutcome(giveReferral(byHand, APPROVE))).toBe('SendingApproved, SubmissionOrdered');
  });

  it('is of exactly one packet: a proposal ends with the packet it was for', () => {
    const story = referralIn['awaiting-approval']();
    giveReferral(story, APPROVE);
    giveReferral(story, { kind: 'rebuildPacket' });
    builtOf(story);
    expect(describeOutcome(giveReferral(story, APPROVE))).toBe('SendingProposed');
  });

  it('waits for approval again when the mail did not arrive', () => {
    const story = referralIn.sending();
    expect(describeOutcome(giveReferral(story, BOUNCED))).toBe('SubmissionBounced');
    expect(describeOutcome(giveReferral(story, APPROVE))).toBe('SendingApproved, SubmissionOrdered');
    expect(describeOutcome(giveReferral(story, DELIVERED))).toBe('SubmissionDelivered');
  });

  it('stops with a rejection', () => {
    expect(describeOutcome(giveReferral(referralIn['awaiting-approval'](), REJECT))).toBe('SubmissionRejected, ReferralWithdrawn, ReferralSealed');
  });

  it('goes without what was waived, never without what refuses', () => {
    const story = referralIn.incomplete();
    expect(describeOutcome(giveReferral(story, { kind: 'waiveItem', item: 'examination', reason: STATEMENT }))).toBe('ItemWaived, ApprovalAsked');
    const refused = referralIn.building();
    builtOf(refused, 2);
    expect(describeOutcome(giveReferral(refused, { kind: 'waiveItem', item: 'custody', reason: STATEMENT }))).toBe('refused: cannot-waive');
  });
});

describe('later cases', () => {
  it('join the first submission while it is prepared, and only new brands are asked', () => {
    const story = referralIn['awaiting-approval']();
    expect(describeOutcome(giveReferral(story, RECONSIDER, { linked: SEVEN }))).toBe('CasesAdded, AppraisalAsked');
    expect(describeOutcome(giveReferral(story, appraisal('org-c')))).toBe('AppraisalGiven, PacketOrdered');
  });

  it('become a supplement with its own packet and approval once it was sent', () => {
    const story = aSupplement();
    expect(story.state).toMatchObject({ status: 'with-recipient', draft: { submission: 2, stage: 'asking-brands' } });
    for (const brand of ['org-a', 'org-c']) giveReferral(story, appraisal(brand));
    builtOf(story);
    expect(describeOutcome(giveReferral(story, APPROVE))).toBe('SendingProposed');
    giveReferral(story, APPROVE);
    expect(describeOutcome(giveReferral(story, DELIVERED, { linked: SEVEN }))).toBe('SubmissionDelivered');
    expect(story.state.sent).toMatchObject([{ submission: 1 }, { submission: 2, cases: [{ case: 'case:6' }, { case: 'case:7' }] }]);
  });

  it('that come while the mail is under way begin a supplement when it has arrived', () => {
    const story = referralIn.sending();
    expect(describeOutcome(giveReferral(story, RECONSIDER, { linked: SEVEN }))).toBe('noted');
    expect(describeOutcome(giveReferral(story, DELIVERED, { linked: SEVEN }))).toBe('SubmissionDelivered, SubmissionBegun, AppraisalAsked');
  });

  it('that are overturned are taken out, or told to the liaison once the authority has them', () => {
    const story = referralIn['awaiting-approval']();
    expect(describeOutcome(giveReferral(story, RECONSIDER, { linked: FOUR }))).toBe('CasesLeftOut, PacketOrdered');
    expect(describeOutcome(giveReferral(aReferral(), RECONSIDER, { linked: NONE }))).toBe('CasesLeftOut, ReferralWithdrawn, ReferralSealed');
    const sent = referralIn['with-recipient']();
    expect(describeOutcome(giveReferral(sent, RECONSIDER, { linked: FOUR }))).toBe('CasesLeftOut');
    expect(describeOutcome(giveReferral(sent, RECONSIDER, { linked: FOUR }))).toBe('noted');
    expect(sent.letters.filter(({ kind }) => kind === 'referral-case-overturned')).toHaveLength(1);
  });
});

const always = (check: (story: ReferralStory) => void): void => fc.assert(fc.property(walkedReferral, check), { numRuns: 300 });

describe('whatever happens to a referral', () => {
  it('no letter of it ever goes to a seller, and it writes nothing that a seller could see', () => {
    always((story) => {
      expect(story.letters.filter(({ to }) => 'seller' in to)).toEqual([]);
      expect(story.writes).toEqual([]);
      expect(referralRules.summary(story.state)).toEqual({ status: story.state.status, marketplace: '', listing: '', holder: '' });
    });
  });

  it('nothing goes to the authority that two people did not want', () => {
    always((story) => {
      const events = story.events();
      for (const [at, event] of events.entries()) {
        if (event.type !== 'SubmissionOrdered') continue;
        expect(events[at - 1]).toMatchObject({ type: 'SendingApproved', packet: event.packet });
      }
    });
  });

  it('never refuses the outcome of an owed effect', () => {
    always((story) => {
      for (const { before, command, outcome } of story.told) {
        if (command.kind !== 'recordEffectResult' || command.by.capacity !== Capacity.engine) continue;
        const isOwed = referralRules.effects(before).some(({ key, try: attempt }) => key === command.key && attempt === command.try);
        if (isOwed) expect(describeOutcome(outcome)).not.toMatch(/^refused/);
      }
    });
  });

  it('moves every deadline on when it passes, and has none once it is final', () => {
    always((story) => {
      for (const { before, command, outcome, after } of story.told) {
        if (referralRules.isFinal(after)) expect([referralRules.deadline(after), ...referralRules.effects(after)]).toEqual([undefined]);
        if (command.kind !== 'passDeadline' || 'refused' in outcome) continue;
        const [due, next] = [referralRules.deadline(before), referralRules.deadline(after)];
        expect(due !== undefined && (next === undefined || next.at > due.at || next.rule !== due.rule)).toBe(true);
      }
    });
  });

  it('folds to the same state and is decided again alike, offline', () => {
    fc.assert(
      fc.property(walkedReferral, (story) => {
        const { chain } = story;
        expect([...verifyChain(chain), ...redecide(chain, { [POLICY_DIGEST]: POLICY_DOCUMENT })].filter(({ ok }) => !ok)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
