import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bagFile, type BagFile } from '../../adapters/packet/zip-bag.ts';
import { BagPath } from '../../domain/packet/bag.ts';
import { PacketPath } from '../../domain/packet/paths.ts';
import { CENTRAL_BYTES, END_BYTES, LOCAL_BYTES } from '../../domain/packet/zip-layout.ts';
import { readPacketFiles } from '../../verifier/packet/zip-file.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { aCase, aRegister, build, bytesOf, remadePacket, sourceOf, subjectOf, tempFolder, unpack, vaultIn, verify } from './support.ts';

let db: TestDatabase;
let folder: Awaited<ReturnType<typeof tempFolder>>;
let whole: Buffer;

beforeAll(async () => {
  db = await testDatabase();
  folder = await tempFolder();
  const vault = vaultIn(folder.dir);
  await aRegister(db);
  const { id } = await aCase(db, vault, 'm:1');
  const report = {
    kind: 'examination',
    digest: await vault.put(Buffer.from('%PDF report')),
    title: 'Report 7',
    about: id,
    extension: 'pdf',
  } as const;
  whole = await bytesOf(await build(vault, await subjectOf(db, [id], { documents: [report] })));
});
afterAll(async () => {
  await folder?.remove();
  await db?.close();
});

function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
  return copy;
}

/** A few places of each file: the first, the last, and some between. */
function placesIn(offset: number, size: number): readonly number[] {
  return [...new Set([0, 1, 7, Math.floor(size / 3), Math.floor(size / 2), size - 1])].filter((at) => at >= 0 && at < size).map((at) => offset + at);
}

describe('one byte of a packet flipped', () => {
  it('in any file: broken, and the file is named', async () => {
    const { entries } = await readPacketFiles(sourceOf(whole));
    expect(entries.length).toBeGreaterThan(15);
    for (const { path, offset, size } of entries) {
      for (const at of placesIn(offset, size)) {
        const { broken } = await verify(flipped(whole, at));
        expect([path, at, broken]).toEqual([path, at, expect.stringContaining(path)]);
      }
    }
  });

  it('anywhere between, before and after the files: broken', async () => {
    const { entries, folder: name } = await readPacketFiles(sourceOf(whole));
    const inside = new Set(entries.flatMap(({ offset, size }) => Array.from({ length: size }, (_, index) => offset + index)));
    const outside = Array.from({ length: whole.length }, (_, at) => at).filter((at) => !inside.has(at));
    const names = entries.reduce((sum, { path }) => sum + path.length + name.length + 1, 0);
    expect(outside).toHaveLength(entries.length * (LOCAL_BYTES + CENTRAL_BYTES) + 2 * names + END_BYTES);
    for (const at of outside) await expect(readPacketFiles(sourceOf(flipped(whole, at))), `byte ${at}`).rejects.toThrow(/./);
  });

  it('cut off or lengthened anywhere: broken', async () => {
    for (const length of [0, 1, 21, 22, 1_000, whole.length - 1]) expect((await verify(whole.subarray(0, length))).broken).toBeDefined();
    for (const more of [Buffer.concat([whole, Buffer.from('x')]), Buffer.concat([Buffer.from('x'), whole]), Buffer.concat([whole, whole])]) {
      expect((await verify(more)).broken).toBeDefined();
    }
  });
});

