import { defineCommand } from './command.ts';
import { choice, personal, text } from './field.ts';

const reason = personal(text('Why'));

/** Commands to a sanction. */
export const sanctionCommands = {
  decideSanction: defineCommand({
    name: 'sanction.decideSanction',
    summary: 'approves or rejects a proposed measure, by a second person',
    operation: 'sanction.decide',
    at: 'decision',
    fields: {
      decision: { ...choice('Whether the measure takes effect', { approve: 'approve', reject: 'reject' }, 'decision'), isButton: true },
      reason,
    },
    byHand: [
      { cli: 'sanction approve', steps: ['approve-sanction'], fixed: { decision: 'approve' }, summary: 'approves a proposed measure' },
      { cli: 'sanction reject', steps: ['reject-sanction'], fixed: { decision: 'reject' }, summary: 'rejects a proposed measure; the points remain' },
    ],
  }),
  liftSanction: defineCommand({
    name: 'sanction.liftSanction',
    summary: 'ends a measure before its time',
    operation: 'sanction.lift',
    at: 'lifting',
    fields: { reason },
    byHand: [{ cli: 'sanction lift' }],
  }),
};
