import type { CommandName } from '../domain/commands.ts';
import { appealCommands } from './appeal.ts';
import { caseCommands } from './case.ts';
import type { Command } from './command.ts';
import { exhibitCommands } from './exhibit.ts';
import { referralCommands } from './referral.ts';
import { sanctionCommands } from './sanction.ts';

/** Every command that people give, under its kind. */
export const COMMANDS = { ...caseCommands, ...exhibitCommands, ...appealCommands, ...sanctionCommands, ...referralCommands } as const;

type Given = (typeof COMMANDS)[keyof typeof COMMANDS];
/** An entry of the access table that sends commands. */
export type CommandOperation = Given['operation'];

/** The same as a list, in the order in which documents and help name them. */
export const CATALOGUE: readonly Command<CommandName, Command['fields'], CommandOperation>[] = Object.values(COMMANDS);

/** What the engine tells an aggregate, and nobody else can: it has no entry point, and replay says what it is. */
export const BY_THE_ENGINE: Readonly<Record<Exclude<CommandName, Given['name']>, string>> = {
  'case.recordBounce': 'reports that a notification could not be delivered',
  'case.recountInstants': 'counts provisional instants again',
  'case.joinVersion': 'reports a newer version of the listing',
  'case.adoptHolder': 'gives the case to the organisation that the owner turns out to be',
  'case.passDeadline': 'passes a deadline',
  'case.recordEffectResult': 'reports what came of an effect',
  'appeal.openAppeal': 'opens an appeal',
  'appeal.recountInstants': 'counts provisional instants again',
  'appeal.passDeadline': 'passes a deadline',
  'appeal.recordEffectResult': 'reports what came of an effect',
  'sanction.openSanction': 'proposes a measure, since the points of the actor have reached its step',
  'sanction.reconsider': "reports that the actor's ledger has changed",
  'sanction.passDeadline': 'passes a deadline',
  'sanction.recordEffectResult': 'reports what came of an effect',
  'referral.reconsider': "reports that the actor's ledger has changed",
  'referral.recordDelivery': 'reports whether a mail has reached the authority',
  'referral.passDeadline': 'passes a deadline',
  'referral.recordEffectResult': 'reports what came of an effect',
};
