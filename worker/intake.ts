import { z } from 'zod';
import { type OpeningDeps, prepareOpening } from '../activities/prepare-opening.ts';
import { Capacity } from '../domain/aggregate.ts';
import { rightsOfHolder } from '../domain/detection/detection-index.ts';
import { AggregateKind } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { refuse } from '../domain/refusals.ts';
import type { CommandResult } from '../store/schema/entities/log.ts';
import { InboxRow } from '../store/schema/entities/log.ts';
import { answerRow } from '../store/log/advance.ts';
import { organisationBy } from '../store/register/organisation-names.ts';
import { openCases } from '../store/log/open-cases.ts';
import { mayNotOpen } from '../store/log/opening-guard.ts';
import { type Manager, work } from '../store/connection/orm.ts';
import { indexOfHolder, readListing } from '../store/register/listings.ts';
import { referralIntake, wantsReferral } from './referral-intake.ts';

const salted = z.strictObject({ '...': z.string() });
const openingSchema = z.object({
  kind: z.literal('openCase'),
  by: z.object({ capacity: z.enum(Capacity), person: salted, organisation: z.string().optional() }),
  listing: z.string(),
  holder: z.string(),
  note: salted.optional(),
});

/** Answers one message to intake: captures the listing, then opens the case or gives the live one, or refuses with a cure. */
export async function intake(deps: OpeningDeps, messageId: string): Promise<void> {
  const em = work(deps.log.store);
  const row = await em.findOne(InboxRow, { id: messageId, answer: null });
  if (row === null) return;
  if (wantsReferral(row)) return referralIntake(deps.log, row);
  const refusal = await open(deps, em, row);
  if (refusal !== undefined) await answerRow(em, messageId, refusal, deps.log.clock.now());
}

async function open(deps: OpeningDeps, em: Manager, row: InboxRow): Promise<CommandResult | undefined> {
  const parsed = openingSchema.safeParse(row.content);
  // Only people write to intake: what names none is from nobody who may open anything.
  if (!parsed.success) return { kind: 'refused', ...refuse('wrong-capacity').refused };
  const { listing: listingId, note, kind } = parsed.data;
  const command = { id: row.id, at: row.receivedAt as Instant, by: byOf(parsed.data.by), kind };
  const refusal = await mayNotOpen(em, deps.log, AggregateKind.case, command);
  if (refusal !== undefined) return refusal;
  const named = await organisationBy(em, parsed.data.holder);
  if ('fits' in named && named.fits.length > 1) {
    return refuseMessage(
      'ambiguous-name',
      `"${parsed.data.holder}" fits ${named.fits.length} organisations: ${named.fits.join(', ')}.`,
      'Name the holder by its id.',
    );
  }
  const holder = 'organisation' in named ? named.organisation : parsed.data.holder;
  const found = await readListing(em, listingId);
  if (found === undefined) return refuseMessage('unknown-listing', `No listing ${listingId} is known.`, 'Import the listing first, or check its id.');
  const { values } = await deps.log.policies.current(em, deps.log.clock.now());
  const index = await indexOfHolder(em, holder, values, deps.log.clock.now());
  const rights = rightsOfHolder(holder, found.facts.market, new Set(), index);
  if (rights.length === 0) {
    return refuseMessage(
      'no-right-in-force',
      `${holder} has no right in force in ${found.facts.market}.`,
      'Import the right, or choose the holder whose right it is.',
    );
  }
  const { id, at, by } = command;
  const message = { id, at, by, ...(note !== undefined && { note }) };
  const opening = await prepareOpening(deps, index, values, { origin: 'officer', listing: found, holder, rights, findings: [], message });
  await openCases(deps.log, [opening]);
  return undefined;
}

function byOf(by: z.infer<typeof openingSchema>['by']) {
  const { capacity, person, organisation } = by;
  return { capacity, person, ...(organisation !== undefined && { organisation }) };
}

function refuseMessage(code: string, message: string, cure: string): CommandResult {
  return { kind: 'refused', code, message, cure };
}
