import { instant } from '../domain/instant.ts';
import { eventSentence, eventValues } from '../texts/events.ts';
import type { Block, Layout } from './blocks.ts';
import type { MailTexts } from './languages.ts';
import type { Matter, NotificationHead, NotificationParameters, ParamsOf } from './parameters.ts';
import { consequence, flag, itemOf, joined, lineOf, mayMove, openBlocks, shortName, whenIn } from './phrases.ts';
import { reasonsBlocks } from './reasons.ts';

/** Kinds that say one thing about each of their cases: an opening sentence and a line a case. */
type ListKind =
  | 'restored'
  | 'appeal-ended'
  | 'listing-edited'
  | 'corrected'
  | 'lapsed'
  | 'cancelled'
  | 'counter-notice'
  | 'event'
  | 'review-asked'
  | 'notice-offered';
type CaseKind = ListKind | 'ask' | 'reminder' | 'more-asked' | 'escalation' | 'statement-of-reasons' | 'removal-confirmed';

/** Subject of one case by its listing, of several by their number; a message chooses by the first one's values. */
function subjectOf<P extends NotificationHead>(kind: CaseKind, chosenBy: (notification: P) => Readonly<Record<string, string>> = () => ({})) {
  return (texts: MailTexts, notifications: readonly P[]): string => {
    const [first] = notifications;
    if (first === undefined) throw new RangeError('a subject without notifications');
    return texts.say(`mail.${kind}.subject`, { count: notifications.length, name: shortName(texts, first.matter), ...chosenBy(first) });
  };
}

interface ListParts<P> {
  readonly line?: (texts: MailTexts, notification: P) => string;
  readonly closing?: (texts: MailTexts) => string;
}

function listed<P extends NotificationHead>(
  kind: ListKind,
  { line = (texts, { matter }) => lineOf(texts, matter), closing }: ListParts<P> = {},
): Layout<P> {
  return {
    subject: subjectOf(kind),
    blocks: (texts, notifications) => [
      { p: texts.say(`mail.${kind}.opening`, { count: notifications.length, to: notifications[0]?.to ?? '' }) },
      { list: notifications.map((notification) => itemOf(texts, notification.matter, line(texts, notification))) },
      ...(closing === undefined ? [] : [{ p: closing(texts) }]),
    ],
  };
}

/** Soonest first: what has to be done next stands on top. */
function bySoonest<P extends NotificationParameters & { readonly lapseAt: string }>(notifications: readonly P[]): readonly P[] {
  return [...notifications].sort((a, b) => (a.lapseAt < b.lapseAt ? -1 : a.lapseAt > b.lapseAt ? 1 : 0));
}

function dueValues(texts: MailTexts, { matter, lapseAt, mayMove: does }: ParamsOf<'ask' | 'reminder' | 'more-asked'>) {
  return { line: lineOf(texts, matter), lapseAt: whenIn(texts, matter.zone, lapseAt), mayMove: mayMove(texts, does) };
}

const ask: Layout<ParamsOf<'ask'>> = {
  subject: subjectOf('ask'),
  blocks: (texts, notifications) => [
    { p: texts.say('mail.ask.opening', { count: notifications.length, holder: notifications[0]?.matter.holder ?? '' }) },
    { list: bySoonest(notifications).map((notification) => itemOf(texts, notification.matter, asked(texts, notification))) },
    { p: texts.say('mail.ask.closing') },
  ],
};

function asked(texts: MailTexts, notification: ParamsOf<'ask'>): string {
  const { findings, silence } = notification;
  const found = { hasFindings: flag(findings.length > 0), findings: joined(texts, findings, 300) };
  return texts.say('mail.ask.line', { ...dueValues(texts, notification), consequence: consequence(texts, silence), ...found });
}

const reminder: Layout<ParamsOf<'reminder'>> = {
  subject: subjectOf('reminder'),
  blocks: (texts, notifications) => [
    { p: texts.say('mail.reminder.opening', { count: notifications.length }) },
    { list: bySoonest(notifications).map((notification) => itemOf(texts, notification.matter, reminded(texts, notification))) },
  ],
};

function reminded(texts: MailTexts, notification: ParamsOf<'reminder'>): string {
  return texts.say('mail.reminder.line', {
    number: notification.number,
    ...dueValues(texts, notification),
    consequence: consequence(texts, notification.silence),
  });
}

