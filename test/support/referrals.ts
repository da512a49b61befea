import fc from 'fast-check';
import { Capacity } from '../../domain/aggregate.ts';
import { type AggregateId, AggregateKind, aggregateId } from '../../domain/ids.ts';
import type { LinkedFact } from '../../domain/referral/qualifying-cases.ts';
import { type OpenReferral, type ReferralCommand, type ReferralEvent, type ReferralState, ReferralStatus } from '../../domain/referral/model.ts';
import { referralRules } from '../../domain/referral/rules.ts';
import { by, type Content, SELLER, STATEMENT } from './builders.ts';
import { resultsOf } from './samples.ts';
import { POLICY_DIGEST, Story, type World } from './story.ts';

export type ReferralStory = Story<ReferralState, ReferralCommand, ReferralEvent>;

const REFERRAL_ID: AggregateId = aggregateId(AggregateKind.referral, '4'.repeat(32));
export const PACKET = `sha256:${'a'.repeat(64)}`;

export const RECIPIENT: NonNullable<LinkedFact['recipient']> = {
  ...{ id: 'police', name: 'Police', country: 'DE', markets: ['DE'], takes: [], language: 'de', profiles: ['police'] },
};

type Case = LinkedFact['cases'][number];

/** A standing case of a holder. */
export function aLinkedCase(number: number, holder: string, more: Partial<Case> = {}): Case {
  const about = { holder, listing: `m:${number}`, marketplace: 'm', market: 'DE', rightTypes: ['trademark'] };
  return { case: `case:${number}`, root: 'f'.repeat(64), ...about, counts: true, ...more };
}

/** Five cases of two brands: the shipped threshold. */
export const FIVE: LinkedFact = {
  recipient: RECIPIENT,
  cases: [1, 2, 3].map((n) => aLinkedCase(n, 'org-a')).concat([4, 5].map((n) => aLinkedCase(n, 'org-b'))),
};
/** One case of the second brand was overturned. */
export const FOUR: LinkedFact = { ...FIVE, cases: FIVE.cases.slice(0, 4) };
/** Nothing stands any more. */
export const NONE: LinkedFact = { ...FIVE, cases: [] };
/** Another case of a brand that is asked already, and one of a new brand. */
export const SEVEN: LinkedFact = { ...FIVE, cases: [...FIVE.cases, aLinkedCase(6, 'org-a'), aLinkedCase(7, 'org-c')] };

const OPENING: OpenReferral = { kind: 'openReferral', actor: SELLER, recipient: 'police', profile: 'police', number: 1, policy: POLICY_DIGEST };

/** A referral that the engine opened (or, with a capacity, a person), driven by its real rules. */
export function aReferral(capacity: Capacity = Capacity.engine, world: World = {}): ReferralStory {
  const story = new Story(referralRules, REFERRAL_ID);
  giveReferral(story, OPENING, { capacity, ...world });
  return story;
}

/** The command that a content becomes when it is given now, in its proper capacity unless another is named. */
export function referralCommandOf(story: ReferralStory, content: Content<ReferralCommand>, capacity?: Capacity): ReferralCommand {
  const [proper = Capacity.engine] = referralRules.handlers[content.kind].by;
  // As for cases: the content with its envelope.
  return { ...content, id: `m${story.told.length + 1}`, at: story.now, by: by(capacity ?? proper) } as ReferralCommand;
}

/** Gives a command a minute later. */
export function giveReferral(story: ReferralStory, content: Content<ReferralCommand>, { capacity, ...world }: World & { capacity?: Capacity } = {}) {
  story.wait(60_000, { linked: FIVE, ...world });
  return story.tell(referralCommandOf(story, content, capacity), { linked: FIVE, ...world });
}

/** The outcome of the effect owed now: the `which`-th of those that can come back. */
export function builtOf(story: ReferralStory, which = 0) {
  const [owed] = story.owes();
  const result = owed && resultsOf(owed.kind, story)[which];
  if (owed === undefined || result === undefined) throw new Error('nothing is owed');
  return giveReferral(story, { kind: 'recordEffectResult', key: owed.key, try: owed.try, result });
}

