import { Context } from '@temporalio/activity';
import type { Instant } from '../../domain/instant.ts';
import { instant, plusMs } from '../../domain/instant.ts';
import { LetterRow, LetterState } from '../../store/entities/letters.ts';
import type { LogContext } from '../../store/log-context.ts';
import { type Manager, work } from '../../store/orm.ts';
import type { LetterActivities } from '../activities.ts';
import { ActivityFailure } from '../failures.ts';
import { brokenOff, retryWhileYoung, withHeartbeat } from '../outage.ts';
import type { MailerPort, MarketplacePort } from '../ports.ts';
import { type Address, resolveAddress } from './address.ts';
import { type ComposedMail, composeMail, type DueLetter } from './compose.ts';
import { readParams } from './particulars.ts';
import { postpone, type Settlement, settle } from './settle.ts';
import { LANGUAGES } from './texts.ts';

/** What sending letters works with. */
export interface LetterDeps {
  readonly log: LogContext;
  readonly mailer: MailerPort;
  readonly marketplace: MarketplacePort;
  /** How long the mail host is tried before the letter waits, in machine milliseconds. */
  readonly outageMs: number;
  /** How long a letter then waits, in milliseconds of the business clock; 15 minutes when absent. */
  readonly lateAfterMs?: number;
}

const LATE_AFTER_MS = 15 * 60_000;
const DIGEST = 'digest:';

/**
 * Sends a letter or a digest that the dispatcher has claimed (`sending`) and records what became of it: delivered, refused,
 * possibly sent, no address. What is not `sending` any more has its outcome and is not sent again. A mail host that stays
 * away sends the letters back to `waiting`; a refused question is told to its case as a bounce.
 */
export function createLetterActivities(deps: LetterDeps): LetterActivities {
  return {
    async sendLetter({ id }) {
      const rows = await claimedRows(work(deps.log.store), id);
      const [first] = rows;
      if (first !== undefined) await withHeartbeat(() => sendRows(deps, id, rows, first));
    },
  };
}

function claimedRows(em: Manager, id: string): Promise<readonly LetterRow[]> {
  const which = id.startsWith(DIGEST) ? { digest: id } : { id };
  return em.find(LetterRow, { ...which, state: LetterState.sending }, { orderBy: { dueAt: 'asc', id: 'asc' }, disableIdentityMap: true });
}

async function sendRows(deps: LetterDeps, id: string, rows: readonly LetterRow[], first: LetterRow): Promise<void> {
  const { log, outageMs, lateAfterMs = LATE_AFTER_MS } = deps;
  const em = work(log.store);
  // Members of a digest have one recipient: that is what made them a group.
  const address = await resolveAddress(em, first.to, log.clock.now());
  try {
    const settlement = address.channel === 'none' ? NO_ADDRESS : await deliver(deps, address, id, await composed(log, em, id, rows), first.aggregate);
    await settle(log, rows, settlement);
  } catch (error) {
    if (Context.current().cancellationSignal.aborted) throw brokenOff();
    if (!(error instanceof ActivityFailure) || !error.isTransient) throw error;
    retryWhileYoung(error, outageMs);
    await postpone(log, rows, plusMs(log.clock.now(), lateAfterMs), error.message);
  }
}

const NO_ADDRESS: Settlement = { state: LetterState.noAddress, channel: null, result: null };

async function composed(log: LogContext, em: Manager, id: string, rows: readonly LetterRow[]): Promise<ComposedMail> {
  const letters: DueLetter[] = [];
  for (const row of rows) letters.push({ id: row.id, dueAt: dueOf(row), params: await readParams(log, em, row) });
  return composeMail(LANGUAGES.en, id, letters);
}

function dueOf(row: LetterRow): Instant {
  return instant(row.dueAt);
}

type Reachable = Exclude<Address, { channel: 'none' }>;

/** A seller whose mail is refused is reached through the shop: statements of reasons have to arrive. */
async function deliver(deps: LetterDeps, address: Reachable, id: string, mail: ComposedMail, reference: string): Promise<Settlement> {
  if (address.channel === 'shop') return leaveInShop(deps, address.shop, id, mail, reference);
  const { kind: state, reply: result } = await deps.mailer.send({ ...mail, to: address.to });
  if (state === LetterState.refused && address.next !== undefined) return deliver(deps, address.next, id, mail, reference);
  return { state, channel: 'mail', result };
}

async function leaveInShop(
  { marketplace }: LetterDeps,
  shop: string,
  id: string,
  { subject, text }: ComposedMail,
  reference: string,
): Promise<Settlement> {
  const signal = Context.current().cancellationSignal;
  try {
    await marketplace.messageShop(shop, { key: id, subject, text, reference }, signal);
    return { state: LetterState.delivered, channel: 'shop', result: null };
  } catch (error) {
    if (!(error instanceof ActivityFailure) || error.isTransient) throw error;
    return { ...(REJECTIONS[error.code] ?? { state: LetterState.refused }), channel: 'shop', result: error.code };
  }
}

/** A reused key says that the message was left before; a listing's title may have changed since. */
const REJECTIONS: Readonly<Record<string, { readonly state: LetterState }>> = {
  'key-reused': { state: LetterState.possiblySent },
  'unknown-shop': { state: LetterState.noAddress },
};
