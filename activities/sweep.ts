import { Context } from '@temporalio/activity';
import { canonical, sha256Hex } from '../domain/canonical.ts';
import { examine, withFindings } from '../domain/detection/detect.ts';
import type { DetectionIndex } from '../domain/detection/detection-index.ts';
import { buildDetectionIndex, surveyListing } from '../domain/detection/detection-index.ts';
import { externalFinding } from '../domain/detection/external.ts';
import type { RemovedListing, Suspicion } from '../domain/detection/model.ts';
import { inWords } from '../domain/detection/reasons.ts';
import { remembersSince, removedIndex } from '../domain/detection/stay-down.ts';
import type { AggregateId } from '../domain/ids.ts';
import { Detector } from '../domain/policy/detection-policy.ts';
import type { Instant } from '../domain/instant.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { countDue, dueListings, type ScanFingerprints } from '../store/register/due-listings.ts';
import { ListingRow } from '../store/schema/entities/register.ts';
import { openCases, type Opened, type Opening } from '../store/log/open-cases.ts';
import { work } from '../store/connection/orm.ts';
import { detectionFacts, type KnownListing, knownListing } from '../store/register/listings.ts';
import { removedOf, sellersWithRemovals } from '../store/queries/earlier-removals.ts';
import type { SweepActivities, SweepInput, SweepResult } from '../workflows/contracts.ts';
import { withHeartbeat } from './outage.ts';
import type { ImageHasher } from '../adapters/ports.ts';
import { type OpeningDeps, prepareOpening } from './prepare-opening.ts';
import { advanced, type Progress, progressOf } from './sweep-progress.ts';
import { compareImages, type Examinee, hashReferences, type ImageBudget } from './sweep-images.ts';

export interface SweepDeps extends OpeningDeps {
  readonly images: ImageHasher;
}

const PAGE = 1_000;
/** Openings of one transaction. */
const BATCH = 100;
const CAPTURES_AT_ONCE = 6;

interface Pass {
  readonly deps: SweepDeps;
  readonly marketplace: string;
  readonly policy: PolicyValues;
  readonly index: DetectionIndex;
  /** Version of listing, detectors, policy and register in one: what was scanned with the same is not scanned again. */
  readonly fingerprint: string;
  /** Removals before this are forgotten. */
  readonly remembersSince: Instant;
  readonly images: ImageBudget;
  /** What listings are marked with as this sweep begins: those that are not are due. */
  readonly fingerprints: ScanFingerprints;
  readonly total: number;
}

function resultOf({ cursor: _, looked: __, total: ___, ...result }: Progress): SweepResult {
  return result;
}

/** The sweep: survey, then scan every listing version not scanned under today's register and policy. */
export function createSweepActivities(deps: SweepDeps): SweepActivities {
  return {
    async sweepListings({ marketplace }: SweepInput): Promise<SweepResult> {
      const em = work(deps.log.store);
      const at = deps.log.clock.now();
      const { digest, values } = await deps.log.policies.current(em, at);
      const { cancellationSignal, heartbeat, info } = Context.current();
      await hashReferences({ ...deps, signal: cancellationSignal, alive: () => heartbeat(progressOf(info.heartbeatDetails)) }, em, values);
      const register = await detectionFacts(em);
      const fingerprint = shortDigest([digest, register.digest]);
      const { stayDown, imageMatch } = values.detection;
      const about = { deps, marketplace, policy: values, fingerprint, remembersSince: remembersSince(at, stayDown) };
      const fingerprints = { fingerprint, bySeller: await fingerprintsBySeller(about) };
      const due = await countDue(em, marketplace, fingerprints);
      const before = progressOf(info.heartbeatDetails);
      // Most sweeps find nothing new: they fetch no listing, and survey none.
      if (due === 0) return resultOf(before);
      heartbeat({ ...before, total: before.looked + due });
      const index = buildDetectionIndex(register.facts, values, at);
      for await (const page of pages(deps, marketplace)) for (const { listing } of page) surveyListing(listing.facts, index);
      return scan({
        ...about,
        index,
        fingerprints,
        total: before.looked + due,
        images: { left: imageMatch.mostListings, failures: new Map(), isAway: false },
      });
    },
  };
}

