import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import { custodyGap } from '../../domain/case/custody.ts';
import type { CaseCommand, CustodyStep, Exhibit } from '../../domain/case/model.ts';
import { Verdict } from '../../domain/case/model.ts';
import { instantOf } from '../../domain/instant.ts';
import { aCase, anAnswer, type CaseStory, type Content, give, STATEMENT } from '../support/builders.ts';
import { describeOutcome } from '../support/story.ts';

const officer = (story: CaseStory, content: Content<CaseCommand>) => give(story, Capacity.governance, content);
const brand = (story: CaseStory, content: Content<CaseCommand>) => give(story, Capacity.rightsHolder, content);
const ORDER = { kind: 'orderTestPurchase', exhibit: 'TP-1', order: STATEMENT, price: { amount: 19_900, currency: 'CNY' } } as const;
const RECEIPT = { kind: 'recordExhibit', exhibit: 'TP-1', what: STATEMENT, condition: STATEMENT, seal: 'S-1', media: ['sha256:aa'] } as const;
const TRANSFER = { kind: 'transferExhibit', exhibit: 'TP-1', to: 'org-a', why: STATEMENT, seal: 'S-1' } as const;
const EXAMINATION = {
  kind: 'recordExamination',
  exhibit: 'TP-1',
  verdict: Verdict.counterfeit,
  report: 'sha256:bb',
  seal: 'S-1',
  newSeal: 'S-2',
} as const;
const SAMPLE = { kind: 'recordVerdict', ...anAnswer(Verdict.counterfeit), reasonCode: 'sample-examined', basis: 'sample', exhibit: 'TP-1' } as const;

function bought(): CaseStory {
  const story = aCase();
  officer(story, ORDER);
  officer(story, RECEIPT);
  officer(story, TRANSFER);
  return story;
}

const gapOf = ({ state }: CaseStory) => custodyGap(state.exhibits.at(-1) as Exhibit, state.exhibits)?.what;

describe('a test purchase', () => {
  it('is ordered, received, handed to the brand, examined, and named by its verdict', () => {
    const story = bought();
    expect(describeOutcome(brand(story, EXAMINATION))).toBe('CustodyRecorded');
    expect(describeOutcome(brand(story, SAMPLE))).toBe('VerdictGiven, TakedownOrdered');
    expect(story.state.answer?.exhibit).toBe('TP-1');
    expect(story.state.exhibits[0]?.custody.map(({ act, organisation }) => `${act} ${organisation}`)).toEqual([
      'ordered platform',
      'received platform',
      'transferred org-a',
      'examined org-a',
    ]);
    expect(gapOf(story)).toBeUndefined();
  });

  it('gives no ground before it has arrived, nor when it was lost', () => {
    const story = aCase();
    officer(story, ORDER);
    expect(describeOutcome(brand(story, SAMPLE))).toBe('refused: exhibit-unknown');
    expect(describeOutcome(officer(story, { kind: 'recordLoss', exhibit: 'TP-1', why: STATEMENT }))).toBe('CustodyRecorded');
    expect(describeOutcome(officer(story, TRANSFER))).toBe('refused: exhibit-unknown');
    expect(gapOf(story)).toBe('it was lost');
  });

  it('has one number, and arrives once', () => {
    const story = bought();
    expect(describeOutcome(officer(story, ORDER))).toBe('refused: exhibit-known');
    expect(describeOutcome(officer(story, RECEIPT))).toBe('refused: exhibit-known');
  });

  it('may be examined by an agency, through an officer', () => {
    const story = aCase();
    officer(story, RECEIPT);
    officer(story, { ...TRANSFER, to: 'agency-north' });
    officer(story, { ...EXAMINATION, agency: 'agency-north' });
    expect(gapOf(story)).toBeUndefined();
  });
});

describe('a gap in custody is recorded and named', () => {
  it.each<[string, readonly Content<CaseCommand>[], string]>([
    ['ordered only', [ORDER], 'it was ordered and never received'],
    ['handed over by another', [RECEIPT, { ...TRANSFER, from: 'org-b' }], 'it was handed over by org-b, but platform held it'],
    ['under another seal', [RECEIPT, { ...TRANSFER, seal: 'S-9' }], 'seal S-9 was found, but S-1 was put on'],
    [
      'without a look at the seal',
      [RECEIPT, { kind: 'transferExhibit', exhibit: 'TP-1', to: 'org-a', why: STATEMENT }],
      'neither seal S-1 nor a hash was checked',
    ],
    [
      'examined by who did not hold it',
      [RECEIPT, { ...EXAMINATION, agency: 'agency-north' }],
      'it was examined by agency-north, but platform held it',
    ],
    [
      'a part of what had a gap',
      [RECEIPT, { ...TRANSFER, seal: 'S-9' }, { ...RECEIPT, exhibit: 'TP-1a', parent: 'TP-1' }],
      'seal S-9 was found, but S-1 was put on',
    ],
  ])('%s', (_, contents, what) => {
    const story = aCase();
    for (const content of contents) officer(story, content);
    expect(gapOf(story)).toBe(what);
  });

  it('and nothing that comes later mends it', () => {
    const steps: fc.Arbitrary<CustodyStep> = fc
      .record({
        act: fc.constantFrom('received', 'transferred', 'examined', 'lost'),
        from: fc.constantFrom('a', 'b'),
        organisation: fc.constantFrom('a', 'b'),
        seal: fc.constantFrom('S-1', 'S-2'),
      })
      .map(
        (step) =>
          ({
            at: instantOf(0),
            what: STATEMENT,
            condition: STATEMENT,
            media: [],
            why: STATEMENT,
            result: Verdict.genuine,
            report: '',
            ...step,
          }) as CustodyStep,
      );
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 8 }), steps, (custody, more) => {
        const exhibit: Exhibit = { id: 'E', source: { kind: 'handed-in' }, custody };
        const gap = custodyGap(exhibit);
        if (gap === undefined || gap.step === custody.length) return;
        expect(custodyGap({ ...exhibit, custody: [...custody, more] })).toEqual(gap);
      }),
    );
  });
});
