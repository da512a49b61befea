import { z } from 'zod';
import { type OpeningDeps, prepareOpening } from '../activities/prepare-opening.ts';
import { Capacity } from '../domain/aggregate.ts';
import { rightsOfHolder } from '../domain/detection/detection-index.ts';
import type { Instant } from '../domain/instant.ts';
import type { CommandResult } from '../store/schema/entities/log.ts';
import { InboxRow } from '../store/schema/entities/log.ts';
import { PersonRow } from '../store/schema/entities/register.ts';
import { disclosed } from '../store/log/disclosures.ts';
import { answerRow } from '../store/log/advance.ts';
import { organisationBy } from '../store/register/organisation-names.ts';
import { openCases } from '../store/log/open-cases.ts';
import { type Manager, work } from '../store/connection/orm.ts';
import { indexOfHolder, readListing } from '../store/register/listings.ts';
import { referralIntake, wantsReferral } from './referral-intake.ts';

const salted = z.strictObject({ '...': z.string() });
const openingSchema = z.object({
  kind: z.literal('openCase'),
  by: z.object({ capacity: z.literal(Capacity.governance), person: salted, organisation: z.string().optional() }),
  listing: z.string(),
  holder: z.string(),
  note: salted.optional(),
});

/** Answers one message to intake: captures the listing, then opens the case or gives the live one, or refuses with a cure. */
export async function intake(deps: OpeningDeps, messageId: string): Promise<void> {
  const em = work(deps.log.store);
  const row = await em.findOne(InboxRow, { id: messageId, answer: null }, { disableIdentityMap: true });
  if (row === null) return;
  if (wantsReferral(row)) return referralIntake(deps.log, row);
  const refusal = await open(deps, em, row);
  if (refusal !== undefined) await answerRow(em, messageId, refusal, deps.log.clock.now());
}

async function open(deps: OpeningDeps, em: Manager, row: InboxRow): Promise<CommandResult | undefined> {
  const parsed = openingSchema.safeParse(row.content);
  if (!parsed.success) return refuseMessage('wrong-capacity', 'Only a governance officer opens a case by hand.', 'Ask an officer, or file a notice.');
  const { by, listing: listingId, note } = parsed.data;
  const named = await organisationBy(em, parsed.data.holder);
  if ('fits' in named && named.fits.length > 1) {
    return refuseMessage(
      'ambiguous-name',
      `"${parsed.data.holder}" fits ${named.fits.length} organisations: ${named.fits.join(', ')}.`,
      'Name the holder by its id.',
    );
  }
  const holder = 'organisation' in named ? named.organisation : parsed.data.holder;
  const person = await em.findOne(PersonRow, { id: (await disclosed(em, by.person)) ?? '' }, { disableIdentityMap: true });
  if (person?.role !== 'governance-officer')
    return refuseMessage('no-mandate', 'You hold no mandate as a governance officer.', 'Have the platform name you.');
  if (person.revokedAt != null && person.revokedAt <= row.receivedAt) {
    return refuseMessage('mandate-revoked', 'Your mandate had ended.', 'Have the platform renew it.');
  }
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
  const message = { id: row.id, at: row.receivedAt as Instant, by: byOf(by), ...(note !== undefined && { note }) };
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
