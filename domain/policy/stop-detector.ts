import type { Detector } from './detection-policy.ts';
import { type PolicyDocument, valuesOf } from './policy.ts';

/**
 * The next version of a policy, in which one detector is stopped or started again; the document itself where it is so already.
 * `why` becomes the source of the value: who did it, and for what reason.
 */
export function withDetector(document: PolicyDocument, detector: Detector, isStopped: boolean, why: string): PolicyDocument {
  const { stopped } = valuesOf(document).detection;
  if (stopped.includes(detector) === isStopped) return document;
  const value = isStopped ? [...stopped, detector].sort() : stopped.filter((each) => each !== detector);
  const detection = document['detection'] as Readonly<Record<string, unknown>>;
  return { ...document, version: document.version + 1, detection: { ...detection, stopped: { value, source: why } } };
}