function shortDigest(value: unknown): string {
  return sha256Hex(canonical(value)).slice(0, 16);
}

async function scan(pass: Pass): Promise<SweepResult> {
  const context = Context.current();
  let progress = { ...progressOf(context.info.heartbeatDetails), total: pass.total };
  for await (const page of duePages(pass, progress.cursor)) {
    context.cancellationSignal.throwIfAborted();
    const removed = await removedBySeller(pass, page);
    const fingerprintOf = (listing: KnownListing) => fingerprintFor(pass, removed.get(listing.facts.seller ?? ''));
    const due = page.filter(({ listing, scanned }) => scanned !== `${listing.version}:${fingerprintOf(listing)}`);
    const index = removedIndex([...removed.values()].flat());
    const found = due.map((item) => (isFresh(pass, item) ? examineListing(pass, item.listing, index) : examinedAgain(pass, item.listing, index)));
    const at = progress;
    const deps = { ...pass.deps, signal: context.cancellationSignal, alive: () => context.heartbeat(at) };
    const compared = await compareImages(deps, found, pass.index, pass.policy, pass.images);
    const hits = compared.flatMap(({ listing, suspicions }) => suspicions.filter(({ opens }) => opens).map((suspicion) => ({ listing, suspicion })));
    const opened = await open(pass, hits, progress);
    const done = compared.filter(({ isUnfinished }) => isUnfinished !== true).map(({ listing }) => listing);
    await markScanned(pass, done, fingerprintOf);
    const scanned = due.filter((item) => isFresh(pass, item)).length;
    progress = advanced(
      progress,
      page.at(-1)?.listing.facts.listing ?? progress.cursor,
      { scanned, hits: hits.length, unfinished: due.length - done.length, looked: page.length },
      opened,
    );
    context.heartbeat(progress);
  }
  return resultOf(progress);
}

/** The fingerprints of listings whose sellers' parties had something removed. */
async function fingerprintsBySeller(about: Omit<Pass, 'index' | 'images' | 'fingerprints' | 'total'>): Promise<ReadonlyMap<string, string>> {
  if (about.policy.detection.stopped.includes(Detector.stayDown)) return new Map();
  const em = work(about.deps.log.store);
  const fingerprints = new Map<string, string>();
  const sellers = await sellersWithRemovals(em);
  for (let from = 0; from < sellers.length; from += PAGE) {
    const removed = await removedOf(em, sellers.slice(from, from + PAGE), about.remembersSince);
    for (const [seller, of] of Map.groupBy(removed, ({ seller }) => seller)) fingerprints.set(seller, fingerprintFor(about, of));
  }
  return fingerprints;
}

/** What the parties behind a page's sellers had removed and is still down. */
async function removedBySeller(
  { deps, policy, remembersSince }: Pass,
  page: readonly PageItem[],
): Promise<ReadonlyMap<string, readonly RemovedListing[]>> {
  if (policy.detection.stopped.includes(Detector.stayDown)) return new Map();
  const sellers = new Set(page.flatMap(({ listing }) => listing.facts.seller ?? []));
  return Map.groupBy(await removedOf(work(deps.log.store), [...sellers], remembersSince), ({ seller }) => seller);
}

/** Not scanned in this version under this register and policy: what is known of removals is another matter. */
function isFresh({ fingerprint }: Pass, { listing, scanned }: PageItem): boolean {
  return scanned?.startsWith(`${listing.version}:${fingerprint}`) !== true;
}

/** A further removal makes its party's other listings worth another look; so does one that was overturned. */
function fingerprintFor({ fingerprint }: Pick<Pass, 'fingerprint'>, removed: readonly RemovedListing[] | undefined): string {
  return removed === undefined ? fingerprint : `${fingerprint}:${shortDigest(removed.map((one) => [one.case, one.listing]))}`;
}

