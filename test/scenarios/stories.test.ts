import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prepared } from '../../scenarios/runner/run.ts';
import { prepare, runScenario, runScenarios, storyFiles } from '../../scenarios/runner/run.ts';
import { inWords } from '../../scenarios/runner/report.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import { parseStory } from '../../scenarios/runner/document.ts';
import { policyOf } from '../../scenarios/runner/policy.ts';
import { sharedServers } from '../support/servers.ts';

const FOLDER = fileURLToPath(new URL('../../scenarios', import.meta.url));
const STORIES = await storyFiles([FOLDER]);

let servers: Servers;
beforeAll(async () => {
  servers = await sharedServers();
});
afterAll(() => servers?.stop());

describe('the stories hold on the real stack', () => {
  it('and there are many of them', () => {
    expect(STORIES.length).toBeGreaterThanOrEqual(30);
  });

  // A story mostly waits for its servers: several are told at once, each on a database, in a namespace and with a clock of its own.
  it.concurrent.each(STORIES)('%s', { timeout: 240_000 }, async (file) => {
    const report = await runScenario(servers, await prepare(file));
    const wrong = report.failed.map((part) => inWords(part, file));
    expect([report.error, ...wrong].filter((words) => words !== undefined)).toEqual([]);
    expect(report.ok).toBe(true);
  });
});

const WRONG = `
name: wrong
given:
  listings: [{ listing_id: 'bazaar:1', market: DE, title: Watch, seller_id: S }]
  people: [{ id: officer, name: O, role: governance-officer }]
steps:
  - who: officer
    does: open
    listing: bazaar:1
    holder: org-nobody
    reason: Nobody has a right here.
  - does: wait
    after: 1 hour
    expect:
      - listing: bazaar:1
        status: removed
      - cases: {}
        count: 7
expect:
  - mails: { to: somebody@else.test }
  - listing: bazaar:1
    status: live
`;

async function fromText(text: string): Promise<Prepared> {
  const story = parseStory(text, 'wrong.yaml');
  return { story, policy: await policyOf(story) };
}

describe('the checker can fail', () => {
  it('names each wrong step and expectation with its place, what was expected and what was found', async () => {
    const report = await runScenario(servers, await fromText(WRONG));
    expect(report.ok).toBe(false);
    expect(report.failed.map((part) => inWords(part, 'wrong.yaml').replaceAll(/\s+/g, ' ').trim())).toEqual([
      expect.stringContaining('FAILED wrong.yaml:7: expected that it is done, got refused (no-right-in-force)'),
      expect.stringContaining('FAILED wrong.yaml:16: listing bazaar:1: status expected removed got live'),
      expect.stringContaining('FAILED wrong.yaml:18: cases : count expected 7 got 0'),
      expect.stringContaining('FAILED wrong.yaml:20: mails somebody@else.test: mails expected at least one got 0'),
    ]);
  });

  it('ends a story that goes back in time, and only that one', async () => {
    const report = await runScenario(servers, await fromText('name: back\nsteps:\n  - does: wait\n    at: 2020-01-01T00:00:00Z\n'));
    expect(report).toMatchObject({ ok: false, error: expect.stringContaining('line 4: the step is to happen at 2020-01-01') });
  });

  it('runs nothing when a document is wrong, and says so with the exit code of wrong usage', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'interdict-story-'));
    try {
      writeFileSync(join(dir, 'a.yaml'), 'name: fine\nsteps: []\n');
      writeFileSync(join(dir, 'b.yaml'), 'name: broken\nsteps:\n  - does: nothing\n');
      const said: string[] = [];
      const out: unknown[] = [];
      const io = { json: true, out: (value: unknown) => void out.push(value), say: (text: string) => void said.push(text) };
      expect(await runScenarios([dir], io)).toBe(2);
      expect(said.join('\n')).toContain('b.yaml:3: there is no operation "nothing"');
      expect(out).toEqual([expect.objectContaining({ type: 'wrong-document' })]);
      expect(await runScenarios([join(dir, 'absent.yaml')], io)).toBe(2);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
