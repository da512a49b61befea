import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStage, type Stage } from '../../bench/stage.ts';
import { driveInWords, faultsInWords } from '../../cli/drive.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { instantOf } from '../../domain/instant.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { INTAKE } from '../../store/log/inbox.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { work } from '../../store/connection/orm.ts';
import { readFaults } from '../../store/queries/faults.ts';
import { compareDrive } from '../../worker/undriven.ts';
import { workflowStarter } from '../../worker/workflow-starter.ts';
import { anOpening, idOf } from '../store/support.ts';
import { sharedServers } from '../support/servers.ts';

let servers: Servers;
let stage: Stage;
beforeAll(async () => {
  servers = await sharedServers();
  stage = await startStage(servers);
});
afterAll(async () => {
  await stage?.stop();
  await servers?.stop();
});

const inAMinute = () => instantOf(Date.now() + 61_000);

describe('the log compared with Temporal', () => {
  it('names exactly the open cases that no workflow drives, whatever became of it, and none after a revival', async () => {
    const openings = ['never', 'running', 'terminated', 'failed-start'].map((name) => anOpening({ listing: `m:${name}` }));
    const [never, running, terminated, second] = (await openCases(stage.context, openings)).map(idOf);
    if (never === undefined || running === undefined || terminated === undefined || second === undefined) throw new Error('nothing was opened');
    const starter = workflowStarter(stage.temporal, stage.store);
    // No worker is there: what is started runs and waits.
    for (const id of [running, terminated, second]) await starter.revive(id);
    const undriven = async (now = inAMinute()) => (await compareDrive(stage.store, stage.temporal, now)).undriven;
    expect(await undriven()).toEqual([never]);
    for (const id of [terminated, second]) await stage.temporal.workflow.getHandle(id).terminate('for the test');
    expect(await undriven()).toEqual([never, terminated, second].sort());
    // What was opened within the minute waits for its start, which is a letter.
    expect(await undriven(instantOf(Date.now()))).toEqual([]);
    for (const id of [never, terminated, second]) expect(await starter.revive(id)).toBe(true);
    // At once, though the server's lists are behind.
    expect(await undriven()).toEqual([]);
    expect((await compareDrive(stage.store, stage.temporal, inAMinute())).open).toBe(4);
  });

  it('is told with the cure', () => {
    expect(driveInWords({ open: 3, undriven: [] })).toEqual({ what: 'workflows drive all 3 open cases, appeals, sanctions and referrals', ok: true });
    const many = Array.from({ length: 66 }, (_, n) => `case:${String(n).padStart(32, '0')}` as AggregateId);
    expect(driveInWords({ open: 70, undriven: many })).toMatchObject({
      what: expect.stringMatching(/^no workflow drives 66 of 70 open .*case:0{32}, .* and 63 more\)/),
      ok: false,
      cure: expect.stringContaining('doctor --revive'),
    });
  });
});

describe('messages that ended in a fault', () => {
  const at = (minute: number) => `2025-10-01T09:${String(minute).padStart(2, '0')}:00.000Z`;
  const write = (id: string, aggregate: string, minute: number, kind: 'fault' | 'done' | 'refused', sender = 'rights-holder') =>
    work(stage.store).insert(InboxRow, {
      id,
      aggregate,
      workflow: aggregate,
      receivedAt: at(minute),
      sender,
      content: {},
      fingerprint: id,
      answer:
        kind === 'fault'
          ? { kind, message: `${id} broke` }
          : kind === 'done'
            ? { kind, aggregate, n: 2, events: [] }
            : { kind, code: 'x', message: '', cure: '' },
      answeredAt: at(minute),
      signalAgainAt: 0,
      signals: 1,
    });

  it('are those that no later decided message of the same side made good', async () => {
    await write('open', 'case:a', 1, 'fault');
    await write('refused-after', 'case:b', 1, 'fault');
    await write('b-2', 'case:b', 2, 'refused');
    await write('made-good', 'case:c', 1, 'fault');
    await write('c-2', 'case:c', 2, 'done');
    await write('other-side', 'case:d', 1, 'fault');
    await write('d-2', 'case:d', 2, 'done', 'governance');
    await write('to-intake', INTAKE, 3, 'fault', 'governance');
    await write('intake-2', INTAKE, 4, 'done', 'governance');
    const found = await readFaults(work(stage.store), at(1));
    expect(found.map(({ id }) => id)).toEqual(['to-intake', 'open', 'other-side', 'refused-after']);
    expect((await readFaults(work(stage.store), at(3))).map(({ id }) => id)).toEqual(['to-intake']);
    expect(faultsInWords(found)).toMatchObject({
      what: expect.stringMatching(/^4 messages .*to-intake to intake, open to case:a, .* and 1 more; the last one: to-intake broke\)/),
      ok: false,
      cure: expect.stringContaining('again under a new message id'),
    });
    expect(faultsInWords([])).toMatchObject({ ok: true });
  });
});