export const appraisal = (brand: string) => ({
  ...({ kind: 'giveAppraisal', brand, appraisal: STATEMENT, priceStatement: STATEMENT, contact: STATEMENT, documents: [] } as const),
});
export const decline = (brand: string) => ({ kind: 'declineAppraisal', brand }) as const;
export const APPROVE = { kind: 'decideReferral', decision: 'approve', packet: PACKET, reason: STATEMENT } as const;
export const REJECT = { ...APPROVE, decision: 'reject' } as const;
export const DELIVERED = { kind: 'recordDelivery', letter: 'l', state: 'delivered' } as const;
export const BOUNCED = { kind: 'recordDelivery', letter: 'l', state: 'refused' } as const;
export const RECONSIDER = { kind: 'reconsider', version: 2 } as const;
export const RAID = {
  ...({ kind: 'recordAuthorityAction', fact: 'raid-1', outcome: 'raid', goods: [{ what: 'watches', quantity: 125 }], cases: [] } as const),
  values: [{ value: { amount: 200_000_000, currency: 'CNY' }, source: 'press' }],
};
const words = { reason: STATEMENT };

function after(story: ReferralStory, ...acts: readonly ((story: ReferralStory) => unknown)[]): ReferralStory {
  for (const act of acts) act(story);
  return story;
}

const both = (story: ReferralStory) => ['org-a', 'org-b'].forEach((brand) => void giveReferral(story, appraisal(brand)));
const approved = (story: ReferralStory) => [1, 2].forEach(() => void giveReferral(story, APPROVE));

/** A referral in each status, by the shortest way there. */
export const referralIn: { readonly [S in Exclude<ReferralStatus, 'none'>]: () => ReferralStory } = {
  [ReferralStatus.asking]: () => aReferral(),
  [ReferralStatus.building]: () => after(aReferral(), both),
  [ReferralStatus.incomplete]: () => after(referralIn.building(), (s) => builtOf(s, 1)),
  [ReferralStatus.awaitingApproval]: () => after(referralIn.building(), (s) => builtOf(s)),
  [ReferralStatus.sending]: () => after(referralIn['awaiting-approval'](), approved),
  [ReferralStatus.withRecipient]: () => after(referralIn.sending(), (s) => giveReferral(s, DELIVERED)),
  [ReferralStatus.closed]: () => after(referralIn['with-recipient'](), (s) => giveReferral(s, { kind: 'closeReferral', ...words })),
  [ReferralStatus.refused]: () => after(referralIn['with-recipient'](), (s) => giveReferral(s, { kind: 'recordRefusal', ...words })),
  [ReferralStatus.withdrawn]: () => after(aReferral(), (s) => giveReferral(s, { kind: 'withdrawReferral', ...words })),
};

/** With a supplement in preparation. */
export function aSupplement(): ReferralStory {
  return after(referralIn['with-recipient'](), (s) => giveReferral(s, RECONSIDER, { linked: SEVEN }));
}

type Samples = { readonly [K in ReferralCommand['kind']]: (s: ReferralStory) => readonly (readonly [string, Content<ReferralCommand>])[] };

