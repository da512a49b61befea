import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineChildSettings, spawnEngine } from '../../bench/engine-child.ts';
import { startStage, type Stage } from '../../bench/stage.ts';
import { quickPolicy, writeListings, writeRegister } from '../../bench/stage-data.ts';
import { type OwnServers, startServers } from '../../scenarios/runner/servers.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { work } from '../../store/connection/orm.ts';
import { until } from '../support/real-time.ts';
import { violations } from './oracle.ts';
import { leftBehind, untilAtRest } from './rest.ts';
import { CASES_A_ROUND, dice, lossyClient, talk } from './talk.ts';

const ENTRY = new URL('worker-process.ts', import.meta.url);
const SHORT: EngineChildSettings = { workflowTaskTimeoutMs: 2_000, heartbeatMs: 3_000, outageMs: 30_000, leaseMs: 2_000, stickyMs: 500 };
const SEED = 20_251_007;
const KILLED = ['temporal', 'postgres', 'temporal', 'postgres'] as const;

let servers: OwnServers;
let stage: Stage;

beforeAll(async () => {
  // Servers of its own, also where the run was given a PostgreSQL: they are killed.
  servers = await startServers();
  stage = await startStage(servers, await quickPolicy({ escalateAfter: 6, lapseAfter: 12 }));
  await writeRegister(stage);
  await writeListings(stage, 0, KILLED.length * CASES_A_ROUND);
});
afterAll(async () => {
  await stage?.stop();
  await servers?.stop();
});

async function finals(): Promise<number> {
  const [{ cases } = { cases: 0 }] = await work(stage.store).execute<{ cases: number }[]>(
    "select count(*)::int as cases from aggregate where kind = 'case' and is_final",
  );
  return cases;
}

// Takes a minute on an idle machine and more than two on a busy one: only where it is asked for.
const isAsked = process.env['INTERDICT_SERVER_KILLS'] !== undefined;
if (!isAsked) console.log('test/crash/server-kills: skipped; set INTERDICT_SERVER_KILLS=1 to kill the servers in mid-case');

it.runIf(isAsked)(
  'loses, doubles and reorders nothing while its servers are killed at random under load',
  async () => {
    const roll = dice(SEED);
    const client = lossyClient(stage, roll);
    const child = spawnEngine(ENTRY, servers, stage, SHORT);
    await child.ready;
    const sent: string[] = [];
    for (const [round, part] of KILLED.entries()) {
      const first = roll(CASES_A_ROUND);
      const numbers = Array.from({ length: CASES_A_ROUND }, (_, at) => round * CASES_A_ROUND + at);
      for (const number of numbers.slice(0, first)) sent.push(...(await talk(stage, client, number, roll)));
      // The rest is said while the server dies and comes back.
      const back = servers.killAndRestart(part);
      for (const number of numbers.slice(first)) sent.push(...(await talk(stage, client, number, roll)));
      await back;
    }
    await until(async () => (await finals()) === KILLED.length * CASES_A_ROUND, 'all cases to be sealed');
    await untilAtRest(stage);
    expect(await violations(stage)).toEqual([]);
    expect(await leftBehind(stage)).toEqual([]);
    // The engine has lived through it: nobody had to start it again.
    expect(child.process.exitCode).toBeNull();
    await child.stop();
    const known = await work(stage.store).find(InboxRow, {}, { fields: ['id'] });
    expect(new Set(known.map(({ id }) => id))).toEqual(new Set(sent));
  },
  600_000,
);
