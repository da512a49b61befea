import { z } from 'zod';
import { Verdict } from '../domain/case/model.ts';
import { defineCommand } from './command.ts';
import { basis, choice, duration, label, line, optional, personal, text } from './field.ts';

const perRight = z
  .record(z.string().min(1).max(128), choice('', Verdict, 'verdict').schema)
  .describe('Where the verdict differs for one right of the case');

/** Commands to a case. */
export const caseCommands = {
  openCase: defineCommand({
    name: 'case.openCase',
    summary: 'opens a case, or returns the open one',
    operation: 'case.open',
    isOpening: true,
    hasForm: false,
    fields: {
      listing: line('The listing'),
      holder: line('The rights holder: id or name of an organisation'),
      reason: { ...personal(text('Why the case is opened')), as: 'note' },
    },
    byHand: [{ cli: 'open', steps: ['open'] }],
  }),
  recordVerdict: defineCommand({
    name: 'case.recordVerdict',
    summary: 'gives a verdict, or corrects it',
    operation: 'case.verdict',
    at: 'verdict',
    fields: {
      verdict: { ...choice('What the brand says of the listing', Verdict, 'verdict'), isButton: true },
      reasonCode: { ...line('One that the pinned policy lists for the verdict', 64), control: { kind: 'choice', family: 'reason', values: [] } },
      basis: { ...basis, schema: basis.schema.default('image') },
      exhibit: optional(label('The exhibit that a verdict with the basis "sample" rests on', 'exhibit number')),
      perRight: optional({ schema: perRight, control: { kind: 'none' }, sample: {}, shape: 'pairs' }),
      note: optional(personal(text('For the other people of the brand and the platform'))),
      isCorrection: {
        schema: z
          .boolean()
          .default(false)
          .describe('Meant to replace an answer that is on record; without it a first answer that comes second is refused'),
        control: { kind: 'none' },
        sample: false,
      },
    },
    // Only a first answer says so: what corrects an answer is decided by what is on record.
    completed: ({ isCorrection, ...rest }) => ({ ...rest, ...(isCorrection !== true && { asFirst: true }) }),
    byHand: [
      { cli: 'verdict', steps: ['verdict', 'correct'], positional: ['verdict'], options: { perRight: 'right' }, fixed: { isCorrection: true } },
    ],
  }),
  cancelCase: defineCommand({
    name: 'case.cancelCase',
    summary: 'cancels a case that was opened in error',
    operation: 'case.cancel',
    at: 'cancellation',
    fields: { reason: optional(personal(text('Why it is cancelled'))) },
    byHand: [{ cli: 'cancel', steps: ['cancel'] }],
  }),
  extendWindow: defineCommand({
    name: 'case.extendWindow',
    summary: "gives a brand that has not answered more time, once, within the policy's limit",
    operation: 'case.extend',
    at: 'extension',
    fields: { length: duration('How much longer the window stays open') },
    flat: 'length',
    byHand: [{ cli: 'extend', steps: ['extend'], names: { length: 'by' } }],
  }),
  requestExtension: defineCommand({
    name: 'case.requestExtension',
    summary: 'asks for more time to answer, once; it is granted at once, within the limit of the policy',
    operation: 'case.request-extension',
    fields: { length: duration('How much longer the window stays open') },
    flat: 'length',
    byHand: [{ names: { length: 'by' } }],
  }),
  fileCounterNotice: defineCommand({
    name: 'case.fileCounterNotice',
    summary: 'contests the measure for the seller',
    operation: 'case.contest',
    at: 'counter-notice',
    fields: { statement: personal(text('What the seller says against it')) },
    byHand: [{ cli: 'contest', steps: ['contest'] }],
  }),
  identifySeller: defineCommand({
    name: 'case.identifySeller',
    summary: 'identifies the seller of a case',
    operation: 'case.identify-seller',
    at: 'seller',
    fields: { seller: { ...personal(line("The seller's id")), names: 'seller' } },
  }),
};
