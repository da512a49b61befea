import { Verdict } from '../domain/case/model.ts';
import { defineCommand } from './command.ts';
import { choice, file, files, label, line, money, optional, personal, text } from './field.ts';

const exhibit = label('Exhibit number, as it is written on the exhibit', 'exhibit number');
const tamperSeal = (what: string) => optional(line(what, 64));
/** Exhibits belong to a case; the page of the case has no forms for them. */
const ofExhibit = { operation: 'exhibit.record', tag: 'exhibits', hasForm: false } as const;
const positional = ['exhibit'] as const;

/** Commands about the exhibits of an open case, and who holds them. */
export const exhibitCommands = {
  orderTestPurchase: defineCommand({
    name: 'case.orderTestPurchase',
    summary: 'records that an officer has bought a sample on the marketplace',
    ...ofExhibit,
    operation: 'exhibit.order',
    at: 'test-purchases',
    fields: { exhibit, order: personal(line("The marketplace's order number; shown to nobody outside", 128)), price: money('What it cost') },
    byHand: [{ cli: 'exhibit order', positional }],
  }),
  recordExhibit: defineCommand({
    name: 'case.recordExhibit',
    summary: 'records that a parcel has arrived, a sample was handed in, or a part was taken out of another exhibit',
    ...ofExhibit,
    at: 'exhibits',
    fields: {
      exhibit,
      parent: optional(label('The exhibit that it was taken out of', 'exhibit number')),
      what: personal(text('What it is')),
      condition: personal(text('The condition that it is in')),
      seal: tamperSeal('Number of the tamper seal put on it'),
      media: files('Photos and film'),
    },
    byHand: [{ cli: 'exhibit receive', steps: ['receive-exhibit'], positional }],
  }),
  transferExhibit: defineCommand({
    name: 'case.transferExhibit',
    summary: 'records that an exhibit changes hands',
    ...ofExhibit,
    at: 'transfers',
    fields: {
      exhibit,
      from: optional(line('Who hands it over: an organisation; default: the current holder')),
      to: line('Who gets it: an organisation'),
      receiver: optional(personal(line('The person who receives it'))),
      why: personal(text('Why it changes hands')),
      seal: tamperSeal('Number of the tamper seal found on it'),
      hash: optional(line('The digest that was verified again', 128)),
    },
    byHand: [{ cli: 'exhibit transfer', positional }],
  }),
  recordExamination: defineCommand({
    name: 'case.recordExamination',
    summary: 'records what the brand, or an inspection agency, has found on an exhibit',
    ...ofExhibit,
    at: 'examinations',
    fields: {
      exhibit,
      verdict: choice('What was found', Verdict, 'verdict'),
      report: file('The report'),
      agency: optional(line('Who examined it, where an officer records the report')),
      seal: tamperSeal('Number of the tamper seal found on it'),
      newSeal: tamperSeal('Number of the tamper seal put on it afterwards'),
    },
    byHand: [{ cli: 'exhibit examine', steps: ['examine-exhibit'], positional: ['exhibit', 'verdict'] }],
  }),
  recordLoss: defineCommand({
    name: 'case.recordLoss',
    summary: 'records that a parcel never came, or that an exhibit cannot be found any more',
    ...ofExhibit,
    at: 'losses',
    fields: { exhibit, why: personal(text('How it was lost')) },
    byHand: [{ cli: 'exhibit lost', steps: ['lose-exhibit'], positional }],
  }),
};
