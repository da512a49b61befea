import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyDigest } from '../../domain/policy/policy.ts';
import { type HistoryFile, historyText } from '../../domain/history-file.ts';
import { disclosureDigest } from '../../domain/salted.ts';
import { sha256Hex } from '../../domain/canonical.ts';
import { auditLines } from '../../verifier/report.ts';
import { testDatabase } from '../support/database.ts';
import { aSealedCase, audited, changed, exported, type Loose, rehashed, resealed, story } from './support.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../verifier/main.ts', import.meta.url));
let file: HistoryFile;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'interdict-test-'));
  const db = await testDatabase();
  const { id } = await aSealedCase(db);
  file = await exported(db, id);
  // Everything below works on the file alone.
  await db.close();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a whole file', () => {
  it('holds the story it is to prove', () => {
    expect(story(file)).toEqual([
      'CaseOpened+CaptureRecorded+ConfirmationAsked',
      'Escalated',
      'reason-code-unknown',
      'VerdictGiven+TakedownOrdered',
      'EffectFailed',
      'RetryDue',
      'ListingRemoved+LedgerEntered+CaseSealed',
    ]);
    expect(file.appeals.map(story)).toEqual([['AppealOpened+LedgerVoided+PutBackOrdered', 'ListingRestored+AppealSealed']]);
  });

  it('replays, with its own root as witness, and is told in words', async () => {
    const audit = await audited(file, file.seal?.root);
    expect(audit.broken).toBeNull();
    expect(audit.decisions.map(({ same }) => same)).toEqual(Array(9).fill(true));
    const words = auditLines(audit).join('\n');
    expect(words).toContain('rights-holder of org-a (reviewer-a)');
    expect(words).toContain('gives a verdict, or corrects it: basis image; reason code packaging; verdict counterfeit');
    expect(words).toMatch(/policy {2}confirmation\.escalateAfter = 20 working-hours \[invented default/);
    expect(words).toMatch(/window\.lapse: 24 working-hours from 2025-10-01T09:00:00\.000Z on the calendar DE Europe\/Berlin 09:00-18:00 .* is due/);
    expect(words).toMatch(/waits for effect\.retry at /);
    expect(words).toContain('owes takedown takedown:v2, try 2: listing m:1, marketplace m, reason counterfeit');
    expect(words).toContain('refused (reason-code-unknown)');
    expect(words).toContain('9 decisions come out the same');
  });

  it('replays with node alone, in the sandbox, with nothing else running', async () => {
    const path = join(dir, 'whole.json');
    await writeFile(path, historyText(file));
    const { stdout } = await run(process.execPath, [MAIN, 'replay', path], { env: {} });
    expect(stdout).toContain('9 decisions come out the same');
    const { stdout: json } = await run(process.execPath, [MAIN, 'verify', path, '--json'], { env: {} });
    expect(JSON.parse(json).checks.every((check: { ok: boolean }) => check.ok)).toBe(true);
  });

  it('passes redacted: a disclosure may be left out', async () => {
    const redacted = changed(file, (copy) => {
      copy.disclosures = [];
    });
    const audit = await audited(redacted);
    expect(audit.broken).toBeNull();
    expect(auditLines(audit).join('\n')).toMatch(/rights-holder of org-a \(\(withheld\)\)[\s\S]*are withheld or erased/);
  });

  it('re-decides each decision with the rules that it names', async () => {
    const [digest = '', text = ''] = Object.entries(file.rules)[0] ?? [];
    const newer = `${text}\n// a later version\n`;
    const mixed = resealed(
      changed(file, (copy) => {
        copy.rules = { [digest]: text, [sha256Hex(newer)]: newer };
        for (const { decision } of copy.decisions.slice(3)) decision.rules = sha256Hex(newer);
      }),
    );
    const audit = await audited(mixed);
    expect(audit.broken).toBeNull();
    expect(new Set(audit.decisions.map(({ rules }) => rules)).size).toBe(2);
  });
});

