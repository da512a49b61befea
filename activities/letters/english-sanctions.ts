import type { Measure } from '../../domain/policy/policy.ts';
import { SanctionStatus } from '../../domain/sanction/model.ts';
import { itemOf, lengthOf, openBlocks, whenIn } from './english-words.ts';
import { oneLine } from '../../domain/one-line.ts';
import type { ParamsOf } from './params.ts';
import type { Block, LetterText } from './text-model.ts';

type Taken = ParamsOf<'sanction-taken'>;
type Ended = ParamsOf<'sanction-ended'>;
type Asked = ParamsOf<'approval-asked'>;

const SUBJECTS: Readonly<Record<Measure, string>> = {
  'severe-warning': 'Severe warning for your shop',
  restrict: 'Your shop is restricted',
  freeze: 'Your shop is frozen',
  'close-shop': 'Your shop is closed',
};

const OPEN = 'Open the measure';

const MEASURES: Readonly<Record<Measure, string>> = {
  'severe-warning': 'Severe warning. Your shop is not restricted; further points lead to the next step.',
  restrict: 'Restriction: your shop cannot publish or promote offers during this time.',
  freeze: 'Freeze: your shop and its offers cannot be used until it is lifted.',
  'close-shop': 'Closure: your shop is closed.',
};

const SHORT: Readonly<Record<Measure, string>> = {
  'severe-warning': 'severe warning',
  restrict: 'restriction',
  freeze: 'freeze',
  'close-shop': 'closure',
};

const ENDED: Readonly<Partial<Record<SanctionStatus, string>>> = {
  [SanctionStatus.lifted]: 'The marketplace has lifted it.',
  [SanctionStatus.expired]: 'Its period has ended.',
  [SanctionStatus.overturned]:
    'It is overturned: a finding that gave you points was withdrawn or overturned, and the remaining points do not reach the step. The measure should not have been taken and is treated as never taken.',
};

/** The officers are asked for a second person's decision. */
export const approvalAsked: LetterText<Asked> = {
  subject: (letters) =>
    letters.length === 1 && letters[0] !== undefined ? `Please decide: ${proposal(letters[0])}` : `${letters.length} measures need your decision`,
  blocks: (letters) => [
    { p: 'Please approve or reject. Nothing happens until a person decides; if you reject, the points remain:' },
    {
      list: letters.map((letter) => {
        const { matter, reasons } = letter;
        return itemOf(matter, `${proposal(letter)}: ${reasons.points} points, step at ${reasons.step}. Reference ${matter.reference}.`);
      }),
    },
  ],
};

function proposal({ matter, reasons }: Asked): string {
  return `${SHORT[reasons.measure]} of shop ${oneLine(matter.listing, 80)} on ${oneLine(matter.marketplace, 80)}`;
}

/** The statement of reasons for a measure against a seller, in the order of DSA 17(3). */
export const sanctionTaken: LetterText<Taken> = {
  subject: (letters) => (letters[0] === undefined ? '' : SUBJECTS[letters[0].reasons.measure]),
  blocks: (letters) => letters.flatMap(statement),
};

function statement({ matter, reasons, result, until, contestWindow }: Taken): readonly Block[] {
  const { measure, points, step, cases, policy, source } = reasons;
  const end = until === undefined ? 'not limited in time; it ends when it is lifted or overturned' : `until ${whenIn(matter.zone, until)}`;
  const gone = result === 'unknown-shop' ? ' The marketplace no longer has this shop; the measure stands anyway.' : '';
  return [
    { p: `This is the statement of reasons for a measure against your shop on ${oneLine(matter.marketplace, 80)}.` },
    { heading: 'What was decided' },
    {
      facts: [
        ['Measure', `${MEASURES[measure]}${gone}`],
        ['Shop', oneLine(matter.listing, 200)],
        ['Duration', end],
        ['Reference', matter.reference],
      ],
    },
    { heading: 'Why' },
    {
      facts: [
        ['Points', `${points} points count against you; the measure applies from ${step} points.`],
        ['Cases behind the points', cases.join(', ')],
        [
          'Rule',
          `Terms of the marketplace: policy ${oneLine(policy.name, 80)}, version ${policy.version}, ledger.steps. Source: ${oneLine(source, 400)}.`,
        ],
      ],
    },
    { heading: 'Use of automated means' },
    { facts: [['Decision', decision(measure)]] },
    { heading: 'How you can contest this' },
    { list: redress(lengthOf(contestWindow)) },
    ...openBlocks(matter, OPEN),
  ];
}

function decision(measure: Measure): string {
  const rests = 'The points are based on findings by the owners of the rights; they are added up by automated means.';
  return measure === 'close-shop' || measure === 'freeze'
    ? `${rests} The policy defines which measures a person must approve before they are taken.`
    : rests;
}

function redress(window: string): readonly string[] {
  return [
    `Internal complaint, free of charge: file a counter-statement against any of the cases named here, within ${window} after it was closed. A person reviews it; it is never decided by automated means alone. If a case is overturned, its points are cancelled, and this measure is undone if the remaining points do not reach its step.`,
    'Out-of-court dispute settlement: you can turn to a certified dispute settlement body (in the European Union: Regulation (EU) 2022/2065, article 21).',
    'Court: you can seek judicial remedy at any time.',
  ];
}

/** The end of a measure, with its reason. */
export const sanctionEnded: LetterText<Ended> = {
  subject: (letters) => (letters[0] === undefined ? '' : `The ${SHORT[letters[0].reasons.measure]} of your shop has ended`),
  blocks: (letters) =>
    letters.flatMap(({ matter, reasons, ended }) => [
      { p: `The ${SHORT[reasons.measure]} of your shop on ${oneLine(matter.marketplace, 80)} has ended. ${ENDED[ended] ?? ''}` },
      {
        facts: [
          ['Shop', oneLine(matter.listing, 200)],
          ['Reference', matter.reference],
        ] as const,
      },
      ...openBlocks(matter, OPEN),
    ]),
};
