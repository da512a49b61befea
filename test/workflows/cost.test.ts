import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/catalogue.ts';
import { fetchHistory, historyCost, waitingCost } from '../../bench/history-cost.ts';
import {
  capturedOpeningOf,
  HOLDER,
  listingOf,
  openingOf,
  LIAISON,
  quickPolicy,
  RECIPIENT,
  REVIEWER,
  OFFICER,
  strictPolicy,
  writeAuthority,
} from '../../bench/stage-data.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import { openCases } from '../../store/log/open-cases.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { listCases } from '../../store/queries/cases.ts';
import { listReferrals, readReferral } from '../../store/queries/referrals.ts';
import { TaskQueue, WorkflowType } from '../../workflows/contracts.ts';
import { type RealTime, startRealTime, until, untilClosed } from '../support/real-time.ts';
import { sharedServers } from '../support/servers.ts';

let servers: Servers;

beforeAll(async () => {
  servers = await sharedServers();
});
afterAll(() => servers?.stop());

async function open(real: RealTime, number: number): Promise<string> {
  const [opened] = await openCases(real.stage.context, [openingOf(number)]);
  if (opened === undefined) throw new Error('nothing opened');
  return opened.id;
}

/** Waits until the workflow holds what it holds while it waits: its timer is armed. */
async function untilWaiting(real: RealTime, id: string) {
  return until(async () => {
    const history = await fetchHistory(real.stage.temporal, id).catch(() => undefined);
    return history?.events?.some((event) => event.timerStartedEventAttributes != null) === true && history;
  }, `${id} to wait`);
}