type Change = (copy: Loose) => void;
const decision = (copy: Loose, n: number) => copy.decisions[n - 1].decision;

/** What is changed, which decision is named in the plain copy, and which when every hash, seal and root is made anew (null: only a root from elsewhere tells). */
const TABLE: readonly (readonly [name: string, change: Change, named: number, rewritten: number | null])[] = [
  ['one verdict', (c) => (decision(c, 4).command.verdict = 'unauthorised'), 4, 4],
  ['one deadline', (c) => (decision(c, 1).outcome.due.at = '2025-10-30T09:00:00.000Z'), 1, 1],
  ['one due instant among the facts', (c) => (decision(c, 1).facts.instants['window.lapse'].at = '2025-10-30T09:00:00.000Z'), 1, 1],
  ['one event order', (c) => decision(c, 7).outcome.events.reverse(), 7, 7],
  ['one effect argument', (c) => (decision(c, 4).outcome.owes[0].args.listing = 'm:2'), 4, 4],
  ['one refusal', (c) => (decision(c, 3).outcome = { events: [], due: null, owes: [] }), 3, 3],
  ['the capacity of who acts', (c) => (decision(c, 4).command.by.capacity = 'seller'), 4, 4],
  ['the instant of a decision', (c) => (decision(c, 5).at = '2025-10-05T09:00:00.000Z'), 5, 5],
  ['a removed decision', (c) => c.decisions.splice(3, 1), 4, 4],
  ['a removed last decision', (c) => c.decisions.pop(), 6, 6],
  ['a doubled decision', (c) => c.decisions.splice(4, 0, structuredClone(c.decisions[3])), 5, 5],
  ['two decisions in another order', (c) => c.decisions.splice(3, 2, c.decisions[4], c.decisions[3]), 4, 4],
  ['a removed refusal', (c) => c.decisions.splice(2, 1), 3, null],
  ['who acted', (c) => (decision(c, 4).command.by.organisation = 'org-b'), 4, null],
];

