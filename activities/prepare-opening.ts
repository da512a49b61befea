import type { DetectionIndex } from '../domain/detection/detection-index.ts';
import { riskClassOf } from '../domain/detection/risk.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';
import { calendarOf } from '../store/register/calendar-of.ts';
import type { LogContext } from '../store/log/context.ts';
import type { Opening } from '../store/log/open-cases.ts';
import { work } from '../store/connection/orm.ts';
import type { KnownListing } from '../store/register/listings.ts';
import { captureListing, type CapturePorts } from './capture.ts';
import { ActivityFailure } from '../adapters/failures.ts';

/** What opening a case works with. */
export interface OpeningDeps extends CapturePorts {
  readonly log: LogContext;
}

/** What an opener has found: a listing, one holder, and why. */
export interface Found extends Pick<Opening, 'origin' | 'holder' | 'rights' | 'findings' | 'linkedTo' | 'message'> {
  readonly listing: KnownListing;
}

/** Captures the listing and puts together what decision 1 is made from. A capture that fails is a fact of the opening. */
export async function prepareOpening(deps: OpeningDeps, index: DetectionIndex, policy: PolicyValues, found: Found): Promise<Opening> {
  const { listing: known, ...what } = found;
  const { marketplace, market, listing, seller } = known.facts;
  const captured = await captureForOpening(deps, { marketplace, listing });
  return {
    ...what,
    marketplace,
    market,
    listing,
    version: captured.version ?? known.version,
    ...(seller !== undefined && { seller }),
    riskClass: riskClassOf(known.facts, index, policy, what.linkedTo !== undefined),
    capture: captured.capture,
    calendar: await calendarOf(work(deps.log.store), what.holder, market, policy),
  };
}

/** The capture's digest with the version captured, or why there is none: the case owes it from then on. */
async function captureForOpening(
  deps: OpeningDeps,
  target: { marketplace: string; listing: string },
): Promise<{ readonly capture: Opening['capture']; readonly version?: string }> {
  try {
    const captured = await captureListing(deps, deps.log.clock, target);
    return 'gone' in captured ? { capture: { failed: 'gone' } } : { capture: { digest: captured.digest }, version: captured.version };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { capture: { failed: error.code } };
  }
}
