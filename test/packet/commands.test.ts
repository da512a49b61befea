import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaultPort } from '../../adapters/ports.ts';
import type { Context } from '../../cli/context.ts';
import { ExitCode } from '../../cli/exit.ts';
import type { CliIo } from '../../cli/io.ts';
import { addPacketCommand } from '../../cli/packet.ts';
import { troubleOf } from '../../cli/error-messages.ts';
import { addVerifyCommand } from '../../cli/verify.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { aCase, anOpenCase, aRegister, tempFolder, vaultIn } from './support.ts';

let db: TestDatabase;
let folder: Awaited<ReturnType<typeof tempFolder>>;
let vault: VaultPort;
let id: AggregateId;

beforeAll(async () => {
  db = await testDatabase();
  folder = await tempFolder();
  vault = vaultIn(folder.dir);
  await aRegister(db);
  ({ id } = await aCase(db, vault, 'm:1'));
});
afterAll(async () => {
  await folder?.remove();
  await db?.close();
});

/** Runs one command line: what it gave, what it said, how it ended. */
async function run(...args: readonly string[]) {
  const said: string[] = [];
  const given: unknown[] = [];
  let exitCode: ExitCode = ExitCode.done;
  const io: CliIo = {
    json: true,
    out: (value) => void given.push(value),
    say: (text) => void said.push(text),
    set exitCode(code: ExitCode) {
      exitCode = code;
    },
  };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  const context = { work: async () => work(db.store) } as Partial<Context> as Context;
  addPacketCommand(
    program,
    io,
    async () => context,
    async () => vault,
  );
  addVerifyCommand(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    // What the entry does with whatever a command throws.
    const trouble = troubleOf(error);
    return { given: trouble, said: trouble.message, exitCode: trouble.exitCode };
  }
  return { given: given[0], said: said.join('\n'), exitCode };
}

const out = (name: string) => join(folder.dir, name);

describe('packet and verify', () => {
  it('write a packet that only its user may read, and check it', async () => {
    const wrote = await run('packet', id, '--out', out('a.zip'), '--language', 'de');
    expect(wrote).toMatchObject({
      exitCode: ExitCode.done,
      given: { id, complete: false, refused: false, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(statSync(out('a.zip')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.dir).filter((name) => name.includes('tmp'))).toEqual([]);
    expect(await run('verify', out('a.zip'))).toMatchObject({ exitCode: ExitCode.done, given: { ok: true, broken: null } });
    const { sha256 } = wrote.given as { sha256: string };
    expect(await run('verify', out('a.zip'), '--root', sha256)).toMatchObject({ exitCode: ExitCode.done });
    expect(await run('verify', out('a.zip'), '--root', '0'.repeat(64))).toMatchObject({ exitCode: ExitCode.failed });
  });

  it('verify refuses a packet of which any one byte is changed, be it the first or the last', async () => {
    await run('packet', id, '--out', out('b.zip'));
    const whole = readFileSync(out('b.zip'));
    for (const at of [0, 1, 3, 500, Math.floor(whole.length / 2), whole.length - 22, whole.length - 1]) {
      const copy = Buffer.from(whole);
      copy[at] = (copy[at] ?? 0) ^ 4;
      writeFileSync(out('c.zip'), copy);
      expect([at, (await run('verify', out('c.zip'))).exitCode]).toEqual([at, ExitCode.failed]);
    }
  });

  it('a dry run says what is missing and the cure, and writes nothing', async () => {
    const before = readdirSync(folder.dir);
    const dry = await run('packet', id, '--dry-run');
    expect(dry).toMatchObject({ exitCode: ExitCode.done, given: { complete: false, refused: false } });
    expect(dry.said).toMatch(/missing appraisal: org-lumora: no appraisal of authenticity\. Ask the rights holder/);
    expect(readdirSync(folder.dir)).toEqual(before);
  });

  it('refuse, each with its exit code, and leave nothing half written', async () => {
    const open = await anOpenCase(db, vault, 'm:2');
    writeFileSync(out('mine'), 'mine');
    const before = readdirSync(folder.dir);
    expect(await run('packet', open.id, '--out', out('d.zip'))).toMatchObject({
      exitCode: ExitCode.failed,
      said: expect.stringMatching(/REFUSES seal/),
    });
    expect(await run('packet', `case:${'0'.repeat(32)}`, '--out', out('d.zip'))).toMatchObject({
      exitCode: ExitCode.failed,
      given: { code: 'unknown-case' },
    });
    expect(await run('packet', `appeal:${'0'.repeat(32)}`, '--dry-run')).toMatchObject({
      exitCode: ExitCode.failed,
      given: { code: 'unknown-case' },
    });
    expect(await run('packet', id)).toMatchObject({ exitCode: ExitCode.usage, given: { code: 'no-file' } });
    expect(await run('packet', id, '--out', out('mine'))).toMatchObject({ exitCode: ExitCode.usage, given: { code: 'file-exists' } });
    expect(await run('packet', id, '--out', out('no/such/folder.zip'))).toMatchObject({ exitCode: ExitCode.usage, given: { code: 'file' } });
    for (const wrong of [
      ['--profile', 'x'],
      ['--language', 'xx'],
      ['--disclose', 'a b'],
    ]) {
      expect(await run('packet', id, '--dry-run', ...wrong)).toMatchObject({ exitCode: ExitCode.usage, given: { code: 'wrong-value' } });
    }
    expect([readdirSync(folder.dir), readFileSync(out('mine'), 'utf8')]).toEqual([before, 'mine']);
  });
});
