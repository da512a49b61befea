import type { OpenCase } from '../domain/case/model.ts';
import { captureListing, type CapturePorts } from './capture.ts';
import { ActivityFailure } from './failures.ts';
import type { Clock } from './ports.ts';

/** What an opener hands to decision 1: the capture's digest with the version captured, or why there is none. */
export interface OpeningCapture {
  readonly capture: OpenCase['capture'];
  readonly version?: string;
}

/**
 * Captures a listing for its opening, before anything is decided. A failed capture is a fact of the opening, not an error: the
 * case owes it from then on.
 */
export async function captureForOpening(
  ports: CapturePorts,
  clock: Clock,
  target: { marketplace: string; listing: string },
): Promise<OpeningCapture> {
  try {
    const captured = await captureListing(ports, clock, target);
    return 'gone' in captured ? { capture: { failed: 'gone' } } : { capture: { digest: captured.digest }, version: captured.version };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { capture: { failed: error.code } };
  }
}
