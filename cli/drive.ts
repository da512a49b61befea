import { epochMs, instantOf } from '../domain/instant.ts';
import type { FaultLine } from '../store/queries/faults.ts';
import type { Drive } from '../worker/undriven.ts';
import type { Context } from './context.ts';

/** Enough for a log of a hundred thousand open cases; a server that stands still is no reason to wait longer. */
const COMPARED_WITHIN_MS = 30_000;
/** A fault that nobody made good is told for so long. */
const FAULTS_FOR_MS = 30 * 86_400_000;
const SHOWN = 3;

/** What both `status` and `doctor` say of one thing. */
export interface Told {
  readonly what: string;
  readonly ok: boolean;
  readonly cure?: string;
}

/** Compares what the log has open with what Temporal runs. Throws when one of them does not answer. */
export async function readDrive(context: Context): Promise<Drive> {
  const [{ compareDrive }, store, temporal] = await Promise.all([import('../worker/undriven.ts'), context.store(), context.temporal()]);
  return temporal.connection.withDeadline(Date.now() + COMPARED_WITHIN_MS, () => compareDrive(store, temporal, context.clock.now()));
}

/** Whether everything open is driven, in words. */
export function driveInWords({ open, undriven }: Drive): Told {
  if (undriven.length === 0) return { what: `workflows drive all ${open} open cases, appeals, sanctions and referrals`, ok: true };
  return {
    what: `no workflow drives ${undriven.length} of ${open} open cases, appeals, sanctions and referrals (${some(undriven)}): their deadlines and removals do not happen`,
    ok: false,
    cure: '"interdict doctor --revive" starts them from the log.',
  };
}

/** Messages of the last thirty days that ended in a fault and were not made good. */
export async function readOpenFaults(context: Context): Promise<readonly FaultLine[]> {
  const { readFaults } = await import('../store/queries/faults.ts');
  return readFaults(await context.work(), instantOf(epochMs(context.clock.now()) - FAULTS_FOR_MS));
}

/** Whether messages ended in a fault, in words. */
export function faultsInWords(faults: readonly FaultLine[]): Told {
  const [first] = faults;
  if (first === undefined) return { what: 'no message of the last 30 days ended in a fault', ok: true };
  const named = some(faults.map(({ id, aggregate }) => `${id} to ${aggregate}`));
  const words = first.message.split('\n')[0]?.slice(0, 200) ?? '';
  return {
    what: `${faults.length} ${faults.length === 1 ? 'message' : 'messages'} of the last 30 days ended in a fault and nothing decided came after (${named}; the last one: ${words})`,
    ok: false,
    cure: 'The cases went on without them. Have their senders send them again under a new message id, and report this message: it is a bug in interdict.',
  };
}

function some(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
