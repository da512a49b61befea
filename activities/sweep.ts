import { Context } from '@temporalio/activity';
import { z } from 'zod';
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
import { ListingRow } from '../store/entities/register.ts';
import { openCases, type Opened, type Opening } from '../store/open.ts';
import { work } from '../store/orm.ts';
import { detectionFacts, type KnownListing, knownListing } from '../store/register.ts';
import { removedOf } from '../store/removed.ts';
import type { SweepInput, SweepResult } from '../workflows/messages.ts';
import type { SweepActivities } from './activities.ts';
import { withHeartbeat } from './outage.ts';
import type { ImageHasher } from './ports.ts';
import { type OpeningDeps, prepareOpening } from './prepare-opening.ts';
import { compareImages, type Examinee, hashReferences, type ImageBudget } from './sweep-images.ts';

export interface SweepDeps extends OpeningDeps {
  readonly images: ImageHasher;
}

const PAGE = 1_000;
/** Openings of one transaction. */
const BATCH = 100;
const CAPTURES_AT_ONCE = 6;

/** What a sweep has done so far; travels in the heartbeat, so that a retry goes on where the last one died. */
const progressSchema = z.object({
  cursor: z.string(),
  scanned: z.int(),
  hits: z.int(),
  opened: z.int(),
  joined: z.int(),
  known: z.int(),
  refused: z.int(),
  unfinished: z.int(),
});
type Progress = z.output<typeof progressSchema>;

interface Pass {
  readonly deps: SweepDeps;
  readonly marketplace: string;
  readonly policy: PolicyValues;
  readonly index: DetectionIndex;
  /** Version of listing, detectors, policy and register in one: what was scanned with the same is not scanned again. */
  readonly mark: string;
  /** Removals before this are forgotten. */
  readonly remembersSince: Instant;
  readonly images: ImageBudget;
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
      const index = buildDetectionIndex(register.facts, values, at);
      for await (const page of pages(deps, marketplace, '')) for (const { listing } of page) surveyListing(listing.facts, index);
      const mark = shortDigest([digest, register.digest]);
      const { stayDown, imageMatch } = values.detection;
      return scan({
        deps,
        marketplace,
        policy: values,
        index,
        mark,
        remembersSince: remembersSince(at, stayDown),
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
  let progress = progressOf(context.info.heartbeatDetails);
  for await (const page of pages(pass.deps, pass.marketplace, progress.cursor)) {
    context.cancellationSignal.throwIfAborted();
    const removed = await removedBySeller(pass, page);
    const markOf = (listing: KnownListing) => markFor(pass, removed.get(listing.facts.seller ?? ''));
    const due = page.filter(({ listing, scanned }) => scanned !== `${listing.version}:${markOf(listing)}`);
    const index = removedIndex([...removed.values()].flat());
    const found = due.map((item) => (isFresh(pass, item) ? examined(pass, item.listing, index) : examinedAgain(pass, item.listing, index)));
    const at = progress;
    const deps = { ...pass.deps, signal: context.cancellationSignal, alive: () => context.heartbeat(at) };
    const compared = await compareImages(deps, found, pass.index, pass.policy, pass.images);
    const hits = compared.flatMap(({ listing, suspicions }) => suspicions.filter(({ opens }) => opens).map((suspicion) => ({ listing, suspicion })));
    const opened = await open(pass, hits, progress);
    const done = compared.filter(({ isUnfinished }) => isUnfinished !== true).map(({ listing }) => listing);
    await markScanned(pass, done, markOf);
    const scanned = due.filter((item) => isFresh(pass, item)).length;
    progress = advanced(
      progress,
      page.at(-1)?.listing.facts.listing ?? progress.cursor,
      { scanned, hits: hits.length, unfinished: due.length - done.length },
      opened,
    );
    context.heartbeat(progress);
  }
  const { cursor: _, ...result } = progress;
  return result;
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
function isFresh({ mark }: Pass, { listing, scanned }: PageItem): boolean {
  return scanned?.startsWith(`${listing.version}:${mark}`) !== true;
}

/** A further removal makes its party's other listings worth another look; so does one that was overturned. */
function markFor({ mark }: Pass, removed: readonly RemovedListing[] | undefined): string {
  return removed === undefined ? mark : `${mark}:${shortDigest(removed.map((one) => [one.case, one.listing]))}`;
}

function progressOf(details: unknown): Progress {
  const parsed = progressSchema.safeParse(details);
  return parsed.success ? parsed.data : { cursor: '', scanned: 0, hits: 0, opened: 0, joined: 0, known: 0, refused: 0, unfinished: 0 };
}

type Step = Pick<Progress, 'scanned' | 'hits' | 'unfinished'>;

function advanced(p: Progress, cursor: string, step: Step, opened: readonly Opened[]): Progress {
  const count = (as: Opened['as']) => opened.filter((one) => one.as === as).length;
  return {
    cursor,
    scanned: p.scanned + step.scanned,
    hits: p.hits + step.hits,
    opened: p.opened + count('opened'),
    joined: p.joined + count('joined'),
    known: p.known + count('known'),
    refused: p.refused + count('refused'),
    unfinished: p.unfinished + step.unfinished,
  };
}

interface PageItem {
  readonly listing: KnownListing;
  readonly scanned: string | undefined;
}

async function* pages(deps: OpeningDeps, marketplace: string, after: string): AsyncGenerator<readonly PageItem[]> {
  for (let cursor = after; ; ) {
    const rows = await work(deps.log.store).find(
      ListingRow,
      { marketplace, id: { $gt: cursor } },
      { orderBy: { id: 'asc' }, limit: PAGE, disableIdentityMap: true },
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => ({ listing: knownListing(row), scanned: row.scanned ?? undefined }));
    cursor = last.id;
  }
}

/** Our own detectors of words and, where the feed carries one, an outside finding as one more detector. */
function examined({ index, policy }: Pass, listing: KnownListing, removed: ReturnType<typeof removedIndex>): Examinee {
  const own = examine(listing.facts, index, policy, removed);
  const outside = listing.suspicion === undefined ? undefined : externalFinding(listing.suspicion, listing.facts, index, policy);
  return { listing, ...own, suspicions: withFindings(own.suspicions, outside === undefined ? [] : [outside], policy.detection) };
}

/** A listing that was scanned before its party's latest removal: only whether it is a near-duplicate is new. */
function examinedAgain(pass: Pass, listing: KnownListing, removed: ReturnType<typeof removedIndex>): Examinee {
  const { suspicions } = examined(pass, listing, removed);
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

async function markScanned(pass: Pass, listings: readonly KnownListing[], markOf: (listing: KnownListing) => string): Promise<void> {
  for (const [mark, of] of Map.groupBy(listings, markOf)) {
    const ids = of.map((listing) => listing.facts.listing);
    await work(pass.deps.log.store).execute(`update listing set scanned = version || ':' || ? where id in (?)`, [mark, ids]);
  }
}
