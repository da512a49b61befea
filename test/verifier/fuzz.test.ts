import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HistoryFile, historyText } from '../../domain/history-file.ts';
import { verifyHistory } from '../../verifier/checks.ts';
import { HistoryFileError } from '../../verifier/json-text.ts';
import { parseHistory } from '../../verifier/parse-history.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { aSealedCase, changed, exported, type Loose, resealed } from './support.ts';

let db: TestDatabase;
let file: HistoryFile;

beforeAll(async () => {
  db = await testDatabase();
  file = await exported(db, (await aSealedCase(db)).id);
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
