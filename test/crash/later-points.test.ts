import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import PostalMime from 'postal-mime';
import { z } from 'zod';
import { COMMANDS } from '../../commands/catalogue.ts';
import { type EngineChildSettings, spawnEngine } from '../../bench/engine-child.ts';
import { startStage, type Stage } from '../../bench/stage.ts';
import {
  capturedOpeningOf,
  HOLDER,
  LIAISON,
  listingOf,
  OFFICER,
  RECIPIENT,
  REVIEWER,
  strictPolicy,
  writeAuthority,
  writeListings,
  writeRegister,
} from '../../bench/stage-data.ts';
import { sha256Hex } from '../../domain/canonical.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { listCases } from '../../store/queries/cases.ts';
import { listReferrals, readReferral } from '../../store/queries/referrals.ts';
import { sharedServers } from '../support/servers.ts';
import type { DiePoint } from './die-points.ts';
import { violations } from './oracle.ts';
import { leftBehind, untilAtRest } from './rest.ts';

const ENTRY = new URL('worker-process.ts', import.meta.url);
const SHORT: EngineChildSettings = { workflowTaskTimeoutMs: 2_000, heartbeatMs: 3_000, outageMs: 30_000, leaseMs: 2_000, stickyMs: 500 };
/** One shop, and with it one sanction and one referral, for every way to die. */
const SHOPS = 8;

let servers: Servers;
let stage: Stage;

beforeAll(async () => {
  servers = await sharedServers();
  stage = await startStage(servers, await strictPolicy({ escalateAfter: 3_600, lapseAfter: 7_200 }));
  await writeRegister(stage);
  await writeAuthority(stage);
  await writeListings(stage, 0, SHOPS);
  await lived(async () => {
    for (let number = 0; number < SHOPS; number++) {
      await openCases(stage.context, [await capturedOpeningOf(stage, number)]);
      const answer = { verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' } as const;
      await stage
        .client()
        .send(COMMANDS.recordVerdict, { as: REVIEWER }, { listing: listingOf(number).listing, holder: HOLDER }, { ...answer, isCorrection: true });
    }
  });
}, 120_000);
afterAll(async () => {
  await stage?.stop();
  await servers?.stop();
});

const em = () => work(stage.store) as Manager;
const client = () => stage.client({ waitMs: 0 });
const referrals = () => client();
const sanctionOf = async (number: number) => (await listCases(em(), { kind: 'sanction', seller: listingOf(number).seller }))[0]?.id ?? '';
const referralOf = async (number: number) => (await listReferrals(em(), { seller: listingOf(number).seller, recipient: RECIPIENT }))[0]?.id ?? '';

/** Runs an engine while something is brought in, and until all is at rest. */
async function lived(bring: () => Promise<unknown>): Promise<void> {
  const child = spawnEngine(ENTRY, servers, stage, SHORT);
  await child.ready;
  await bring();
  await untilAtRest(stage);
  await child.stop();
}

/** Runs an engine that dies at the point, and sees it dead. */
async function died(point: DiePoint, aggregate: string): Promise<void> {
  const child = spawnEngine(ENTRY, servers, stage, { ...SHORT, dieAt: { point, count: 1, aggregate } });
  await child.exited;
  expect(child.process.signalCode).toBe('SIGKILL');
}

const approveSanction = async (number: number) =>
  client().send(COMMANDS.decideSanction, { as: OFFICER }, { id: await sanctionOf(number) }, { decision: 'approve', reason: 'Clear.' });

async function appraise(number: number): Promise<void> {
  const words = { appraisal: 'A copy.', priceStatement: 'EUR 90', contact: 'Rev', contactMail: 'rev@aurelia.example' };
  await referrals().send(COMMANDS.giveAppraisal, { as: REVIEWER }, { id: await referralOf(number) }, { brand: HOLDER, ...words, documents: [] });
}

/** Everything that is missing is let go, and both people agree: what is left is the mail. */
async function approve(number: number): Promise<void> {
  const id = await referralOf(number);
  const draft = (await readReferral(em(), id))?.draft;
  const items = new Set((draft?.missing ?? []).map((one) => z.object({ item: z.string() }).parse(one).item));
  for (const item of items) await referrals().send(COMMANDS.waiveItem, { as: LIAISON }, { id }, { item, reason: 'Not to be had.' });
  for (const as of [LIAISON, OFFICER])
    await referrals().send(COMMANDS.decideReferral, { as }, { id }, { decision: 'approve', packet: draft?.packet ?? '', reason: 'Clear.' });
}

describe('a worker that is killed at a sanction or a referral', () => {
  it.each([
    ['shop:before', 0],
    ['shop:after', 1],
    ['outcome:before', 2],
    ['log:after', 3],
  ] as const)('at %s of a closure', async (point, number) => {
    await approveSanction(number);
    await died(point, await sanctionOf(number));
  });

  it.each([
    ['packet:before', 0],
    ['packet:after', 1],
    ['outcome:before', 2],
    ['outcome:after', 3],
    ['log:before', 4],
  ] as const)('at %s of a packet', async (point, number) => {
    await appraise(number);
    await died(point, await referralOf(number));
  });

  it.each([
    ['mail:before', 5],
    ['mail:after', 6],
  ] as const)('at %s of the mail to the authority', async (point, number) => {
    await lived(() => appraise(number));
    await approve(number);
    await died(point, await referralOf(number));
  });

  it('leaves nothing lost, doubled or out of order, and each packet reaches the authority as it was approved', async () => {
    await lived(async () => {});
    await lived(async () => {
      for (const number of [0, 1, 2, 3, 4]) await approve(number);
    });
    expect(await violations(stage)).toEqual([]);
    expect(await leftBehind(stage)).toEqual([]);
    const rows = await em().execute<{ kind: string; status: string; n: number }[]>(
      "select kind, status, count(*)::int as n from aggregate where kind <> 'case' group by kind, status order by kind, status",
    );
    expect(rows).toEqual([
      { kind: 'referral', status: 'asking-brands', n: 1 },
      { kind: 'referral', status: 'with-recipient', n: 7 },
      { kind: 'sanction', status: 'in-force', n: 4 },
      { kind: 'sanction', status: 'proposed', n: 4 },
    ]);
    expect([...(await arrived())].sort()).toEqual([...(await approved())].sort());
  });
});

/** Digests of the packets that reached the authority, each Message-ID once. */
async function arrived(): Promise<readonly string[]> {
  const kept = z.object({ messages: z.array(z.object({ id: z.string(), messageId: z.string() })) });
  const { messages } = kept.parse(await (await fetch(`${stage.mailbox.url}/messages?to=fraud@police.example`)).json());
  const once = [...new Map(messages.map(({ id, messageId }) => [messageId, id])).values()];
  const parsed = once.map(async (id) => {
    const raw = await (await fetch(`${stage.mailbox.url}/messages/${id}/raw`)).text();
    const { attachments } = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
    return `sha256:${sha256Hex(new Uint8Array(attachments[0]?.content as ArrayBuffer))}`;
  });
  return Promise.all(parsed);
}

async function approved(): Promise<readonly string[]> {
  const views = await Promise.all((await listReferrals(em())).map(({ id }) => readReferral(em(), id)));
  return views.flatMap((view) => view?.sent.map(({ packet }) => packet) ?? []);
}
