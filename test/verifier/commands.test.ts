import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryVault } from '../../adapters/directory-vault.ts';
import { ExitCode } from '../../cli/exit.ts';
import { replayRuns } from '../../cli/replay-workflows.ts';
import { addHistoryCommands, exportHistory } from '../../cli/history.ts';
import type { CliContext, CliIo } from '../../cli/io.ts';
import { addReplayCommand } from '../../cli/replay.ts';
import { troubleOf } from '../../cli/error-messages.ts';
import { addVerifyCommand } from '../../cli/verify.ts';
import { temporalClient } from '../../client/connection.ts';
import { loadConfig } from '../../config/config.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { registerNamespace } from '../../embedded/temporal.ts';
import { findTemporal } from '../../embedded/temporal-program.ts';
import { SealRow } from '../../store/schema/entities/log.ts';
import { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { work } from '../../store/connection/orm.ts';
import { verifyHistory } from '../../verifier/checks.ts';
import { parseHistory } from '../../verifier/parse-history.ts';
import { archiveSealed } from '../../worker/archive.ts';
import { readArchive } from '../../worker/archive-file.ts';
import { TaskQueue } from '../../workflows/contracts.ts';
import { aFolder } from '../embedded/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { quietRuntime, sharedBundle, sharedTemporal } from '../support/servers.ts';
import { aSealedCase, changed } from './support.ts';

let db: TestDatabase;
let ids: { id: AggregateId; appeal: AggregateId };

beforeAll(async () => {
  db = await testDatabase();
  ids = await aSealedCase(db);
});
afterAll(() => db?.close());

quietRuntime();
const nobody = temporalClient({ address: '127.0.0.1:1', namespace: 'none' });
afterAll(() => nobody.connection.close());

/** Runs one command line; what it said, gave and ended with. */
async function run(args: readonly string[], context: Partial<CliContext> = {}, json = false) {
  const said: string[] = [];
  const given: unknown[] = [];
  let exitCode: ExitCode = ExitCode.done;
  const io: CliIo = {
    json,
    out: (value) => void given.push(value),
    say: (text) => void said.push(text),
    set exitCode(code: ExitCode) {
      exitCode = code;
    },
  };
  const away = () => {
    throw new Error('nothing may be opened');
  };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  const full: CliContext = { store: away, temporal: away, ...context };
  addHistoryCommands(program, io, full);
  addReplayCommand(program, io, full);
  addVerifyCommand(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    // As the command line does: one map from errors to words and exit codes.
    const { code, message, cure, exitCode: ends } = troubleOf(error);
    return { said: `${message} ${cure}`, given: { error: { code, message, cure } }, exitCode: ends };
  }
  return { said: said.join('\n'), given: given[0], exitCode };
}

const open = (): Partial<CliContext> => ({ store: async () => db.store, temporal: () => nobody });

describe('history export, replay, verify', () => {
  it('writes one whole file, which replays and verifies with nothing opened', async () => {
    const out = join(await aFolder(), 'case.json');
    const wrote = await run(['history', 'export', ids.id, '--out', out], open());
    expect(wrote).toMatchObject({ exitCode: ExitCode.done, given: { id: ids.id, decisions: 9, appeals: 1, runs: 0 } });
    expect(wrote.said).toMatch(/Without a workflow history: Temporal did not give the history/);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(out, '..'))).toEqual(['case.json']);
    const replayed = await run(['replay', out]);
    expect(replayed).toMatchObject({ exitCode: ExitCode.done, given: { ok: true, broken: null } });
    expect(replayed.said).toContain('9 decisions come out the same');
    for (const command of ['verify', 'replay']) {
      const done = await run([command, out]);
      expect(done).toMatchObject({ exitCode: ExitCode.done, given: { ok: true, unknownRules: [] } });
      expect(done.said).toMatch(/^NOT PROVED that nobody rewrote it consistently.*--root$/m);
      expect(done.said).toMatch(/^NOT PROVED the number of a seal in the operator's sequence \(\d+, \d+\)/m);
      expect(done.said.split('\n').at(-1)).toMatch(/^NOT PROVED /);
      const { digest = '', seal } = parseHistory(await readFile(out, 'utf8'));
      const rooted = await run([command, out, '--root', seal?.root ?? '']);
      expect(rooted.said).not.toContain('rewrote');
      expect(rooted.said).toMatch(/^NOT PROVED when the file was exported/m);
      const proved = await run([command, out, '--root', digest]);
      expect(proved).toMatchObject({ exitCode: ExitCode.done, given: { ok: true } });
      expect(proved.said.match(/^NOT PROVED .*$/gm)).toEqual(command === 'verify' ? [expect.stringContaining('`replay` decides')] : null);
    }
    expect(await run(['verify', out, '--root', '0'.repeat(64)])).toMatchObject({ exitCode: ExitCode.failed, given: { ok: false } });
  });

  it('never overwrites unless it is told to', async () => {
    const out = join(await aFolder(), 'case.json');
    await writeFile(out, 'mine');
    const refused = await run(['history', 'export', ids.id, '--out', out], open());
    expect(refused.exitCode).toBe(ExitCode.usage);
    expect(refused.said).toContain('--force');
    expect(await readFile(out, 'utf8')).toBe('mine');
    expect((await run(['history', 'export', ids.id, '--out', out, '--force', '--redacted'], open())).exitCode).toBe(ExitCode.done);
    const file = parseHistory(await readFile(out, 'utf8'));
    expect(file.disclosures).toEqual([]);
    expect(JSON.stringify(file)).not.toMatch(/S-1|reviewer-a/);
    expect(await readdir(join(out, '..'))).toEqual(['case.json']);
  });

  it('replays from the store, an appeal by itself too', async () => {
    expect(await run(['replay', ids.id], open())).toMatchObject({ exitCode: ExitCode.done });
    const appeal = await run(['replay', ids.appeal], open());
    expect(appeal).toMatchObject({ exitCode: ExitCode.done });
    expect(appeal.said).toContain('2 decisions come out the same');
  });

  it('says what is unknown, absent, unreachable or broken, each with its exit code', async () => {
    const out = join(await aFolder(), 'case.json');
    const unknown = `case:${'0'.repeat(32)}`;
    expect(await run(['history', 'export', unknown, '--out', out], open())).toMatchObject({
      exitCode: ExitCode.failed,
      given: { error: { code: 'unknown-id' } },
    });
    expect(await run(['replay', unknown], open())).toMatchObject({ exitCode: ExitCode.failed, given: { error: { code: 'unknown-id' } } });
    expect(await run(['replay', 'no-such-file'])).toMatchObject({ exitCode: ExitCode.usage });
    expect(await run(['verify', out])).toMatchObject({ exitCode: ExitCode.usage, given: { error: { code: 'file' } } });
    await writeFile(out, '{"format": "other"}');
    const other = await run(['verify', out]);
    expect(other).toMatchObject({ exitCode: ExitCode.failed, given: { error: { code: 'not-a-history' } } });
    expect(other.said).toBe('format: the format is "other". This program reads interdict.history.v1, which `history export` writes.');
    await writeFile(out, '{"\\u001b[2J\\n\u202e": 1, "\\u001b[2J\\n\u202e": 2}');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a file says must not reach the terminal as it is
    expect((await run(['verify', out])).said).not.toMatch(/[\u0000-\u001f\u202e]/);
    const down = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(await run(['replay', ids.id], { store: () => Promise.reject(down) })).toMatchObject({ exitCode: ExitCode.unreachable });
    await run(['history', 'export', ids.id, '--out', out, '--force'], open());
    await writeFile(out, (await readFile(out, 'utf8')).replace('"verdict": "counterfeit"', '"verdict": "genuine"'));
    for (const command of ['replay', 'verify']) {
      const broken = await run([command, out]);
      expect(broken).toMatchObject({ exitCode: ExitCode.failed, given: { ok: false, broken: { at: { aggregate: ids.id, n: 3 } } } });
      expect(broken.said).toContain('the content of decision 3 does not match its hash');
      expect(broken.said).not.toContain('decision 4');
    }
  });
});

