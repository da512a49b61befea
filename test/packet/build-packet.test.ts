import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaultPort } from '../../adapters/ports.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { AggregateRow } from '../../store/schema/entities/log.ts';
import { advance } from '../../store/log/advance.ts';
import { work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  aCase,
  anOpenCase,
  answer,
  aRegister,
  build,
  bytesOf,
  NOTE,
  REVIEWER,
  SELLER,
  subjectOf,
  tempFolder,
  unpack,
  vaultIn,
  verify,
} from './support.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

let db: TestDatabase;
let vault: VaultPort;
let folder: Awaited<ReturnType<typeof tempFolder>>;
let one: { readonly id: AggregateId; readonly capture: string };

beforeAll(async () => {
  db = await testDatabase();
  folder = await tempFolder();
  vault = vaultIn(folder.dir);
  await aRegister(db);
  one = await aCase(db, vault, 'm:1');
});
afterAll(async () => {
  await folder?.remove();
  await db?.close();
});

const packed = async (...options: Parameters<typeof build> extends [unknown, unknown, ...infer R] ? R : never) =>
  bytesOf(await build(vault, await subjectOf(db, [one.id]), ...options));

describe('a packet of a sealed case', () => {
  it('is the same bytes each time, in every time zone', async () => {
    const zone = process.env['TZ'];
    const all: string[] = [];
    try {
      for (const tz of ['UTC', 'Asia/Tokyo', 'America/Sao_Paulo']) {
        process.env['TZ'] = tz;
        all.push(
          createHash('sha256')
            .update(await packed())
            .digest('hex'),
        );
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    expect(new Set(all).size).toBe(1);
  });

  it('verifies, and is known by its SHA-256 or the root of its case', async () => {
    const bytes = await packed();
    const { checks, broken } = await verify(bytes);
    expect(broken).toBeUndefined();
    expect(checks.map(({ what }) => what).join('\n')).toMatch(/3 decisions decided again, all the same[\s\S]*ledger extract has the 1 entries/);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const { seal } = (await subjectOf(db, [one.id])).cases[0]?.history ?? {};
    expect((await verify(bytes, { root: digest })).broken).toBeUndefined();
    expect((await verify(bytes, { root: seal?.root })).broken).toBeUndefined();
    expect((await verify(bytes, { root: '0'.repeat(64) })).broken).toContain('you named');
  });

  it('is decided again by Node alone, with no environment, from anywhere', async () => {
    const bag = unpack(await packed(), folder.dir);
    for (const [cwd, file] of [
      [bag, 'data/rules.mjs'],
      [join(bag, 'data'), 'rules.mjs'],
    ] as const) {
      const { status, stdout } = spawnSync(process.execPath, [file], { cwd, env: {}, encoding: 'utf8' });
      expect([status, stdout]).toEqual([
        0,
        expect.stringMatching(/gives a verdict, or corrects it: [^\n]*verdict counterfeit[\s\S]*SAME[\s\S]*1 of 1 cases come out the same/),
      ]);
    }
    const [name = ''] = readdirSync(join(bag, 'data/cases'));
    const path = join(bag, 'data/cases', name);
    const run = (change: (text: string) => string) => {
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, change(text));
      const { status, stdout } = spawnSync(process.execPath, ['data/rules.mjs'], { cwd: bag, env: {}, encoding: 'utf8' });
      writeFileSync(path, text);
      return [status, stdout];
    };
    expect(run((text) => text.replace('"verdict": "counterfeit"', '"verdict": "genuine"'))).toEqual([1, expect.stringContaining('decision 2')]);
    expect(run((text) => text.slice(0, -100))).toEqual([1, expect.stringContaining(name)]);
    expect(run(() => '{"format": "interdict.history.v1"}')).toEqual([1, expect.stringContaining('BROKEN')]);
    rmSync(join(bag, 'data/rules'), { recursive: true });
    expect(run((text) => text)).toEqual([1, expect.stringContaining('is not the text that decided')]);
  });

  it('carries the seller for the police, and no name or note of who answered', async () => {
    const bytes = await packed();
    expect(bytes.includes(SELLER)).toBe(true);
    expect(bytes.includes(REVIEWER)).toBe(false);
    expect(bytes.includes(NOTE)).toBe(false);
    onCover(bytes, (text) => {
      expect(text).toContain('shop@goldzeit.test');
      expect(text).not.toMatch(/Silberstein|wrong seal/);
    });
  });

  it('withholds the seller when told to, with the captures that show it, and still verifies', async () => {
    const bytes = await packed({ discloses: [] });
    for (const value of [SELLER, 'goldzeit', 'Goldzeit', REVIEWER, NOTE]) expect(bytes.includes(value)).toBe(false);
    onCover(bytes, (text) => {
      expect(text).not.toMatch(/goldzeit/i);
      expect(text).toContain('withheld from this recipient');
    });
    expect(await verify(bytes)).toMatchObject({ broken: undefined });
    expect((await packed({ discloses: ['seller', 'note'] })).includes(NOTE)).toBe(true);
  });

  it('holds large objects of the vault without holding them in memory', async () => {
    const large = Buffer.alloc(160 * 1024 * 1024, 7);
    const digest = await vault.put(large);
    const film = { kind: 'film', digest, title: 'Unpacking', about: one.id, extension: 'mp4' } as const;
    const subject = await subjectOf(db, [one.id], { documents: [film] });
    // Fonts and programs are read once per process.
    await packed();
    // What is held, not what waits to be collected.
    const held = () => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers;
    };
    const before = held();
    let [most, size, pieces] = [0, 0, 0];
    const { packet } = await build(vault, subject);
    for await (const piece of packet?.bytes() ?? []) {
      size += piece.length;
      pieces += 1;
      if (pieces % 200 === 0) most = Math.max(most, held() - before);
    }
    expect(size).toBeGreaterThan(large.length);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(16 * 1024 * 1024);
  });
});