/** Every kind of command as it may really come. */
export const REFERRAL_SAMPLES: Samples = {
  openReferral: () => [['', OPENING]],
  giveAppraisal: () => [
    ['a brand asked', appraisal('org-a')],
    ['the other one', appraisal('org-b')],
    ['another brand', appraisal('org-z')],
  ],
  declineAppraisal: () => [['', decline('org-b')]],
  rebuildPacket: () => [['', { kind: 'rebuildPacket' }]],
  waiveItem: () => [
    ['missing', { kind: 'waiveItem', item: 'examination', ...words }],
    ['not missing', { kind: 'waiveItem', item: 'seal', ...words }],
  ],
  decideReferral: () => [
    ['approve', APPROVE],
    ['reject', REJECT],
    ['another packet', { ...APPROVE, packet: 'sha256:00' }],
  ],
  recordDelivery: () => [
    ['delivered', DELIVERED],
    ['refused', BOUNCED],
  ],
  recordReceipt: () => [['', { kind: 'recordReceipt', reference: 'AZ 1' }]],
  recordRefusal: () => [['', { kind: 'recordRefusal', ...words }]],
  recordQuestion: () => [['', { kind: 'recordQuestion', question: STATEMENT }]],
  answerQuestion: () => [['', { kind: 'answerQuestion', question: 1, answer: STATEMENT }]],
  recordAuthorityAction: () => [
    ['', RAID],
    ['of an unknown case', { ...RAID, fact: 'raid-9', cases: ['case:99'] }],
  ],
  closeReferral: () => [['', { kind: 'closeReferral', ...words }]],
  withdrawReferral: () => [['', { kind: 'withdrawReferral', ...words }]],
  reconsider: () => [['', RECONSIDER]],
  passDeadline: (s) => {
    const due = s.due();
    const wrong = ['not due', { kind: 'passDeadline', rule: 'referral.remind', due: s.now }] as const;
    return due === undefined ? [wrong] : [[due.rule, { kind: 'passDeadline', rule: due.rule, due: due.at }], wrong];
  },
  recordEffectResult: (s) => {
    const [owed] = s.owes();
    const stale = [
      'of nothing owed',
      { kind: 'recordEffectResult', key: 'packet:elsewhere', try: 1, result: { kind: 'built', missing: [] } },
    ] as const;
    if (owed === undefined) return [stale];
    const results = resultsOf(owed.kind, s).map((result, at) => {
      return [`${owed.kind}: ${result.kind} ${at}`, { kind: 'recordEffectResult', key: owed.key, try: owed.try, result }] as const;
    });
    return [...results, stale];
  },
};
export const REFERRAL_KINDS = Object.keys(REFERRAL_SAMPLES) as (keyof typeof REFERRAL_SAMPLES)[];

const step = fc.record({
  does: fc.constantFrom('command', 'command', 'outcome', 'outcome', 'deadline'),
  kind: fc.constantFrom(
    ...REFERRAL_KINDS,
    ...(['giveAppraisal', 'giveAppraisal', 'decideReferral', 'decideReferral', 'recordDelivery', 'recordDelivery', 'reconsider'] as const),
  ),
  which: fc.nat(20),
  waitMs: fc.constantFrom(0, 60_000, 3_600_000, 3 * 86_400_000),
  capacity: fc.option(fc.constantFrom(...Object.values(Capacity)), { nil: undefined, freq: 12 }),
  world: fc.record({
    linked: fc.constantFrom(FIVE, FIVE, FOUR, NONE, SEVEN),
    fourEyes: fc.constantFrom('none', 'none', 'opened', 'proposed'),
    mandate: fc.constantFrom('valid', 'valid', 'valid', 'none', 'revoked'),
  }),
});

/** A referral with what may happen to it, right and wrong, in any order. Already walked. */
export const walkedReferral: fc.Arbitrary<ReferralStory> = fc
  .record({ opener: fc.constantFrom(Capacity.engine, Capacity.liaison), steps: fc.array(step, { maxLength: 30, size: 'max' }) })
  .map(({ opener, steps }) => {
    const story = aReferral(opener);
    for (const { does, kind, which, waitMs, capacity, world } of steps) {
      story.wait(waitMs, world);
      const [owed] = story.owes();
      const samples = does === 'outcome' && owed !== undefined ? REFERRAL_SAMPLES.recordEffectResult(story) : REFERRAL_SAMPLES[kind](story);
      const content = samples[which % Math.max(1, samples.length)]?.[1];
      if (does === 'deadline') story.passDeadline(world);
      else if (content !== undefined) story.tell(referralCommandOf(story, content, capacity), world);
    }
    return story;
  });
