import { type Examined, withFindings } from '../domain/detection/detect.ts';
import type { DetectionIndex } from '../domain/detection/detection-index.ts';
import { imageFindings, imagesUnread } from '../domain/detection/image-match.ts';
import { Detector } from '../domain/policy/detection-policy.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { keepReferenceImages, type SeenImage, unseenReferenceImages } from '../store/register/reference-images.ts';
import type { Manager } from '../store/connection/orm.ts';
import type { KnownListing } from '../store/register/listings.ts';
import { ActivityFailure, FailureType } from '../adapters/failures.ts';
import type { ImageHasher, MarketplacePort } from '../adapters/ports.ts';

export interface ImageDeps {
  readonly marketplace: MarketplacePort;
  readonly images: ImageHasher;
  readonly signal: AbortSignal;
  /** Says that the sweep is alive: pictures can be slow. */
  readonly alive: () => void;
}

/** Pictures of one listing that are looked at: an honest one shows the goods in the first. */
const MOST_OF_LISTING = 8;
const AT_ONCE = 6;
/** The marketplace gave nothing for the address. */
const NOT_TO_BE_HAD = 'not-to-be-had';

/** Looks at reference pictures for the first time, at most as many as the policy says; those that could not be reached are tried by the next sweep. */
export async function hashReferences(deps: ImageDeps, em: Manager, { detection }: PolicyValues): Promise<void> {
  if (detection.stopped.includes(Detector.imageMatch)) return;
  const addresses = await unseenReferenceImages(em, detection.imageMatch.mostReferences);
  for (let at = 0; at < addresses.length; at += AT_ONCE) {
    const batch = addresses.slice(at, at + AT_ONCE);
    const looked = await Promise.all(batch.map(async (address) => [address, await look(deps, address)] as const));
    const seen = looked.filter((one): one is readonly [string, SeenImage] => !('unreachable' in one[1]));
    await keepReferenceImages(em, new Map(seen));
  }
}

type Looked = SeenImage | { readonly unreachable: string };

/** A picture that cannot be had or read is an answer; trouble on the way may pass. */
async function look({ marketplace, images, signal, alive }: ImageDeps, address: string): Promise<Looked> {
  alive();
  try {
    const bytes = await marketplace.image(address, signal);
    return bytes === undefined ? { refused: NOT_TO_BE_HAD } : await images.hash(bytes);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return error.isTransient ? { unreachable: error.code } : { refused: error.code };
  }
}

/** A listing of the sweep with what its words gave rise to. */
export interface Examinee extends Examined {
  readonly listing: KnownListing;
  /** Its pictures were wanted and could not be looked at, so it has not been examined whole. */
  readonly isUnfinished?: true;
}

/** How many listings' pictures may still be fetched in this sweep, and whose could not be had: one seller's pictures never speak for another's. */
export interface ImageBudget {
  left: number;
  /** Listings with a picture that did not come, by seller. */
  readonly failures: Map<string, number>;
  /** The marketplace itself does not answer: waiting for it again for every listing would take hours. */
  isAway: boolean;
}

/** A seller whose pictures fail so often is not waited for again in this sweep. */
const MOST_FAILURES = 3;

/**
 * Compares the pictures of those listings that the cheap detectors point to with the reference pictures. Nothing is fetched while there are
 * none. What could not be looked at is said in a finding that weighs nothing, and leaves the listing to the next sweep where trying again can help.
 */
export async function compareImages(
  deps: ImageDeps,
  found: readonly Examinee[],
  index: DetectionIndex,
  { detection }: PolicyValues,
  budget: ImageBudget,
): Promise<readonly Examinee[]> {
  if (index.images.length === 0 || detection.stopped.includes(Detector.imageMatch)) return found;
  const pictured = new Set(index.images.map(({ holder }) => holder));
  const isWanted = ({ listing, suspicions, copy }: Examinee): boolean =>
    (listing.facts.images ?? []).length > 0 &&
    (copy !== undefined || suspicions.some(({ holder, score }) => score >= detection.imageMatch.fetchFrom && pictured.has(holder)));
  const compared: Examinee[] = [];
  for (const examinee of found) {
    if (!isWanted(examinee)) {
      compared.push(examinee);
      continue;
    }
    const looked = await lookWithin(deps, examinee, budget);
    compared.push(joined(examinee, looked, index, detection));
  }
  return compared;
}

async function lookWithin(deps: ImageDeps, { listing }: Examinee, budget: ImageBudget): Promise<readonly Looked[]> {
  if (budget.left <= 0) return [{ unreachable: 'limit-of-the-sweep' }];
  const { seller, listing: id, images = [] } = listing.facts;
  const whose = seller ?? id;
  const failures = budget.failures.get(whose) ?? 0;
  if (budget.isAway || failures >= MOST_FAILURES) return [{ unreachable: FailureType.marketplaceUnavailable }];
  budget.left -= 1;
  const looked = await lookAtAll(deps, images);
  if (looked.some((one) => 'unreachable' in one)) {
    budget.failures.set(whose, failures + 1);
    budget.isAway = !(await deps.marketplace.answersFor(id, deps.signal));
  }
  return looked;
}

function joined(examinee: Examinee, looked: readonly Looked[], index: DetectionIndex, detection: PolicyValues['detection']): Examinee {
  const { listing, suspicions } = examinee;
  const hashes = looked.flatMap((one) => ('hash' in one ? [one.hash] : []));
  const unreachable = looked.find((one) => 'unreachable' in one);
  const matches = imageFindings(listing.facts, hashes, examinee, index, detection);
  const refused = looked.find((one) => 'refused' in one);
  const why = unreachable?.unreachable ?? refused?.refused;
  const notes = hashes.length > 0 || why === undefined ? [] : suspicions.map((suspicion) => imagesUnread(suspicion, why));
  return {
    ...examinee,
    suspicions: withFindings(suspicions, [...matches, ...notes], detection),
    ...(unreachable !== undefined && { isUnfinished: true as const }),
  };
}

/** One after the other; one that does not come says nothing about those behind it. */
async function lookAtAll(deps: ImageDeps, addresses: readonly string[]): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const address of addresses.slice(0, MOST_OF_LISTING)) looked.push(await look(deps, address));
  return looked;
}
