import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { canonical, sha256Hex } from '../domain/canonical.ts';
import { combined, detect } from '../domain/detection/detect.ts';
import type { DetectionIndex } from '../domain/detection/detection-index.ts';
import { buildDetectionIndex, surveyListing } from '../domain/detection/detection-index.ts';
import { externalFinding } from '../domain/detection/external.ts';
import type { Suspicion } from '../domain/detection/model.ts';
import { inWords } from '../domain/detection/reasons.ts';
import { riskClassOf } from '../domain/detection/risk.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { calendarOf } from '../store/calendar-of.ts';
import { ListingRow } from '../store/entities/register.ts';
import type { LogContext } from '../store/log-context.ts';
import { openCases, type Opened, type Opening } from '../store/open.ts';
import { type Manager, work } from '../store/orm.ts';
import { detectionFacts, type KnownListing, knownListing } from '../store/register.ts';
import type { SweepInput, SweepResult } from '../workflows/messages.ts';
import type { SweepActivities } from './activities.ts';
import { captureForOpening } from './opening-capture.ts';
import type { MarketplacePort, VaultPort } from './ports.ts';

export interface SweepDeps {
  readonly log: LogContext;
  readonly marketplace: MarketplacePort;
  readonly vault: VaultPort;
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
});
type Progress = z.output<typeof progressSchema>;

interface Pass {
  readonly deps: SweepDeps;
  readonly marketplace: string;
  readonly policy: PolicyValues;
  readonly index: DetectionIndex;
  /** Version of listing, detectors, policy and register in one: what was scanned with the same is not scanned again. */
  readonly mark: string;
}

/** The sweep: survey, then scan every listing version not scanned under today's register and policy. */
export function createSweepActivities(deps: SweepDeps): SweepActivities {
  return {
    async sweepListings({ marketplace }: SweepInput): Promise<SweepResult> {
      const em = work(deps.log.store);
      const at = deps.log.clock.now();
      const { digest, values } = await deps.log.policies.current(em, at);
      const register = await detectionFacts(em);
      const index = buildDetectionIndex(register.facts, values, at);
      for await (const page of pages(deps, marketplace, '')) for (const { listing } of page) surveyListing(listing.facts, index);
      const pass: Pass = { deps, marketplace, policy: values, index, mark: sha256Hex(canonical([digest, register.digest])).slice(0, 16) };
      return scan(pass);
    },
  };
}

async function scan(pass: Pass): Promise<SweepResult> {
  const context = Context.current();
  let progress = progressOf(context.info.heartbeatDetails);
  for await (const page of pages(pass.deps, pass.marketplace, progress.cursor)) {
    context.cancellationSignal.throwIfAborted();
    const fresh = page.filter(({ listing, scanned }) => scanned !== `${listing.version}:${pass.mark}`);
    const openings = fresh.flatMap(({ listing }) => suspicionsOf(pass, listing).map((suspicion) => ({ listing, suspicion })));
    const opened = await open(pass, openings, progress);
    await markScanned(
      pass,
      fresh.map(({ listing }) => listing),
    );
    progress = advanced(progress, page.at(-1)?.listing.facts.listing ?? progress.cursor, fresh.length, openings.length, opened);
    context.heartbeat(progress);
  }
  const { cursor: _, ...result } = progress;
  return result;
}

function progressOf(details: unknown): Progress {
  const parsed = progressSchema.safeParse(details);
  return parsed.success ? parsed.data : { cursor: '', scanned: 0, hits: 0, opened: 0, joined: 0, known: 0, refused: 0 };
}

function advanced(p: Progress, cursor: string, scanned: number, hits: number, opened: readonly Opened[]): Progress {
  const count = (as: Opened['as']) => opened.filter((one) => one.as === as).length;
  return {
    cursor,
    scanned: p.scanned + scanned,
    hits: p.hits + hits,
    opened: p.opened + count('opened'),
    joined: p.joined + count('joined'),
    known: p.known + count('known'),
    refused: p.refused + count('refused'),
  };
}

interface PageItem {
  readonly listing: KnownListing;
  readonly scanned: string | undefined;
}

async function* pages(deps: SweepDeps, marketplace: string, after: string): AsyncGenerator<readonly PageItem[]> {
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

/** Our own detectors and, where the feed carries one, an outside finding as one more detector. */
function suspicionsOf(pass: Pass, listing: KnownListing): readonly Suspicion[] {
  const { index, policy } = pass;
  const own = detect(listing.facts, index, policy);
  const outside = listing.suspicion === undefined ? undefined : externalFinding(listing.suspicion, listing.facts, index, policy);
  const all =
    outside === undefined
      ? own
      : [
          ...own.filter((suspicion) => suspicion.holder !== outside.holder),
          combined([...(own.find((suspicion) => suspicion.holder === outside.holder)?.findings ?? []), outside], policy.detection.openAt),
        ];
  return all.filter((suspicion) => suspicion.opens);
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
      openings.push(...(await Promise.all(batch.slice(at, at + CAPTURES_AT_ONCE).map((hit) => openingOf(pass, hit)))));
      // Captures can be slow: tell the server that this one is alive, with what a retry needs.
      Context.current().heartbeat(progress);
    }
    opened.push(...(await openCases(pass.deps.log, openings)));
  }
  return opened;
}

async function openingOf(pass: Pass, { listing, suspicion }: Hit): Promise<Opening> {
  const { marketplace, market, listing: id, seller } = listing.facts;
  const em: Manager = work(pass.deps.log.store);
  const { capture, version } = await captureForOpening(pass.deps, pass.deps.log.clock, { marketplace, listing: id });
  return {
    origin: 'detection',
    marketplace,
    market,
    listing: id,
    version: version ?? listing.version,
    holder: suspicion.holder,
    rights: suspicion.rights,
    ...(seller !== undefined && { seller }),
    riskClass: riskClassOf(listing.facts, pass.index, pass.policy),
    findings: suspicion.findings.map((finding) => ({
      detector: finding.detector,
      version: finding.version,
      score: finding.score,
      reasons: [inWords(finding)],
    })),
    capture,
    calendar: await calendarOf(em, suspicion.holder, market, pass.policy),
  };
}

async function markScanned(pass: Pass, listings: readonly KnownListing[]): Promise<void> {
  if (listings.length === 0) return;
  const ids = listings.map((listing) => listing.facts.listing);
  await work(pass.deps.log.store).execute(`update listing set scanned = version || ':' || ? where id in (?)`, [pass.mark, ids]);
}