const {
  config: { programs: places },
} = loadConfig();
const absent = await findTemporal(places, () => {}).then(
  () => undefined,
  (error: unknown) => String(error),
);

describe.skipIf(absent !== undefined)(`workflow histories${absent === undefined ? '' : ` (skipped: ${absent})`}`, () => {
  let temporal: Client;
  let address: string;
  let namespace: string;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    address = await sharedTemporal();
    namespace = `verifier-${randomUUID()}`;
    await registerNamespace(address, namespace);
    temporal = temporalClient({ address, namespace });
    ends.push(() => temporal.connection.close());
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it('of a workflow that never ends is left out of the archive after a day, with the reason', async () => {
    const own = await testDatabase();
    const { id } = await aSealedCase(own);
    const vault = directoryVault({ dir: await aFolder() });
    const handle = await temporal.workflow.start('caseWorkflow', { workflowId: id, taskQueue: 'nobody-works-here', args: [] });
    const start = Date.now();
    const archivedAfter = async (ms: number) => {
      const { archived } = await archiveSealed({ store: own.store, vault, temporal, now: () => start + ms }, 10);
      return archived;
    };
    const day = 24 * 3_600_000;
    expect([await archivedAfter(0), await archivedAfter(day), await archivedAfter(day + 1), await archivedAfter(day + 2)]).toEqual([0, 0, 2, 0]);
    const seal = await work(own.store).findOneOrFail(SealRow, { aggregate: id });
    const file = parseHistory((await readArchive(vault, seal.archive ?? '')) ?? '');
    expect(file).toMatchObject({ aggregate: id, flow: null, noFlow: [`the workflow ${id} had not ended a day after the seal`] });
    expect(verifyHistory(file, {}).filter(({ ok }) => !ok)).toEqual([]);
    await handle.terminate();
    await own.close();
  });

  it('are archived once the workflow has ended, without personal values, and outlive the server', async () => {
    const vault = directoryVault({ dir: await aFolder() });
    const deps = { store: db.store, vault, temporal };
    const letters = () => work(db.store).nativeUpdate(OutboxRow, { kind: 'start' }, { state: 'delivered' });
    expect(await archiveSealed({ ...deps, temporal: nobody }, 10)).toEqual({ archived: 0, waiting: 2, last: undefined });
    expect(await archiveSealed(deps, 10)).toEqual({ archived: 0, waiting: 2, last: undefined });
    const handle = await temporal.workflow.start('caseWorkflow', {
      workflowId: ids.id,
      taskQueue: TaskQueue.cases,
      args: [{ id: ids.id, standing: { n: 7, owes: [], final: true } }],
    });
    await letters();
    expect(await archiveSealed(deps, 1)).toEqual({ archived: 0, waiting: 1, last: 1 });
    expect(await archiveSealed(deps, 1, 1)).toEqual({ archived: 1, waiting: 0, last: 2 });
    const connection = await NativeConnection.connect({ address });
    const worker = await Worker.create({ connection, namespace, taskQueue: TaskQueue.cases, workflowBundle: await sharedBundle() });
    await worker.runUntil(handle.result());
    await connection.close();
    expect(await archiveSealed(deps, 10)).toEqual({ archived: 1, waiting: 0, last: undefined });
    expect(await archiveSealed(deps, 10)).toEqual({ archived: 0, waiting: 0, last: undefined });
    const seals = await work(db.store).find(SealRow, {}, { orderBy: { sequence: 'asc' } });
    expect(seals.map(({ exported }) => exported)).toEqual([true, true]);
    const text = (await readArchive(vault, seals[0]?.archive ?? '')) ?? '';
    expect(text).not.toMatch(/S-1|reviewer-a/);
    expect(parseHistory(text)).toMatchObject({ aggregate: ids.id, appeals: [], disclosures: [], flow: [{ aggregate: ids.id }] });

    const em = work(db.store);
    const live = await exportHistory({ em, id: ids.id, temporal, vault });
    expect(live?.noFlow).toEqual([expect.stringContaining(`Temporal holds no workflow ${ids.appeal}`)]);
    const later = await exportHistory({ em, id: ids.id, temporal: nobody, vault });
    expect(later?.flow).toEqual(live?.flow);

    const path = join(await aFolder(), 'flow.json');
    await run(['history', 'export', ids.id, '--out', path], { store: async () => db.store, temporal: () => temporal, vault: () => vault });
    const replayed = await run(['replay', path, '--flow']);
    expect(replayed).toMatchObject({ exitCode: ExitCode.done, given: { flow: [{ ok: true }] } });
    const file = parseHistory(await readFile(path, 'utf8'));
    const twin = changed(file, (copy) => {
      const started = copy.flow[0].history.events[0].workflowExecutionStartedEventAttributes;
      const input = { id: ids.id, standing: { n: 7, owes: [], due: { at: '2099-01-01T00:00:00.000Z', rule: 'x' } } };
      started.input.payloads[0].data = Buffer.from(JSON.stringify(input)).toString('base64');
    });
    expect(await replayRuns(twin)).toMatchObject([{ ok: false }]);
  });
});