describe('a packet that somebody made anew, with fitting sums', () => {
  const remade = (change: (files: Map<string, Buffer>) => void, plain?: (files: readonly BagFile[]) => readonly BagFile[]) =>
    remadePacket(whole, change, plain);

  const caseOf = (files: Map<string, Buffer>) => [...files.keys()].find((path) => path.startsWith(PacketPath.cases)) ?? '';
  const edit = (path: (files: Map<string, Buffer>) => string, from: string | RegExp, to: string) => (files: Map<string, Buffer>) => {
    const name = path(files);
    const before = files.get(name)?.toString() ?? '';
    const after = before.replace(from, to);
    if (after === before) throw new Error(`nothing to change in ${name}`);
    files.set(name, Buffer.from(after));
  };

  it('unchanged, it verifies', async () => {
    expect((await verify(await remade(() => {}))).broken).toBeUndefined();
  });

  it.each([
    ['a verdict', edit(caseOf, '"verdict": "counterfeit"', '"verdict": "genuine"'), /content of decision 2 does not match its hash/],
    ['the ledger extract', edit(() => PacketPath.ledger, '"points": 24', '"points": 48'), /data\/ledger.json: it is not what the cases say/],
    ['the root in the summary', edit(() => PacketPath.summary, /"root": "[0-9a-f]{64}"/, `"root": "${'0'.repeat(64)}"`), /another root/],
    ['what it discloses', edit(() => PacketPath.summary, '"seller",', ''), /it discloses "seller", which this packet withholds/],
    ['the format', edit(() => PacketPath.summary, 'interdict.packet.v1', 'interdict.packet.v2'), /data\/packet.json: format/],
    ['a case cut off', edit(caseOf, /[\s\S]{100}$/, ''), /data\/cases\/case-\w+\.json: .*not JSON/],
    ['a case of another shape', edit(caseOf, '"decisions"', '"deeds"'), /data\/cases\/case-\w+\.json: /],
    ['the file of a case', edit(() => PacketPath.summary, /data\/cases\/[^"]*/, '../../../etc/passwd'), /is not in the packet/],
    [
      'a stray file',
      (files: Map<string, Buffer>) => files.set('data/captures/x.png', Buffer.from('x')),
      /captures\/x.png: nothing in this packet names it/,
    ],
    [
      'a capture',
      (files: Map<string, Buffer>) => files.delete([...files.keys()].find((path) => path.endsWith('.png')) ?? ''),
      /\.png: .*not in the packet/,
    ],
    [
      'other rules',
      (files: Map<string, Buffer>) => files.set([...files.keys()].find((path) => path.startsWith(PacketPath.rules)) ?? '', Buffer.from('x')),
      /it is not the object/,
    ],
    [
      'another report',
      (files: Map<string, Buffer>) => files.set([...files.keys()].find((path) => path.startsWith(PacketPath.documents)) ?? '', Buffer.from('x')),
      /it is not the object/,
    ],
  ])('%s changed: found', async (_, change, words) => {
    expect((await verify(await remade(change))).broken).toMatch(words);
  });

  it.each([
    ['twice', (files: readonly BagFile[]) => files.flatMap((file) => (file.path === BagPath.readme ? [file, file] : [file]))],
    ['outside its folder', (files: readonly BagFile[]) => [...files, bagFile('../../evil.sh', 'x')].sort((a, b) => (a.path < b.path ? -1 : 1))],
    ['under an absolute name', (files: readonly BagFile[]) => [bagFile('/etc/evil', 'x'), ...files]],
    ['that no manifest names', (files: readonly BagFile[]) => [...files, bagFile('zz.txt', 'x')]],
  ])('a file %s: found', async (_, change) => {
    expect((await verify(await remade(() => {}, change))).broken).toBeDefined();
  });
});

describe('the tools of others', () => {
  const lib = () => join(folder.dir, 'python');

  it('sha256sum refuses after any file of the bag is changed', () => {
    const bag = unpack(whole, folder.dir);
    const check = (name: string) => spawnSync('sha256sum', ['-c', '--strict', '--quiet', name], { cwd: bag }).status;
    expect([check(BagPath.manifest), check(BagPath.tagManifest)]).toEqual([0, 0]);
    for (const path of filesIn(bag)) {
      withChange(join(bag, path), () => {
        expect([path, check(BagPath.manifest) === 0 && check(BagPath.tagManifest) === 0]).toEqual([path, false]);
      });
    }
  });

  it('bagit.py accepts it, and refuses it after any file of the bag is changed', (context) => {
    const install = spawnSync('python3', ['-m', 'pip', 'install', '-q', '--target', lib(), 'bagit==1.9.0'], { encoding: 'utf8' });
    if (install.status !== 0) {
      console.warn(`skipped: bagit 1.9.0 cannot be had here (${(install.error?.message ?? install.stderr).trim().split('\n').at(-1)})`);
      return context.skip('bagit 1.9.0 cannot be had here');
    }
    const bag = unpack(whole, folder.dir);
    const env = { ...process.env, PYTHONPATH: lib() };
    // One process for all files: starting Python takes longer than the check.
    const script = join(folder.dir, 'check.py');
    writeFileSync(
      script,
      `import sys, bagit
bag, paths = sys.argv[1], sys.argv[2:]
def ok():
    try:
        return bagit.Bag(bag).is_valid()
    except bagit.BagError:
        return False
assert ok(), "not valid as it is"
for path in paths:
    name = bag + "/" + path
    before = open(name, "rb").read()
    open(name, "wb").write(bytes([before[0] ^ 1]) + before[1:])
    assert not ok(), path + " changed and still valid"
    open(name, "wb").write(before)
print(len(paths))`,
    );
    const paths = filesIn(bag);
    expect(execFileSync('python3', [script, bag, ...paths], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()).toBe(
      String(paths.length),
    );
  });

  function filesIn(bag: string): readonly string[] {
    return readdirSync(bag, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(bag, path)).isFile());
  }

  function withChange(path: string, look: () => void): void {
    const before = readFileSync(path);
    writeFileSync(path, flipped(before, Math.floor(before.length / 2)));
    look();
    writeFileSync(path, before);
  }

  it('a file that is a link: refused by its entry, before anything of it is read', async () => {
    const bytes = Buffer.from(whole);
    const entry = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    bytes.writeUInt32LE((0o120777 << 16) >>> 0, entry + 38);
    expect((await verify(bytes)).broken).toMatch(/its entry in the directory is not as written/);
  });
});
