import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineChildSettings, spawnEngine } from '../../bench/engine-child.ts';
import { startStage, type Stage } from '../../bench/stage.ts';
import { quickPolicy, writeListings, writeRegister } from '../../bench/stage-data.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { work } from '../../store/connection/orm.ts';
import { sharedServers } from '../support/servers.ts';
import type { DiePoint } from './die-points.ts';
import { violations } from './oracle.ts';
import { leftBehind, untilAtRest } from './rest.ts';
import { CASES_A_ROUND, dice, lossyClient, talk } from './talk.ts';

const ENTRY = new URL('worker-process.ts', import.meta.url);
const SHORT: EngineChildSettings = { workflowTaskTimeoutMs: 2_000, heartbeatMs: 3_000, outageMs: 30_000, leaseMs: 2_000, stickyMs: 500 };
const KILLS = 10;
const SEED = 20_251_001;
/** Where a process surely comes by while there is work. */
const POINTS: readonly DiePoint[] = ['log:before', 'log:after', 'takedown:before', 'takedown:after', 'outcome:before', 'outcome:after'];

let servers: Servers;
let stage: Stage;

beforeAll(async () => {
  servers = await sharedServers();
  stage = await startStage(servers, await quickPolicy({ escalateAfter: 6, lapseAfter: 12 }));
  await writeRegister(stage);
  await writeListings(stage, 0, KILLS * CASES_A_ROUND);
});
afterAll(async () => {
  await stage?.stop();
  await servers?.stop();
});

it('loses, doubles and reorders nothing while it is killed at random under load', async () => {
  const roll = dice(SEED);
  const client = lossyClient(stage, roll);
  const sent: string[] = [];
  let killed = 0;
  for (let round = 0; round < KILLS; round++) {
    const dieAt = { point: POINTS[roll(POINTS.length)] ?? 'log:before', count: 1 + roll(3) };
    const child = spawnEngine(ENTRY, servers, stage, { ...SHORT, dieAt });
    for (let at = 0; at < CASES_A_ROUND; at++) sent.push(...(await talk(stage, client, round * CASES_A_ROUND + at, roll)));
    // A point that does not come by as often as it was rolled: then it is killed wherever it is.
    const impatience = setTimeout(() => child.process.kill('SIGKILL'), 5_000);
    await child.exited;
    clearTimeout(impatience);
    if (child.process.signalCode === 'SIGKILL') killed += 1;
  }
  expect(killed).toBe(KILLS);
  const child = spawnEngine(ENTRY, servers, stage, SHORT);
  await child.ready;
  await untilAtRest(stage);
  expect(await violations(stage)).toEqual([]);
  expect(await leftBehind(stage)).toEqual([]);
  await child.stop();
  const known = await work(stage.store).find(InboxRow, {}, { fields: ['id'] });
  expect(new Set(known.map(({ id }) => id))).toEqual(new Set(sent));
  const [{ cases } = {}] = await work(stage.store).execute<{ cases: number }[]>(
    "select count(*)::int as cases from aggregate where kind = 'case' and is_final",
  );
  expect(cases).toBe(KILLS * CASES_A_ROUND);
}, 180_000);
