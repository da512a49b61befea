import { Verdict } from '../domain/case/model.ts';
import { oneLine } from '../domain/one-line.ts';
import type { Block, Facts } from './blocks.ts';
import type { MailKey, MailTexts } from './languages.ts';
import type { Matter, Reasons } from './parameters.ts';
import { flag, joined, lengthOf, mayMove, whenIn } from './phrases.ts';

/**
 * The body of a statement of reasons, in the order of DSA 17(3): (a) restriction, territory, duration; (b) facts and whether
 * they come from a notice or our own initiative; (c) automation in detection and decision; (d), (e) ground and why; (f) redress.
 * Nobody who reported or answered is named.
 */
export function reasonsBlocks(texts: MailTexts, matter: Matter, reasons: Reasons): readonly Block[] {
  return [
    { heading: texts.say('reasons.decided') },
    { facts: restriction(texts, matter, reasons) },
    { heading: texts.say('reasons.why') },
    { facts: facts(texts, matter, reasons) },
    { heading: texts.say('reasons.automation') },
    { facts: automation(texts, reasons) },
    { heading: texts.say('reasons.contest') },
    { list: redress(texts, matter, reasons) },
  ];
}

function restriction(texts: MailTexts, matter: Matter, { provisional, alreadyGone, removedAt, until, mayMove: does }: Reasons): Facts {
  const { say } = texts;
  const end = {
    hasEnd: flag(until !== undefined),
    until: until === undefined ? '' : whenIn(texts, matter.zone, until),
    mayMove: mayMove(texts, does),
  };
  const title = { hasTitle: flag(matter.title !== undefined), title: oneLine(matter.title ?? '', 300) };
  return [
    [say('reasons.listing'), say('reasons.listingValue', { ...title, listing: oneLine(matter.listing, 200) })],
    [say('reasons.restriction'), say('reasons.restrictionValue', { provisional: flag(provisional), alreadyGone: flag(alreadyGone) })],
    [say('reasons.since'), whenIn(texts, matter.zone, removedAt)],
    [say('reasons.territory'), say('reasons.territoryValue', { marketplace: oneLine(matter.marketplace, 80), market: oneLine(matter.market, 20) })],
    [say('reasons.duration'), provisional ? say('reasons.durationProvisional', end) : say('reasons.durationUnlimited')],
    [say('mail.reference'), matter.reference],
  ];
}

function facts(texts: MailTexts, matter: Matter, { source, findings, answer, rights, policy }: Reasons): Facts {
  const { say } = texts;
  const named = rights.length === 0 ? say('reasons.rightsNone') : joined(texts, rights, 200);
  const ground = answer === undefined ? say('reasons.groundSuspected') : say(GROUNDS[answer.verdict] ?? 'reasons.groundSuspected');
  return [
    [say('reasons.source'), say('reasons.sourceValue', { source })],
    ...(findings.length === 0 ? [] : ([[say('reasons.found'), joined(texts, findings, 300)]] as const)),
    [say('reasons.finding'), answer === undefined ? say('reasons.findingUnanswered') : found(texts, answer)],
    [say('reasons.rights'), say('reasons.rightsValue', { rights: named, holder: oneLine(matter.holder, 200) })],
    [say('reasons.ground'), say('reasons.groundValue', { ground, policy: oneLine(policy.name, 80), version: policy.version })],
  ];
}

function found({ say, term }: MailTexts, { verdict, basis, reasonCode }: NonNullable<Reasons['answer']>): string {
  return say('reasons.findingAnswered', { verdict: term('verdict', verdict), basis: term('basis', basis), reasonCode });
}

/** Why a verdict makes the listing illegal content (DSA 17(3)(d)). */
const GROUNDS: Readonly<Partial<Record<Verdict, MailKey>>> = {
  [Verdict.counterfeit]: 'reasons.ground.counterfeit',
  [Verdict.unauthorised]: 'reasons.ground.unauthorised',
  [Verdict.otherInfringement]: 'reasons.ground.other-infringement',
};

function automation({ say }: MailTexts, { detectors, answer }: Reasons): Facts {
  const names = detectors.map((name) => oneLine(name, 80)).join(say('value.separator'));
  return [
    [say('reasons.detection'), detectors.length === 0 ? say('reasons.detectionNone') : say('reasons.detectionValue', { detectors: names })],
    [say('reasons.decision'), say(answer === undefined ? 'reasons.decisionAutomated' : 'reasons.decisionPerson')],
  ];
}

function redress(texts: MailTexts, matter: Matter, { contest, provisional }: Reasons): readonly string[] {
  const { until } = contest;
  const complaint = {
    isOpen: flag(until === undefined),
    until: until === undefined ? '' : whenIn(texts, matter.zone, until),
    mayMove: mayMove(texts, contest.mayMove),
    provisional: flag(provisional),
    window: lengthOf(texts, contest.window),
    reference: matter.reference,
  };
  return [texts.say('reasons.complaint', complaint), texts.say('reasons.settlement'), texts.say('reasons.court')];
}
