import { expect, it } from 'vitest';
import { Detector } from '../../domain/policy/detection-policy.ts';
import { sourceOf, valuesOf } from '../../domain/policy/policy.ts';
import { withDetector } from '../../domain/policy/stop-detector.ts';
import { parsePolicy, shippedPolicy } from '../../policies/load.ts';

it('a stopped detector is a new version of the policy with its reason as source, and nothing else of it', async () => {
  const before = await shippedPolicy();
  const stopped = withDetector(before, Detector.priceGap, true, 'stopped by officer: wrong reference prices');
  expect(parsePolicy(JSON.stringify(stopped), 'the policy')).toEqual(stopped);
  expect(stopped.version).toBe(before.version + 1);
  expect(valuesOf(stopped).detection).toEqual({ ...valuesOf(before).detection, stopped: [Detector.priceGap] });
  expect(sourceOf(stopped, 'detection.stopped')).toBe('stopped by officer: wrong reference prices');
  const again = withDetector(stopped, Detector.priceGap, false, 'started again by officer: mended');
  expect([valuesOf(again).detection.stopped, again.version]).toEqual([[], before.version + 2]);
});

it('what is stopped already, or runs already, is no new version', async () => {
  const before = await shippedPolicy();
  expect(withDetector(before, Detector.markUse, false, 'x')).toBe(before);
  const stopped = withDetector(before, Detector.markUse, true, 'x');
  expect(withDetector(stopped, Detector.markUse, true, 'y')).toBe(stopped);
});