/** Looks at the text of the English cover, by poppler where it is. */
function onCover(bytes: Uint8Array, look: (text: string) => void): void {
  const path = join(unpack(bytes, folder.dir), 'data/cover.en.pdf');
  const { status, stdout, error } = spawnSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
  if (status === 0) look(stdout);
  else console.warn(`the cover's text is not looked at: pdftotext is not here (${error?.message})`);
}

describe('a packet is refused', () => {
  const refusals = async (id: AggregateId, cover = {}) => {
    const { packet, missing } = await build(vault, await subjectOf(db, [id], cover));
    return {
      isRefused: packet === undefined,
      said: missing.filter(({ refuses }) => refuses).map(({ item, where, what }) => `${item} ${where} ${what}`),
    };
  };

  it('while its case is open, or an appeal of it', async () => {
    const open = await anOpenCase(db, vault, 'm:2');
    expect(await refusals(open.id)).toEqual({ isRefused: true, said: [expect.stringContaining('the case is not closed')] });
    const sealed = await aCase(db, vault, 'm:3');
    await answer(db, sealed.id, 'late', 'genuine', 'checked');
    await advance(db.context, { id: sealed.id, n: 3 });
    const { isRefused, said } = await refusals(sealed.id);
    expect([isRefused, said]).toEqual([true, [expect.stringMatching(/^seal .* the correction appeal:\w+ is not decided$/)]]);
  });

  it('when the vault has lost a capture or a part of it, or holds it changed, and says where', async () => {
    const { id, capture } = await aCase(db, vault, 'm:4', Buffer.from('only here'));
    const pathOf = (digest: string) => join(folder.dir, 'vault/objects', digest.slice(7, 9), digest.slice(7));
    const image = `sha256:${createHash('sha256').update('only here').digest('hex')}`;
    chmodSync(pathOf(image), 0o600);
    writeFileSync(pathOf(image), 'only Here');
    expect(await refusals(id)).toEqual({
      isRefused: true,
      said: [`custody ${id} the image in the capture of decision 1 (${image}) is not what was put into the vault: its digest differs`],
    });
    rmSync(pathOf(image));
    expect((await refusals(id)).said).toEqual([expect.stringContaining('is not in the vault')]);
    rmSync(pathOf(capture));
    expect((await refusals(id)).said).toEqual([`custody ${id} the capture of decision 1 (${capture}) is not in the vault`]);
  });

  it('when an exhibit has a gap in its custody, or the recipient no jurisdiction', async () => {
    const exhibit = { id: 'E-1', case: one.id, what: 'watch', source: 'order 7', custody: [], gap: 'nobody had it between A and B' };
    expect((await refusals(one.id, { exhibits: [exhibit] })).said).toEqual(['custody E-1 nobody had it between A and B']);
    const recipient = { name: 'Polícia', language: 'pt-BR', jurisdiction: ['BR'] };
    expect((await refusals(one.id, { recipient })).said).toEqual([`jurisdiction ${one.id} Polícia has no jurisdiction in the market DE`]);
  });

  it('when the vault changes while it is written: the bytes end with an error', async () => {
    const two = await aCase(db, vault, 'm:5', Buffer.from('will change'));
    const { packet } = await build(vault, await subjectOf(db, [two.id]));
    const digest = createHash('sha256').update('will change').digest('hex');
    const path = join(folder.dir, 'vault/objects', digest.slice(0, 2), digest);
    chmodSync(path, 0o600);
    writeFileSync(path, 'has changed');
    const read = async () => {
      for await (const _ of packet?.bytes() ?? []);
    };
    await expect(read()).rejects.toMatchObject({ type: 'vault-corrupt' });
  });
});

describe('several cases, and what came after', () => {
  it('go into one packet; an appeal is in its case, and an undone finding is said', async () => {
    const undone = await aCase(db, vault, 'm:6');
    await answer(db, undone.id, 'corrected', 'genuine', 'checked');
    const { standing } = await advance(db.context, { id: undone.id, n: 3 });
    expect(standing.final).toBe(true);
    const appeal = await work(db.store).findOneOrFail(AggregateRow, { about: undone.id });
    await advance(db.context, {
      id: appeal.id as AggregateId,
      n: 1,
      outcomes: [{ key: 'put-back:corrected', try: 1, result: { kind: 'restored' } }],
    });
    const built = await build(vault, { ...(await subjectOf(db, [one.id, undone.id])), id: `referral:${'0'.repeat(32)}` });
    expect(built.missing).toContainEqual(
      expect.objectContaining({ item: 'ground', where: undone.id, what: expect.stringContaining('undone by the correction') }),
    );
    const { checks, broken } = await verify(await bytesOf(built));
    expect(broken).toBeUndefined();
    expect(checks.map(({ what }) => what)).toContainEqual(expect.stringContaining('5 decisions decided again'));
  });
});
