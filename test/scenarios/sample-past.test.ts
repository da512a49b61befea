import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveDuration } from '../../calendars/resolve-duration.ts';
import { pastOfSamples, pastStartsAt } from '../../cli/sample-past.ts';
import { epochMs, instant, plusMs } from '../../domain/instant.ts';
import { valuesOf } from '../../domain/policy/policy.ts';
import { shippedPolicy } from '../../policies/load.ts';
import { prepare, runScenario } from '../../scenarios/runner/run.ts';
import { inWords } from '../../scenarios/runner/report.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import { sharedServers } from '../support/servers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AURELUNE = { country: 'FR', zone: 'Europe/Paris', hours: '09:00-17:00' };
const HOUR_MS = 3_600_000;

/** Days on which somebody may start it: a working morning, a Sunday, the last night of a year, the end of a week of holidays in China. */
const STARTS = ['2026-11-25T09:00:00Z', '2026-11-29T15:00:00Z', '2026-12-31T23:30:00Z', '2026-10-08T06:00:00Z', '2027-01-08T10:00:00Z'].map((at) =>
  instant(at),
);

describe('whenever the samples are started', () => {
  it.each(STARTS)('at %s their last case is escalated, and silence does not end it for hours', async (now) => {
    const [story, policy] = [await pastOfSamples(ROOT), await shippedPolicy()];
    const startAt = await pastStartsAt(story, policy, now);
    const opened = plusMs(
      startAt,
      story.scenario.steps.reduce((sum, { after = 0 }) => sum + after, 0),
    );
    const { escalateAfter, lapseAfter } = valuesOf(policy).confirmation;
    expect(resolveDuration(opened, escalateAfter, AURELUNE).at <= now).toBe(true);
    const left = epochMs(resolveDuration(opened, lapseAfter, AURELUNE).at) - epochMs(now);
    expect(left).toBeGreaterThan(3.9 * HOUR_MS);
  });
});

describe('the past of the samples holds', () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await sharedServers();
  });
  afterAll(() => servers?.stop());

  // A Sunday, and the two whose holidays stretch the most.
  it.concurrent.each(STARTS.filter((at) => !at.startsWith('2026-11-25') && !at.startsWith('2026-12-31')))(
    'told for a start at %s',
    { timeout: 240_000 },
    async (now) => {
      const prepared = await prepare(`${ROOT}/samples/past.yaml`);
      const { story, policy } = prepared;
      const startAt = await pastStartsAt(story, policy, now);
      const report = await runScenario(servers, { policy, story: { ...story, scenario: { ...story.scenario, startAt } } });
      expect([report.error, ...report.failed.map((part) => inWords(part, story.file))].filter((words) => words !== undefined)).toEqual([]);
      expect(report.until < now).toBe(true);
    },
  );
});
