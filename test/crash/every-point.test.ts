import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/catalogue.ts';
import { type EngineChildSettings, spawnEngine } from '../../bench/engine-child.ts';
import { startStage, type Stage } from '../../bench/stage.ts';
import { HOLDER, listingOf, OFFICER, openingOf, REVIEWER, writeListings, writeRegister } from '../../bench/stage-data.ts';
import type { Verdict } from '../../domain/case/model.ts';
import { instantOf } from '../../domain/instant.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { work } from '../../store/connection/orm.ts';
import { sharedServers } from '../support/servers.ts';
import { DIE_POINTS, type DiePoint } from './die-points.ts';
import { violations } from './oracle.ts';
import { leftBehind, untilAtRest } from './rest.ts';

const ENTRY = new URL('worker-process.ts', import.meta.url);
const SHORT: EngineChildSettings = { workflowTaskTimeoutMs: 2_000, heartbeatMs: 3_000, outageMs: 30_000, leaseMs: 2_000, stickyMs: 500 };
const DAY = 86_400_000;

let servers: Servers;
let stage: Stage;

beforeAll(async () => {
  servers = await sharedServers();
  stage = await startStage(servers);
  await writeRegister(stage);
  await writeListings(stage, 0, 20);
});
afterAll(async () => {
  await stage?.stop();
  await servers?.stop();
});

/** Brings in, while no engine runs, what will make one pass the point. Returns the aggregate whose pass it is, if known. */
async function occasion(point: DiePoint, number: number): Promise<string | undefined> {
  const client = stage.client({ waitMs: 0 });
  const target = { listing: listingOf(number).listing, holder: HOLDER };
  const say = (verdict: Verdict, reasonCode: string) =>
    client.send(COMMANDS.recordVerdict, { as: REVIEWER }, target, { verdict, reasonCode, basis: 'image', isCorrection: true });
  const [what] = point.split(':');
  if (what === 'capture') {
    await client.open(COMMANDS.openCase, { as: OFFICER }, { ...target, reason: 'looks wrong' });
    return undefined;
  }
  if (what === 'put-back') {
    // The case of the first point was sealed long ago: the brand corrects its verdict.
    const sealed = { listing: listingOf(point === 'put-back:before' ? 2 : 3).listing, holder: HOLDER };
    await client.send(COMMANDS.recordVerdict, { as: REVIEWER }, sealed, {
      verdict: 'genuine',
      reasonCode: 'checked',
      basis: 'image',
      isCorrection: true,
    });
    return undefined;
  }
  // A case that nobody answered for a month sends its mail at once.
  const clock = what === 'mail' ? { now: () => instantOf(Date.now() - 30 * DAY) } : stage.context.clock;
  const [opened] = await openCases({ ...stage.context, clock }, [openingOf(number)]);
  if (what !== 'mail') await say('counterfeit', 'packaging');
  return opened?.id;
}

describe('a worker that is killed', () => {
  it.each(DIE_POINTS.map((point, number) => [point, number] as const))('at %s dies there', async (point, number) => {
    const aggregate = await occasion(point, number);
    // Every process also finishes what the one before it left.
    const child = spawnEngine(ENTRY, servers, stage, { ...SHORT, dieAt: { point, count: 1, ...(aggregate !== undefined && { aggregate }) } });
    await child.exited;
    expect(child.process.signalCode).toBe('SIGKILL');
  });

  it('leaves nothing lost, doubled or out of order, with a marketplace that loses replies and stalls', async () => {
    for (const [number, kind] of [
      [12, 'lost-reply'],
      [13, 'stall'],
      [14, '429'],
    ] as const) {
      const body = { on: 'takedown', kind, listing: listingOf(number).listing, times: 2, stallMs: 2_000 };
      await fetch(`${stage.marketplace.url}/admin/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      await occasion('log:after', number);
    }
    const child = spawnEngine(ENTRY, servers, stage, SHORT);
    await child.ready;
    await untilAtRest(stage);
    expect(await violations(stage)).toEqual([]);
    expect(await leftBehind(stage)).toEqual([]);
    await child.stop();
    const rows = await work(stage.store).execute<{ status: string; n: number }[]>(
      'select status, count(*)::int as n from aggregate group by status order by status',
    );
    expect(rows).toEqual([
      { status: 'actioned', n: 9 },
      { status: 'applied', n: 2 },
      { status: 'awaiting-confirmation', n: 2 },
      { status: 'lapsed', n: 2 },
    ]);
  });
});
