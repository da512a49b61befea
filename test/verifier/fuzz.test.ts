import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HistoryFile, historyText } from '../../domain/history-file.ts';
import { verifyHistory } from '../../verifier/checks.ts';
import { HistoryFileError } from '../../verifier/json-text.ts';
import { parseHistory } from '../../verifier/parse-history.ts';
import { unproved } from '../../verifier/unproved.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { aSealedCase, changed, exported, type Loose, resealed, withRules } from './support.ts';

let db: TestDatabase;
let file: HistoryFile;

beforeAll(async () => {
  db = await testDatabase();
  // The checks run no rules: with a short text of rules they are many times faster.
  file = withRules(await exported(db, (await aSealedCase(db)).id), 'export const redecide = () => [];');
});
afterAll(() => db?.close());

type Path = readonly (string | number)[];

/** The paths of all values without parts inside a JSON value. */
function leaves(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts = Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, Array.isArray(value) ? Number(key) : key]));
  return parts.length === 0 ? [path] : parts;
}

function at(root: Loose, path: Path): Loose {
  return path.reduce((node: Loose, key) => node[key], root);
}

const CHANGES = ['other', 'null', 'gone', 'added'] as const;

function change(copy: Loose, path: Path, how: (typeof CHANGES)[number], salt: number): void {
  const parent = at(copy, path.slice(0, -1));
  const key = path.at(-1) ?? '';
  const was = parent[key];
  if (how === 'gone') Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key];
  else if (how === 'null') parent[key] = was === null ? 0 : null;
  else if (how === 'added') Array.isArray(parent) ? parent.push(was) : Object.assign(parent, { [`x${salt}`]: was });
  else parent[key] = other(was, salt);
}

function other(was: unknown, salt: number): unknown {
  if (typeof was === 'boolean') return !was;
  if (typeof was === 'number') return was + 1 + salt;
  if (typeof was === 'string' && was !== '') {
    const i = salt % was.length;
    const char = was[i] === '0' ? '1' : '0';
    return `${was.slice(0, i)}${char}${was.slice(i + 1)}`;
  }
  return was === null ? 'something' : `${String(was)}x`;
}

/** What a reader of the file is told; undefined when nothing is found to be wrong. */
function found(copy: HistoryFile, root?: string): string | undefined {
  try {
    return verifyHistory(parseHistory(historyText(copy)), { root }).find(({ ok }) => !ok)?.what;
  } catch (error) {
    if (error instanceof HistoryFileError) return error.message;
    throw error;
  }
}

const anyChange = () =>
  fc.record({ index: fc.nat(), how: fc.constantFrom(...CHANGES), salt: fc.nat(1_000), part: fc.constantFrom('case', 'appeal') });

function withChange(made: { index: number; how: (typeof CHANGES)[number]; salt: number; part: string }): HistoryFile {
  return changed(file, (copy) => {
    const chain = made.part === 'case' ? copy : copy.appeals[0];
    const paths = leaves(chain.decisions, ['decisions']);
    change(chain, paths[made.index % paths.length] ?? [], made.how, made.salt);
  });
}

describe('a single change in the decisions', () => {
  it('nothing is wrong with the file itself', () => {
    expect(found(file, file.seal?.root)).toBeUndefined();
    expect(leaves(file.decisions).length).toBeGreaterThan(200);
  });

  it('every leaf, changed once: found', () => {
    for (const path of leaves(file.decisions, ['decisions'])) {
      const copy = changed(file, (loose) => change(loose, path, 'other', 3));
      expect(found(copy), path.join('.')).toBeDefined();
    }
  });

  it('changed, removed, added or made null at random: found', () => {
    fc.assert(
      fc.property(anyChange(), (made) => found(withChange(made)) !== undefined),
      { seed: 20251001, numRuns: 400 },
    );
  });

  it('with every hash, seal and root made anew: found by a root from elsewhere', () => {
    fc.assert(
      fc.property(anyChange(), (made) => {
        if (made.part === 'appeal') return true;
        let copy: HistoryFile;
        try {
          copy = resealed(withChange(made));
        } catch {
          // So broken that not even its hashes can be made anew.
          return true;
        }
        // Making the hashes anew mends a changed hash: that is the file again.
        return historyText(copy) === historyText(file) || found(copy, file.seal?.root) !== undefined;
      }),
      { seed: 20251002, numRuns: 200 },
    );
  });
});