describe('a changed copy', () => {
  it.each(TABLE)('%s: the right decision is named', async (_, change, named) => {
    expect((await audited(changed(file, change))).broken?.at).toEqual({ aggregate: file.aggregate, n: named });
  });

  it.each(TABLE)('%s, hashes made anew: the seal root says so', async (_, change) => {
    const { checks } = await audited(rehashed(changed(file, change)));
    expect(checks.filter(({ ok, check }) => !ok && check === 'seal')).toHaveLength(1);
  });

  it.each(TABLE)('%s, hashes, seal and appeal made anew: deciding again finds it, or the root from elsewhere', async (_, change, __, rewritten) => {
    const rewrittenFile = resealed(changed(file, change));
    const audit = await audited(rewrittenFile);
    expect(audit.broken?.at ?? null).toEqual(rewritten === null ? null : { aggregate: file.aggregate, n: rewritten });
    expect((await audited(rewrittenFile, file.seal?.root)).broken).not.toBeNull();
  });

  it('an appeal: its own decision is named', async () => {
    const appeal = file.appeals[0]?.aggregate;
    const reason = changed(file, (copy) => (copy.appeals[0].decisions[0].decision.outcome.owes[0].args.reason = 'none'));
    expect((await audited(reason)).broken?.at).toEqual({ aggregate: appeal, n: 1 });
    expect((await audited(resealed(reason))).broken).toMatchObject({
      at: { aggregate: appeal, n: 1 },
      what: expect.stringContaining('comes out differently'),
    });
    const other = changed(file, (copy) => (copy.appeals[0].decisions[0].decision.command.of.root = '0'.repeat(64)));
    expect((await audited(rehashed(other))).broken?.at).toEqual({ aggregate: appeal, n: 1 });
  });

  it('a policy document without its digest decides nothing', async () => {
    const edited = changed(file, (copy: Loose) =>
      Object.values<Loose>(copy.policies).forEach((document) => {
        document.version = 99;
      }),
    );
    const { decisions } = await audited(edited);
    expect(decisions.map(({ same, why }) => !same && why?.includes('does not have its digest'))).toEqual(Array(9).fill(true));
  });

  it('a policy value: the document no longer has its digest; under a new digest the decision that used it differs', async () => {
    const change = (copy: Loose): Loose => {
      const [document] = Object.values<Loose>(copy.policies);
      document.verdicts.counterfeit.points.value = 2;
      return document;
    };
    expect((await audited(changed(file, change))).broken).toMatchObject({ at: { n: 1 }, what: expect.stringContaining('policy document') });
    const [was = ''] = Object.keys(file.policies);
    const everywhere = changed(file, (copy) => {
      const digest = policyDigest(change(copy));
      Object.assign(copy, JSON.parse(JSON.stringify(copy).replaceAll(was, digest)));
    });
    expect((await audited(resealed(everywhere))).broken).toMatchObject({ at: { n: 7 }, what: expect.stringContaining('comes out differently') });
  });

  it('a disclosed value: it does not match; under a new digest only the root from elsewhere tells', async () => {
    const change = (copy: Loose): Loose => {
      const all: Loose[] = [copy, ...copy.appeals].flatMap((chain) => chain.disclosures).filter(({ value }) => value === 'S-1');
      for (const disclosure of all) disclosure.value = 'S-2';
      return all[0];
    };
    expect((await audited(changed(file, change))).broken).toMatchObject({
      at: { n: 1 },
      what: expect.stringContaining('not the one that was decided on'),
    });
    const everywhere = changed(file, (copy) => {
      const { digest, salt, value } = change(copy);
      Object.assign(copy, JSON.parse(JSON.stringify(copy).replaceAll(digest, disclosureDigest(salt, value))));
    });
    expect((await audited(rehashed(everywhere))).broken?.what).toContain("seal's root");
    expect((await audited(resealed(everywhere))).broken).toBeNull();
    expect((await audited(resealed(everywhere), file.seal?.root)).broken?.what).toContain('you named the root');
  });

  it('a byte of the rules: the text is not run; under a new digest only the root from elsewhere tells', async () => {
    const [was = '', text = ''] = Object.entries(file.rules)[0] ?? [];
    const byte = changed(file, (copy) => (copy.rules[was] = `${text} `));
    expect((await audited(byte)).broken).toMatchObject({ at: { n: 1 }, what: expect.stringContaining('rules text') });
    expect((await audited(byte)).decisions[0]?.why).toContain('it was not run');
    const yes = 'export const redecide = (all) => all.map((_, i) => ({ n: i + 1, ok: true }));';
    const liar = resealed(
      changed(file, (copy) => {
        Object.assign(copy, JSON.parse(JSON.stringify(copy).replaceAll(was, sha256Hex(yes))));
        copy.rules = { [sha256Hex(yes)]: yes };
        decision(copy, 4).command.verdict = 'unauthorised';
      }),
    );
    expect((await audited(liar)).broken).toBeNull();
    expect((await audited(liar, file.seal?.root)).broken).not.toBeNull();
  });
});

describe('the verifier core', () => {
  it('runs in a page: it bundles for a browser with domain, commands, texts, canonicalize, hashes, zod and the reader of ICU messages only', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const contents = ['audit', 'parse-history', 'report'].map((name) => `export * from './verifier/${name}.ts';`).join('\n');
    const { metafile } = await build({
      stdin: { contents, resolveDir: root },
      absWorkingDir: root,
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      metafile: true,
    });
    const foreign = Object.keys(metafile.inputs).filter(
      (path) =>
        !/^(<stdin>|verifier\/[a-z-]+\.ts|domain\/.*\.ts|commands\/[a-z-]+\.ts|texts\/[a-z-]+\.(ts|json)|node_modules\/(canonicalize|@noble\/hashes|zod|intl-messageformat|@formatjs)\/.*)$/.test(
          path,
        ),
    );
    expect(foreign).toEqual([]);
  });
});