interface PageItem {
  readonly listing: KnownListing;
  readonly scanned: string | undefined;
}

/** All listings, for the survey. */
async function* pages(deps: OpeningDeps, marketplace: string): AsyncGenerator<readonly PageItem[]> {
  for (let cursor = ''; ; ) {
    const rows = await work(deps.log.store).find(ListingRow, { marketplace, id: { $gt: cursor } }, { orderBy: { id: 'asc' }, limit: PAGE });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => ({ listing: knownListing(row), scanned: row.scanned ?? undefined }));
    cursor = last.id;
  }
}

/** The listings that were not scanned as they and the register are now. */
async function* duePages({ deps, marketplace, fingerprints }: Pass, after: string): AsyncGenerator<readonly PageItem[]> {
  for (let cursor = after; ; ) {
    const rows = await dueListings(work(deps.log.store), marketplace, fingerprints, cursor, PAGE);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => ({ listing: knownListing(row), scanned: row.scanned ?? undefined }));
    cursor = last.id;
  }
}

/** Our own detectors of words and, where the feed carries one, an outside finding as one more detector. */
function examineListing({ index, policy }: Pass, listing: KnownListing, removed: ReturnType<typeof removedIndex>): Examinee {
  const own = examine(listing.facts, index, policy, removed);
  const outside = listing.suspicion === undefined ? undefined : externalFinding(listing.suspicion, listing.facts, index, policy);
  return { listing, ...own, suspicions: withFindings(own.suspicions, outside === undefined ? [] : [outside], policy.detection) };
}

/** A listing that was scanned before its party's latest removal: only whether it is a near-duplicate is new. */
function examinedAgain(pass: Pass, listing: KnownListing, removed: ReturnType<typeof removedIndex>): Examinee {
  const { suspicions } = examineListing(pass, listing, removed);
  return { listing, suspicions: suspicions.filter(({ linkedTo }) => linkedTo !== undefined) };
}

interface Hit {
  readonly listing: KnownListing;
  readonly suspicion: Suspicion;
}

async function open(pass: Pass, hits: readonly Hit[], progress: Progress): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  for (let from = 0; from < hits.length; from += BATCH) {
    const batch = hits.slice(from, from + BATCH);
    const openings: Opening[] = [];
    for (let at = 0; at < batch.length; at += CAPTURES_AT_ONCE) {
      const hitsNow = batch.slice(at, at + CAPTURES_AT_ONCE);
      // Captures can be slow, longer than a heartbeat may be late where pictures stall.
      openings.push(...(await withHeartbeat(() => Promise.all(hitsNow.map((hit) => openingOf(pass, hit))), progress)));
      Context.current().heartbeat(progress);
    }
    opened.push(...(await openCases(pass.deps.log, openings)));
  }
  return opened;
}

function openingOf({ deps, index, policy }: Pass, { listing, suspicion }: Hit): Promise<Opening> {
  const { holder, rights, linkedTo } = suspicion;
  const findings = suspicion.findings.map((finding) => ({
    detector: finding.detector,
    version: finding.version,
    score: finding.score,
    reasons: [inWords(finding)],
  }));
  // Written by the log as a case's id, and read back from its own row.
  const link = linkedTo === undefined ? {} : { linkedTo: linkedTo as AggregateId };
  return prepareOpening(deps, index, policy, { origin: 'detection', listing, holder, rights, findings, ...link });
}

async function markScanned(pass: Pass, listings: readonly KnownListing[], fingerprintOf: (listing: KnownListing) => string): Promise<void> {
  for (const [fingerprint, of] of Map.groupBy(listings, fingerprintOf)) {
    const ids = of.map((listing) => listing.facts.listing);
    await work(pass.deps.log.store).execute(`update listing set scanned = version || ':' || ? where id in (?)`, [fingerprint, ids]);
  }
}