/** What a file names as not proved, by where it stands in the file: no decision covers it. */
const NAMED: readonly (readonly [path: RegExp, sentence: RegExp])[] = [
  [/^exportedAt$/, /when the file was exported/],
  [/^(appeals\.\d+\.)?seal\.sequence$/, /number of a seal/],
  [/^flow(\.|$)/, /histories of workflows|why histories/],
  [/^noFlow(\.|$)/, /why histories of workflows are missing|histories of workflows/],
  [/^(appeals\.\d+\.)?disclosures\.\d+$/, /which disclosures and appeals were left out/],
  [/^appeals\.\d+$/, /which disclosures and appeals were left out/],
  [/^digest$/, /carries no digest/],
];

describe('a thousand changes anywhere in the file', () => {
  const MUTATIONS = 1_000;
  /** With a workflow's history, so that every part of the form is there. */
  const full = (): Loose => ({
    ...JSON.parse(historyText(file)),
    flow: [{ aggregate: file.aggregate, run: 'r1', history: { events: [{ eventId: '1' }] } }],
  });

  /** Every place, leaves and whole parts, as paths. */
  function places(value: unknown, path: Path = []): readonly Path[] {
    if (typeof value !== 'object' || value === null) return [path];
    const inside = Object.entries(value).flatMap(([key, child]) => places(child, [...path, Array.isArray(value) ? Number(key) : key]));
    return [path, ...inside];
  }

  /** Seeded changes of the text as it is parsed, each with its place and kind; `anew` makes the file's digest fit again. */
  function outcomes(anew: boolean): ReadonlyMap<string, number> {
    const whole = JSON.parse(historyText(full()));
    // Each part of the file in turn, so that the largest does not take all the changes.
    const parts = Object.keys(whole).map((part) => places(whole[part], [part]));
    const found = new Map<string, number>();
    const made = fc.sample(fc.record({ index: fc.nat(), how: fc.constantFrom(...CHANGES), salt: fc.nat(1_000) }), {
      seed: 20261125,
      numRuns: MUTATIONS,
    });
    for (const [turn, { index, how, salt }] of made.entries()) {
      const part = parts[turn % parts.length] ?? [];
      const path = part[index % part.length] ?? [];
      const copy = structuredClone(whole);
      change(copy, path, how, salt);
      const kind = `${path
        .filter((key) => typeof key === 'string')
        .slice(0, 2)
        .join('.')}: ${judge(copy, path, anew)}`;
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
    return found;
  }

  function judge(copy: Loose, path: Path, anew: boolean): 'found' | 'named' | 'MISSED' {
    try {
      const text = anew ? historyText(copy) : JSON.stringify(copy);
      const read = parseHistory(text);
      if (verifyHistory(read).some(({ ok }) => !ok)) return 'found';
      const place = path.join('.');
      const sentence = NAMED.find(([each]) => each.test(place))?.[1];
      if (sentence !== undefined && unproved(read, { root: file.seal?.root }).some((each) => sentence.test(each))) return 'named';
      // The digest made anew undoes a change of the digest itself: that is the file again.
      return anew && text === historyText(full()) ? 'found' : 'MISSED';
    } catch (error) {
      if (error instanceof HistoryFileError || error instanceof TypeError) return 'found';
      throw error;
    }
  }

  it.each([
    ['whose digest stays', false],
    ['whose digest is made anew', true],
  ])('%s: each is found, or what it touches is named as not proved', (name, anew) => {
    const kinds = [...outcomes(anew)].sort(([a], [b]) => a.localeCompare(b));
    process.stdout.write(`${name}\n${kinds.map(([kind, count]) => `  ${kind} ${count}\n`).join('')}`);
    expect(kinds.reduce((sum, [, count]) => sum + count, 0)).toBe(MUTATIONS);
    expect(kinds.filter(([kind]) => kind.endsWith('MISSED'))).toEqual([]);
    // Nothing that is changed alone passes, unless it is the digest that is taken away.
    if (!anew) expect(kinds.filter(([kind]) => kind.endsWith('named') && !kind.startsWith('digest'))).toEqual([]);
  });

  it('a tail cut off together with its seal: named', () => {
    const cut = changed(file, (copy) => {
      copy.decisions.splice(3);
      copy.seal = null;
      copy.appeals = [];
      copy.digest = undefined;
    });
    const read = parseHistory(historyText(cut));
    expect(unproved(read, {})).toEqual(expect.arrayContaining([`that no later decision was cut off: ${file.aggregate} is not sealed`]));
    expect(found(cut, file.seal?.root)).toBeDefined();
  });
});
