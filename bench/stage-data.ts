import { directoryVault } from '../adapters/directory-vault.ts';
import { httpMarketplace } from '../adapters/marketplace-http.ts';
import { captureListing } from '../activities/capture.ts';
import { systemClock } from '../worker/system-clock.ts';
import { listingVersion } from '../domain/listing-version.ts';
import type { PolicyDocument } from '../domain/policy/policy.ts';
import { shippedPolicy } from '../policies/load.ts';
import { writeRows } from '../store/register/imports/write.ts';
import type { Opening } from '../store/log/open-cases.ts';
import { work } from '../store/connection/orm.ts';
import type { Stage } from './stage.ts';

export const MARKETPLACE = 'm';
export const HOLDER = 'org-a';
export const REVIEWER = 'reviewer-a';
export const OFFICER = 'officer';
export const LIAISON = 'liaison';
export const RECIPIENT = 'police';

/** One listing of the made-up brand; every one is another page by another seller. */
export function listingOf(number: number) {
  return {
    listing: `${MARKETPLACE}:${number}`,
    marketplace: MARKETPLACE,
    market: 'DE',
    title: `Aurelia watch replica ${number}`,
    seller: `S-${number}`,
    images: [] as readonly string[],
  };
}

/** Mail of a listing's seller, where sellers have any. */
export async function writeSellers(stage: Stage, from: number, to: number): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, at) => ({ seller: `S-${from + at}`, mail: `seller-${from + at}@shop.example` }));
  for (let at = 0; at < rows.length; at += 1_000) await writeRows(work(stage.store), 'sellers', rows.slice(at, at + 1_000), systemClock);
}

/** A made-up brand with one right and mail, its reviewer, and an officer. */
export async function writeRegister(stage: Stage): Promise<void> {
  const em = work(stage.store);
  await writeRows(
    em,
    'organisations',
    [{ id: HOLDER, name: 'Aurelia', kind: 'rights-holder', aliases: [], zone: 'Europe/Berlin', hours: '09:00-18:00', mail: 'brand@aurelia.example' }],
    systemClock,
  );
  await writeRows(
    em,
    'rights',
    [
      {
        right: 'R1',
        jurisdiction: 'DE',
        rightType: 'trademark',
        status: 'Live / Registered',
        markText: 'AURELIA',
        niceClasses: ['014'],
        owner: 'Aurelia',
        observedAt: new Date().toISOString().slice(0, 7),
      },
    ],
    systemClock,
  );
  await writeRows(
    em,
    'people',
    [
      { id: REVIEWER, name: 'Rev', role: 'brand-reviewer', organisations: [HOLDER], duty: [] },
      { id: OFFICER, name: 'Off', role: 'governance-officer', organisations: [], duty: [] },
    ],
    systemClock,
  );
}

/** Puts listings `from` up to but not `to` on the marketplace and into the register. */
export async function writeListings(stage: Stage, from: number, to: number, withImages = false): Promise<void> {
  const images = (number: number) => (withImages ? [`${stage.marketplace.url}/images/generated-${number}.png`] : []);
  const rows = Array.from({ length: to - from }, (_, at) => ({ ...listingOf(from + at), images: images(from + at) }));
  for (let at = 0; at < rows.length; at += 1_000) {
    const page = rows.slice(at, at + 1_000);
    await writeRows(work(stage.store), 'listings', page, systemClock);
    await putListings(stage, page);
  }
}

async function putListings(stage: Stage, rows: readonly ReturnType<typeof listingOf>[]): Promise<void> {
  const listings = rows.map(({ listing, ...rest }) => ({ id: listing, ...rest }));
  const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ listings }) };
  const reply = await fetch(`${stage.marketplace.url}/admin/listings`, init);
  if (!reply.ok) throw new Error(`the marketplace does not take the listings: ${reply.status} ${await reply.text()}`);
}

/** What a sweep would open for a listing, without the capture being made. */
export function openingOf(number: number): Opening {
  const { listing, marketplace, market, seller, ...content } = listingOf(number);
  return {
    origin: 'detection',
    marketplace,
    market,
    listing,
    version: listingVersion(content),
    holder: HOLDER,
    rights: ['R1'],
    seller,
    riskClass: 'standard',
    findings: [{ detector: 'mark-use', version: 1, score: 0.9, reasons: ['the title uses the mark'] }],
    capture: { digest: `sha256:${'0'.repeat(64)}` },
    calendar: { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' },
  };
}

/** The same with a capture in the vault: what goes into packets. */
export async function capturedOpeningOf(stage: Stage, number: number): Promise<Opening> {
  const ports = { marketplace: httpMarketplace({ baseUrl: stage.marketplace.url }), vault: directoryVault({ dir: stage.places.vaultDir }) };
  const opening = openingOf(number);
  const captured = await captureListing(ports, systemClock, opening);
  if ('gone' in captured) throw new Error(`the marketplace does not know ${opening.listing}`);
  return { ...opening, version: captured.version, capture: { digest: captured.digest } };
}

/** The shipped policy with other durations: windows and retries in seconds, so that real timers can be waited for. */
export async function quickPolicy(seconds: { escalateAfter: number; lapseAfter: number; retryAfter?: number }): Promise<PolicyDocument> {
  const shipped = await shippedPolicy();
  const lasting = (s: number) => ({ value: { n: s / 60, unit: 'minutes' }, source: 'made up for a test or a benchmark' });
  const { escalateAfter, lapseAfter, retryAfter = 900 } = seconds;
  const retries = { retryAfter: { value: [{ n: retryAfter / 60, unit: 'minutes' }], source: 'made up for a test or a benchmark' } };
  return {
    ...shipped,
    name: 'quick',
    confirmation: { ...(shipped['confirmation'] as object), escalateAfter: lasting(escalateAfter), lapseAfter: lasting(lapseAfter) },
    takedown: retries,
    putBack: retries,
  };
}

/** Quick, and every finding counts at once: the first step is a closure that an officer approves, one case is referred. */
export async function strictPolicy(seconds: Parameters<typeof quickPolicy>[0]): Promise<PolicyDocument> {
  const quick = await quickPolicy(seconds);
  const made = (value: unknown) => ({ value, source: 'made up for a test' });
  const steps = made([{ points: 24, measure: 'close-shop' }]);
  const police = { cases: made(1), legalBasis: made('a test') };
  return {
    ...quick,
    name: 'strict',
    ledger: { ...(quick['ledger'] as object), countsAfter: made({ n: 0.001, unit: 'minutes' }), steps },
    referrals: { ...(quick['referrals'] as object), profiles: { police } },
  };
}

/** An authority that takes referrals, and who deals with it. */
export async function writeAuthority(stage: Stage): Promise<void> {
  const em = work(stage.store);
  const mail = 'fraud@police.example';
  const recipient = { id: RECIPIENT, name: 'Police', mail, country: 'DE', markets: ['DE'], takes: [], language: 'de', profiles: ['police'] };
  await writeRows(em, 'recipients', [recipient], systemClock);
  const liaison = { id: LIAISON, name: 'Lia', role: 'authority-liaison', mail: 'liaison@platform.example' } as const;
  await writeRows(em, 'people', [{ ...liaison, organisations: [], duty: [] }], systemClock);
}