const moreAsked: Layout<ParamsOf<'more-asked'>> = {
  subject: subjectOf('more-asked'),
  blocks: (texts, notifications) => [
    { p: texts.say('mail.more-asked.opening') },
    {
      list: bySoonest(notifications).map((notification) =>
        itemOf(texts, notification.matter, texts.say('mail.more-asked.line', dueValues(texts, notification))),
      ),
    },
  ],
};

const escalation: Layout<ParamsOf<'escalation'>> = {
  subject: subjectOf('escalation', ({ because }) => ({ because })),
  blocks: (texts, notifications) => notifications.flatMap((notification) => escalated(texts, notification)),
};

function escalated(texts: MailTexts, { matter, because, lapseAt, mayMove: does, silence }: ParamsOf<'escalation'>): readonly Block[] {
  const until = (at: typeof lapseAt & string) => `${whenIn(texts, matter.zone, at)}${mayMove(texts, does)}`;
  const end = lapseAt === undefined ? [] : ([[texts.say('mail.fact.deadline'), until(lapseAt)]] as const);
  return [
    { p: texts.say('mail.escalation.opening', { because, holder: matter.holder }) },
    { facts: [[texts.say('mail.fact.listing'), lineOf(texts, matter)], ...end, [texts.say('mail.fact.silence'), consequence(texts, silence)]] },
    ...openBlocks(texts, matter),
  ];
}

type Reasoned = 'statement-of-reasons' | 'removal-confirmed';

function reasoned<P extends ParamsOf<Reasoned>>(kind: Reasoned): Layout<P> {
  return {
    subject: subjectOf<P>(kind, ({ reasons }) => ({ provisional: flag(reasons.provisional) })),
    blocks: (texts, notifications) =>
      notifications.flatMap(({ matter, reasons }) => [
        { p: texts.say(`mail.${kind}.opening`, { marketplace: matter.marketplace }) },
        ...reasonsBlocks(texts, matter, reasons),
        ...openBlocks(texts, matter),
      ]),
  };
}

/** The event's sentence; its type where this release has none. */
function happened(texts: MailTexts, { zone }: Matter, event: ParamsOf<'event'>['event']): string {
  const telling = { texts, instant: (at: string) => whenIn(texts, zone, instant(at)) };
  return eventSentence(event.type, eventValues(event), telling) ?? event.type;
}

/** What cases, appeals and reviews notify people of. */
export const CASE_LAYOUTS: { readonly [K in CaseKind]: Layout<ParamsOf<K>> } = {
  ask,
  reminder,
  'more-asked': moreAsked,
  escalation,
  'statement-of-reasons': reasoned('statement-of-reasons'),
  'removal-confirmed': reasoned('removal-confirmed'),
  restored: listed('restored'),
  'listing-edited': listed('listing-edited'),
  lapsed: listed('lapsed'),
  cancelled: listed('cancelled'),
  'counter-notice': listed('counter-notice'),
  event: listed('event', { line: (texts, { matter, event }) => `${happened(texts, matter, event)}: ${lineOf(texts, matter)}` }),
  corrected: listed('corrected', {
    line: (texts, { matter, was, verdict }) =>
      texts.say('mail.corrected.line', { line: lineOf(texts, matter), was: texts.term('verdict', was), verdict: texts.term('verdict', verdict) }),
  }),
  'review-asked': listed('review-asked', {
    line: (texts, { matter, appeal }) => texts.say('mail.review-asked.line', { line: lineOf(texts, matter), appeal: texts.term('appeal', appeal) }),
  }),
  'notice-offered': listed('notice-offered', {
    line: (texts, { matter, until, mayMove: does }) =>
      texts.say('mail.notice-offered.line', { line: lineOf(texts, matter), until: whenIn(texts, matter.zone, until), mayMove: mayMove(texts, does) }),
  }),
  'appeal-ended': listed('appeal-ended', {
    line: (texts, { matter, appeal, ended }) =>
      texts.say('mail.appeal-ended.line', {
        line: lineOf(texts, matter),
        appeal: texts.term('appeal', appeal),
        ended: texts.say(`mail.ended.${ended}`),
      }),
    closing: (texts) => texts.say('mail.appeal-ended.closing'),
  }),
};
