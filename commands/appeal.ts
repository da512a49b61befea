import { defineCommand } from './command.ts';
import { basis, choice, personal, text } from './field.ts';

/** Commands to an appeal. */
export const appealCommands = {
  decideAppeal: defineCommand({
    name: 'appeal.decideAppeal',
    summary: 'upholds the measure or overturns it',
    operation: 'appeal.decide',
    at: 'decision',
    fields: {
      decision: { ...choice('Whether the measure stands', { uphold: 'uphold', overturn: 'overturn' }, 'decision'), isButton: true },
      reason: personal(text('Why')),
    },
    byHand: [{ cli: 'appeal decide', positional: ['decision'] }],
  }),
  withdrawAppeal: defineCommand({
    name: 'appeal.withdrawAppeal',
    summary: 'takes an appeal back, by whoever filed it',
    operation: 'appeal.withdraw',
    at: 'withdrawal',
    fields: {},
    byHand: [{ cli: 'appeal withdraw' }],
  }),
  fileOfferedNotice: defineCommand({
    name: 'appeal.fileOfferedNotice',
    summary: 'files the notice that the brand was offered after a late verdict',
    operation: 'appeal.file-notice',
    at: 'notice',
    fields: { basis: { ...basis, written: basis.schema.default('image') } },
    byHand: [{ cli: 'appeal file-notice', steps: ['file-notice'] }],
  }),
};
