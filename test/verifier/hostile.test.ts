import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../domain/canonical.ts';
import { type HistoryFile, historyText } from '../../domain/history-file.ts';
import { redecide } from '../../domain/verify-decisions.ts';
import { readHistoryFile } from '../../verifier/entry/read-file.ts';
import { interpretedRules } from '../../verifier/entry/interpreted-rules.ts';
import { installedParts } from '../../verifier/entry/node-rulebook.ts';
import { HistoryFileError } from '../../verifier/json-text.ts';
import { MOST_BYTES, parseHistory } from '../../verifier/parse-history.ts';
import { auditLines } from '../../verifier/report.ts';
import { printable } from '../../verifier/values.ts';
import { testDatabase } from '../support/database.ts';
import { aSealedCase, audited, changed, exported, resealed } from './support.ts';

let file: HistoryFile;
let text: string;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'interdict-test-'));
  const db = await testDatabase();
  file = await exported(db, (await aSealedCase(db)).id);
  text = historyText(file);
  await db.close();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const CHEATS: readonly (readonly [name: string, bad: () => string, says: RegExp])[] = [
  ['nothing', () => '', /line 1, column 1: not JSON, or cut off/],
  ['half of it', () => text.slice(0, text.length / 2), /not JSON, or cut off\. Get the whole file again/],
  ['a line of 10 MB', () => 'x'.repeat(10_000_000), /the document: not JSON/],
  ['a text of 10 MB inside', () => text.replace('"kind": "case"', `"kind": "${'x'.repeat(10_000_000)}"`), /^kind: /],
  ['10 MB of brackets', () => '['.repeat(10_000_000), /not JSON/],
  ['deep nesting', () => `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /nested deeper than 100/],
  [
    'another format',
    () => text.replace('history.v1', 'history.v2'),
    /format: the format is "interdict\.history\.v2"\. This program reads interdict\.history\.v1/,
  ],
  ['no format', () => '{"a": 1}', /format: the file names no format/],
  ['an array', () => '[]', /format: the file names no format/],
  ['a missing part', () => JSON.stringify({ ...file, decisions: undefined }), /^decisions: missing/],
  ['no decisions', () => JSON.stringify({ ...file, decisions: [] }), /^decisions: /],
  ['an unknown part', () => JSON.stringify({ ...file, more: 1 }), /unknown field "more"/],
  ['an unknown envelope field', () => text.replace('"v": 1,', '"v": 1,\n"w": 2,'), /decisions\.0\.decision: unknown field "w"/],
  ['another envelope version', () => text.replace('"v": 1,', '"v": 2,'), /decisions\.0\.decision\.v: /],
  [
    'a doubled field',
    () => text.replace('"verdict": "counterfeit"', '"verdict": "genuine",\n"verdict": "counterfeit"'),
    /command\.verdict: the field is there twice/,
  ],
  [
    'a doubled field in disguise',
    () => text.replace('"verdict": "counterfeit"', '"verd\\u0069ct": "genuine",\n"verdict": "counterfeit"'),
    /the field is there twice/,
  ],
  ['__proto__', () => text.replace('"v": 1,', '"v": 1,\n"__proto__": {"n": 9},'), /decision\.__proto__: a field may not be called __proto__/],
  ['__proto__ in disguise', () => text.replace('"v": 1,', '"v": 1,\n"__pr\\u006fto__": {"n": 9},'), /may not be called __proto__/],
  ['a number out of range', () => text.replace('"n": 2,', '"n": 1e999,'), /the number 1e999 is not in its exact, shortest form/],
  ['a number in another form', () => text.replace('"n": 2,', '"n": 2.0,'), /the number 2\.0 is not/],
  ['half a character', () => text.replace('"listing": "m:1"', '"listing": "m:\\ud800"'), /half a character/],
  ['an id that is none', () => text.replaceAll(file.aggregate, "case:' or 1=1 --"), /is no aggregate id/],
  ['constructor as a policy', () => JSON.stringify({ ...file, policies: { constructor: {} } }), /^policies\.constructor/],
];

function refusalOf(bad: string): string {
  try {
    parseHistory(bad);
  } catch (error) {
    if (error instanceof HistoryFileError) return `${error.message} ${error.cure}`;
    throw error;
  }
  return 'it was read';
}

describe('a file from anybody', () => {
  it.each(CHEATS)('%s: refused with place, problem and cure', (_, bad, says) => {
    expect(refusalOf(bad())).toMatch(says);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('n');
  });

  it('refuses by size before reading, and what is not UTF-8', async () => {
    expect(() => parseHistory(' '.repeat(MOST_BYTES + 1))).toThrow(/65 MB, more than the 64 MB that are read/);
    const path = join(dir, 'bytes.json');
    await writeFile(path, Uint8Array.of(0x50, 0x4b, 0xff, 0xfe));
    await expect(readHistoryFile(path)).rejects.toThrow(/not UTF-8 text/);
  });

  it('is told without harm to the terminal, however its commands are called', async () => {
    const bad = changed(file, (copy) => {
      copy.decisions[3].decision.command.kind = 'constructor';
      copy.decisions[3].decision.command.by.organisation = '\u001b[2J\u202egro';
    });
    const audit = await audited(bad);
    expect(audit.broken?.at?.n).toBe(4);
    expect(audit.decisions[3]?.why).toContain('cannot decide decision 4');
    const words = auditLines(audit).join('\n');
    expect(words).toContain('\\u001b[2J\\u202egro');
    expect(words).not.toContain('\u001b');
    expect(printable('x'.repeat(1_000))).toHaveLength(401);
  });

  it('names the decision whose recorded events cannot even be folded', async () => {
    const bad = resealed(
      changed(file, (copy) => {
        copy.decisions[1].decision.outcome.events.push({ type: 'CaseSealed' as string, cause: { command: 'x' } });
        copy.decisions[1].decision.outcome.events = [{ type: 'VersionJoined', cause: { command: 'x' } }, null].filter((event) => event !== null);
        copy.decisions[0].decision.outcome.events[0].versions = 7;
        copy.decisions[0].decision.outcome.events[0].rights = 7;
      }),
    );
    expect((await audited(bad)).broken?.at).toEqual({ aggregate: file.aggregate, n: 1 });
  });
});

describe('recorded rules in the interpreter', () => {
  it("give the same answers as in this process, to the recorded rules' last byte", async () => {
    const [[digest = '', own = ''] = []] = Object.entries(file.rules);
    const rules = interpretedRules(own, installedParts());
    for (const chain of [file, ...file.appeals]) {
      expect(JSON.stringify(await rules.redecide(chain.decisions, file.policies))).toBe(JSON.stringify(redecide(chain.decisions, file.policies)));
    }
    expect(sha256Hex(own)).toBe(digest);
    const umlauts = changed(file, (copy) => (copy.decisions[0].decision.command.findings[0].reasons = ['Mütze 𝔘 €']));
    const [first] = await rules.redecide(umlauts.decisions, umlauts.policies);
    expect(first).toEqual(redecide(umlauts.decisions, umlauts.policies)[0]);
    expect(first).toMatchObject({ ok: false, what: expect.stringContaining('Mütze 𝔘 €') });
  });

  it('see the language and what they need, no clock, no zone and no environment', async () => {
    const see = (code: string) => interpretedRules(`export const redecide = () => { throw new Error(${code}); };`, installedParts()).redecide([], {});
    await expect(see('Object.getOwnPropertyNames(globalThis).filter((k) => /^[a-z]/.test(k)).sort().join()')).rejects.toThrow(
      /^Error: decodeURI,decodeURIComponent,encodeURI,encodeURIComponent,escape,eval,globalThis,isFinite,isNaN,parseFloat,parseInt,undefined,unescape$/,
    );
    const clock = 'JSON.stringify([Date.now(), new Date().toISOString(), new Date(2026, 6, 1).getTimezoneOffset(), typeof performance, typeof Intl])';
    await expect(see(clock)).rejects.toThrow('[0,"1970-01-01T00:00:00.000Z",0,"undefined","undefined"]');
  });
});