describe('the cost of a case, counted from its history', () => {
  let real: RealTime;
  beforeAll(async () => {
    real = await startRealTime(servers);
  });
  afterAll(() => real?.stop());

  it('uncontested: opened, confirmed, taken down, sealed', async () => {
    const id = await open(real, 1);
    await untilWaiting(real, id);
    const answer = { verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' } as const;
    const sent = await real.stage
      .client()
      .send(COMMANDS.recordVerdict, { as: REVIEWER }, { listing: listingOf(1).listing, holder: HOLDER }, { ...answer, isCorrection: true });
    expect(sent).toMatchObject({ kind: 'done', events: ['VerdictGiven', 'TakedownOrdered'] });
    await untilClosed(real, id);
    const history = await fetchHistory(real.stage.temporal, id);
    const cost = historyCost(history);
    expect(cost.actions).toBeLessThanOrEqual(6);
    expect(cost.events).toBeLessThanOrEqual(19);
    expect(cost.workflowTasks).toBe(3);
    expect(cost.bytes).toBeLessThanOrEqual(3_400);
    expect(waitingCost(history).events).toBeLessThanOrEqual(8);
    expect(waitingCost(history).bytes).toBeLessThanOrEqual(1_500);
  });

  it('a duplicate detection of a live case costs nothing', async () => {
    const id = await open(real, 2);
    const before = historyCost(await untilWaiting(real, id));
    expect(await open(real, 2)).toBe(id);
    // A later case's start goes out after anything the duplicate might have caused.
    await untilWaiting(real, await open(real, 3));
    expect(historyCost(await fetchHistory(real.stage.temporal, id))).toEqual(before);
  });
});

it('a case that nobody answers: escalated, lapsed, sealed', async () => {
  const real = await startRealTime(servers, { policy: await quickPolicy({ escalateAfter: 1.2, lapseAfter: 2.4 }) });
  try {
    const id = await open(real, 1);
    await untilClosed(real, id);
    const history = await fetchHistory(real.stage.temporal, id);
    const cost = historyCost(history);
    expect(cost.byKind).toMatchObject({ timer: 2 });
    expect(cost.actions).toBeLessThanOrEqual(10);
  } finally {
    await real.stop();
  }
});

it('a sanction: proposed, approved, executed, lifted', async () => {
  const real = await startRealTime(servers, { policy: await strictPolicy({ escalateAfter: 3_600, lapseAfter: 7_200 }) });
  try {
    await open(real, 1);
    const client = real.stage.client();
    const answer = { verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' } as const;
    await client.send(COMMANDS.recordVerdict, { as: REVIEWER }, { listing: listingOf(1).listing, holder: HOLDER }, { ...answer, isCorrection: true });
    const stands = async (status: string) => (await listCases(real.stage.store.em.fork() as Manager, { kind: 'sanction', status }))[0]?.id;
    const id = await until(() => stands('proposed'), 'a proposal');
    expect(await client.send(COMMANDS.decideSanction, { as: OFFICER }, { id }, { decision: 'approve', reason: 'Clear.' })).toMatchObject({
      kind: 'done',
    });
    await until(() => stands('in-force'), 'the closure');
    expect(
      await client.send(COMMANDS.liftSanction, { as: OFFICER }, { id }, { reason: 'The seller has shown where the goods come from.' }),
    ).toMatchObject({ kind: 'done' });
    await untilClosed(real, id);
    const history = await fetchHistory(real.stage.temporal, id);
    expect(JSON.stringify(history)).not.toContain('S-1');
    const cost = historyCost(history);
    // 7, 27, 5 and 4.9 KB where every signal finds its workflow started; a wake that comes while it starts costs one round more.
    expect(cost.actions).toBeLessThanOrEqual(9);
    expect(cost.events).toBeLessThanOrEqual(35);
    expect(cost.workflowTasks).toBeLessThanOrEqual(7);
    expect(cost.bytes).toBeLessThanOrEqual(6_500);
  } finally {
    await real.stop();
  }
});

it('a referral: opened, appraised, approved by two, mailed, closed', async () => {
  const real = await startRealTime(servers, { policy: await strictPolicy({ escalateAfter: 3_600, lapseAfter: 7_200 }) });
  try {
    await writeAuthority(real.stage);
    await openCases(real.stage.context, [await capturedOpeningOf(real.stage, 1)]);
    const client = real.stage.client();
    const referrals = client;
    const answer = { verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' } as const;
    await client.send(COMMANDS.recordVerdict, { as: REVIEWER }, { listing: listingOf(1).listing, holder: HOLDER }, { ...answer, isCorrection: true });
    const em = () => real.stage.store.em.fork() as Manager;
    const stands = async (status: string) => (await listReferrals(em(), { status, recipient: RECIPIENT }))[0]?.id;
    const id = await until(() => stands('asking-brands'), 'a referral');
    const words = { appraisal: 'A copy.', priceStatement: 'EUR 90', contact: 'Rev', contactMail: 'rev@aurelia.example' };
    await referrals.send(COMMANDS.giveAppraisal, { as: REVIEWER }, { id }, { brand: HOLDER, ...words, documents: [] });
    await until(() => stands('incomplete'), 'the packet');
    const missing = new Set((await readReferral(em(), id))?.draft?.missing.map((one) => String(Reflect.get(Object(one), 'item'))));
    for (const item of missing)
      expect(await referrals.send(COMMANDS.waiveItem, { as: LIAISON }, { id }, { item, reason: 'Not to be had.' })).toMatchObject({ kind: 'done' });
    const packet = (await readReferral(em(), id))?.draft?.packet ?? '';
    for (const as of [LIAISON, OFFICER])
      expect(await referrals.send(COMMANDS.decideReferral, { as }, { id }, { decision: 'approve', packet, reason: 'Clear.' })).toMatchObject({
        kind: 'done',
      });
    await until(() => stands('with-recipient'), 'the mail');
    await referrals.send(COMMANDS.closeReferral, { as: LIAISON }, { id }, { reason: 'Done.' });
    await untilClosed(real, id);
    const history = await fetchHistory(real.stage.temporal, id);
    expect(JSON.stringify(history)).not.toMatch(/S-1|Aurelia|psb/);
    const cost = historyCost(history);
    // With four things waived, each of which is a signal and an activity, as is the report that the mail has arrived.
    expect(cost.actions).toBeLessThanOrEqual(15 + missing.size * 2);
    expect(cost.events).toBeLessThanOrEqual(38 + missing.size * 7);
    expect(cost.workflowTasks).toBeLessThanOrEqual(9 + missing.size);
    expect(cost.bytes).toBeLessThanOrEqual(13_000);
  } finally {
    await real.stop();
  }
});

it('a sweep over 10,000 listings without a hit', async () => {
  const real = await startRealTime(servers, { listings: 0 });
  const { stage } = real;
  try {
    await stage.store.em.fork().execute(
      `insert into listing (id, marketplace, market, version, row)
       select 'm:' || n, 'm', 'DE', md5(n::text), jsonb_build_object('listing', 'm:' || n, 'marketplace', 'm', 'market', 'DE', 'title', 'Garden chair ' || n)
       from generate_series(1, 10000) as n`,
    );
    const result = await stage.temporal.workflow.execute(WorkflowType.sweep, {
      workflowId: 'sweep',
      taskQueue: TaskQueue.cases,
      args: [{ marketplace: 'm' }],
    });
    expect(result).toMatchObject({ scanned: 10_000, hits: 0 });
    const cost = historyCost(await fetchHistory(stage.temporal, 'sweep'));
    // Heartbeats do not show in a history: one a page of a thousand listings reaches the server at most.
    expect(cost.actions + 10).toBeLessThanOrEqual(20);
  } finally {
    await real.stop();
  }
});
