import { oneLine } from '../domain/one-line.ts';
import type { Measure } from '../domain/policy/policy.ts';
import type { Block, Layout } from './blocks.ts';
import type { MailTexts } from './languages.ts';
import type { ParamsOf } from './parameters.ts';
import { choice, flag, itemOf, lengthOf, openBlocks, whenIn } from './phrases.ts';

type Asked = ParamsOf<'approval-asked'>;
type Taken = ParamsOf<'sanction-taken'>;
type Ended = ParamsOf<'sanction-ended'>;

function first<P>(notifications: readonly P[]): P {
  const [notification] = notifications;
  if (notification === undefined) throw new RangeError('a mail without notifications');
  return notification;
}

function shortMeasure({ term }: MailTexts, measure: Measure): string {
  return term('measureShort', measure);
}

function proposal(texts: MailTexts, { matter, reasons }: Asked): string {
  const shop = { shop: oneLine(matter.listing, 80), marketplace: oneLine(matter.marketplace, 80) };
  return texts.say('mail.approval-asked.proposal', { measure: shortMeasure(texts, reasons.measure), ...shop });
}

/** The officers are asked for a second person's decision. */
const approvalAsked: Layout<Asked> = {
  subject: (texts, notifications) =>
    texts.say('mail.approval-asked.subject', { count: notifications.length, proposal: proposal(texts, first(notifications)) }),
  blocks: (texts, notifications) => [
    { p: texts.say('mail.approval-asked.opening') },
    {
      list: notifications.map((notification) => {
        const { points, step } = notification.reasons;
        const values = { proposal: proposal(texts, notification), points, step, reference: notification.matter.reference };
        return itemOf(texts, notification.matter, texts.say('mail.approval-asked.line', values));
      }),
    },
  ],
};

/** The statement of reasons for a measure against a seller, in the order of DSA 17(3). */
const sanctionTaken: Layout<Taken> = {
  subject: (texts, notifications) => texts.say('mail.sanction-taken.subject', { measure: choice(first(notifications).reasons.measure) }),
  blocks: (texts, notifications) => notifications.flatMap((notification) => statement(texts, notification)),
};

function statement(texts: MailTexts, notification: Taken): readonly Block[] {
  const { say } = texts;
  const { matter, reasons, contestWindow } = notification;
  return [
    { p: say('mail.sanction-taken.opening', { marketplace: oneLine(matter.marketplace, 80) }) },
    { heading: say('reasons.decided') },
    decided(texts, notification),
    { heading: say('reasons.why') },
    why(texts, notification),
    { heading: say('reasons.automation') },
    { facts: [[say('reasons.decision'), say('mail.sanction-taken.decisionValue', { isApproved: flag(isApproved(reasons.measure)) })]] },
    { heading: say('reasons.contest') },
    { list: [say('mail.sanction-taken.complaint', { window: lengthOf(texts, contestWindow) }), say('reasons.settlement'), say('reasons.court')] },
    ...openBlocks(texts, matter, 'sanction'),
  ];
}

function decided(texts: MailTexts, { matter, reasons, result, until }: Taken): Block {
  const { say } = texts;
  const end = { hasEnd: flag(until !== undefined), until: until === undefined ? '' : whenIn(texts, matter.zone, until) };
  const measure = { measure: choice(reasons.measure), isGone: flag(result === 'unknown-shop') };
  return {
    facts: [
      [say('mail.sanction-taken.measure'), say('mail.sanction-taken.measureValue', measure)],
      [say('mail.sanction-taken.shop'), oneLine(matter.listing, 200)],
      [say('reasons.duration'), say('mail.sanction-taken.durationValue', end)],
      [say('mail.reference'), matter.reference],
    ],
  };
}

function why({ say }: MailTexts, { reasons: { points, step, cases, policy, source } }: Taken): Block {
  const rule = { policy: oneLine(policy.name, 80), version: policy.version, source: oneLine(source, 400) };
  return {
    facts: [
      [say('mail.sanction-taken.points'), say('mail.sanction-taken.pointsValue', { points, step })],
      [say('mail.sanction-taken.cases'), cases.join(say('value.separator'))],
      [say('mail.sanction-taken.rule'), say('mail.sanction-taken.ruleValue', rule)],
    ],
  };
}

function isApproved(measure: Measure): boolean {
  return measure === 'close-shop' || measure === 'freeze';
}

/** The end of a measure, with its reason. */
const sanctionEnded: Layout<Ended> = {
  subject: (texts, notifications) => texts.say('mail.sanction-ended.subject', { measure: shortMeasure(texts, first(notifications).reasons.measure) }),
  blocks: (texts, notifications) =>
    notifications.flatMap(({ matter, reasons, ended }) => [
      {
        p: texts
          .say('mail.sanction-ended.opening', {
            ...{ measure: shortMeasure(texts, reasons.measure), marketplace: oneLine(matter.marketplace, 80), ended },
          })
          .trimEnd(),
      },
      {
        facts: [
          [texts.say('mail.sanction-taken.shop'), oneLine(matter.listing, 200)],
          [texts.say('mail.reference'), matter.reference],
        ] as const,
      },
      ...openBlocks(texts, matter, 'sanction'),
    ]),
};

/** What sanctions notify people of. */
export const SANCTION_LAYOUTS = { 'approval-asked': approvalAsked, 'sanction-taken': sanctionTaken, 'sanction-ended': sanctionEnded } as const;
