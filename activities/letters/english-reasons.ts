import { BASES, GROUNDS, lengthOf, mayMove, VERDICTS, whenIn } from './english-words.ts';
import type { Matter, Reasons } from './params.ts';
import { oneLine } from '../../domain/one-line.ts';
import type { Block } from './text-model.ts';

/**
 * The body of a statement of reasons, in the order of DSA 17(3): (a) restriction, territory, duration; (b) facts and whether
 * they come from a notice or our own initiative; (c) automation in detection and decision; (d), (e) ground and why; (f) redress.
 * Nobody who reported or answered is named.
 */
export function reasonsBlocks(matter: Matter, reasons: Reasons): readonly Block[] {
  return [
    { heading: 'What was decided' },
    { facts: restriction(matter, reasons) },
    { heading: 'Why' },
    { facts: facts(matter, reasons) },
    { heading: 'Use of automated means' },
    {
      facts: [
        ['Detection', detection(reasons)],
        ['Decision', decision(reasons)],
      ],
    },
    { heading: 'How you can contest this' },
    { list: redress(matter, reasons) },
  ];
}

type Facts = readonly (readonly [string, string])[];

function restriction(matter: Matter, reasons: Reasons): Facts {
  const { provisional, alreadyGone, removedAt } = reasons;
  const removal = alreadyGone
    ? 'The listing was already unavailable; it may not be offered again.'
    : 'The listing is removed: it can no longer be viewed or bought.';
  return [
    ['Listing', `${matter.title === undefined ? '' : `“${oneLine(matter.title, 300)}”, `}${oneLine(matter.listing, 200)}`],
    ['Restriction', `${provisional ? 'PROVISIONAL REMOVAL. ' : ''}${removal}`],
    ['In force since', whenIn(matter.zone, removedAt)],
    ['Territory', `everywhere on ${oneLine(matter.marketplace, 80)} where this listing was offered (market ${oneLine(matter.market, 20)})`],
    ['Duration', duration(matter, reasons)],
    ['Reference', matter.reference],
  ];
}

function duration({ zone }: Matter, { provisional, until, mayMove: does }: Reasons): string {
  if (!provisional) return 'not limited in time';
  const end = until === undefined ? 'until it is confirmed or ended' : `until ${whenIn(zone, until)}${mayMove(does)}`;
  return `${end}. The listing is then put back, unless the rights holder confirms the infringement before that date. A provisional removal gives no penalty points.`;
}

function facts(matter: Matter, reasons: Reasons): Facts {
  const { answer, rights, policy } = reasons;
  const findings = reasons.findings.map((finding) => oneLine(finding, 300)).join('; ');
  return [
    ['Source', source(reasons)],
    ...(findings === '' ? [] : ([['What was found', findings]] as const)),
    [
      'Finding',
      answer === undefined
        ? 'A suspicion that has not been confirmed: the owner of the rights was asked and did not answer in time.'
        : `The owner of the rights examined the offer and finds it ${VERDICTS[answer.verdict]}, based on ${BASES[answer.basis]} (reason code ${answer.reasonCode}).`,
    ],
    [
      'Rights concerned',
      `${rights.length === 0 ? 'not registered' : rights.map((right) => oneLine(right, 200)).join('; ')}; owner: ${oneLine(matter.holder, 200)}`,
    ],
    ['Ground', `${ground(reasons)} Policy: ${oneLine(policy.name, 80)}, version ${policy.version}.`],
  ];
}

function source({ source: from }: Reasons): string {
  switch (from) {
    case 'detection':
      return "the marketplace's own initiative (its search for infringing offers); not a notice";
    case 'officer':
      return "the marketplace's own initiative (an investigation by its staff); not a notice";
    case 'notice':
      return 'a notice of infringement';
    default:
      return from satisfies never;
  }
}

function ground({ answer }: Reasons): string {
  const legal = answer === undefined ? undefined : GROUNDS[answer.verdict];
  return (
    legal ??
    'Suspected illegal content: the offer may infringe the rights named here. For goods of this risk class the policy of the marketplace removes a suspected offer provisionally when the owner of the rights does not answer in time.'
  );
}

function detection({ detectors }: Reasons): string {
  if (detectors.length === 0) return 'No automated means were used to find the offer.';
  return `The offer was found by automated means (${detectors.map((name) => oneLine(name, 80)).join(', ')}).`;
}

function decision({ answer }: Reasons): string {
  return answer === undefined
    ? 'The decision was taken by automated means only: under the policy, it follows when the owner of the rights does not answer in time.'
    : 'The decision is based on an examination by a person; it was carried out by automated means.';
}

function redress(matter: Matter, { contest, provisional }: Reasons): readonly string[] {
  const window = lengthOf(contest.window);
  const when =
    contest.until !== undefined
      ? `until ${whenIn(matter.zone, contest.until)}${mayMove(contest.mayMove)} (${window} from the closing of the case)`
      : `from now on${provisional ? ', while the removal is provisional,' : ''} and until ${window} after the case is closed`;
  return [
    `Internal complaint, free of charge: you can file a counter-statement ${when}. Quote the reference ${matter.reference} and explain why the offer does not infringe any right and what proves it: invoices, an authorisation, photographs. A person reviews it; it is never decided by automated means alone.`,
    'Out-of-court dispute settlement: you can turn to a certified dispute settlement body (in the European Union: Regulation (EU) 2022/2065, article 21).',
    'Court: you can seek judicial remedy at any time.',
  ];
}
