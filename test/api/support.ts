import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pino from 'pino';
import { directoryVault } from '../../adapters/directory-vault.ts';
import { CaseClient } from '../../client/case-client.ts';
import { exportHistory } from '../../cli/history.ts';
import { assemblePacket } from '../../cli/packet.ts';
import type { AggregateId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { parsePolicy } from '../../policies/load.ts';
import type { ServerDeps } from '../../api/deps.ts';
import type { App } from '../../api/route.ts';
import { createServer } from '../../api/server.ts';
import { beginSession } from '../../store/access/sign-in.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { OrganisationRow, PersonRow, RecipientRow, SellerRow } from '../../store/schema/entities/register.ts';
import { INTAKE } from '../../store/log/inbox.ts';
import { type Manager, openStore, work } from '../../store/connection/orm.ts';
import { PolicyCache } from '../../store/log/context.ts';
import { roleUrl, type TestDatabase, testDatabase } from '../support/database.ts';
import { nodeRulebook } from '../../verifier/entry/node-rulebook.ts';
import { referralIntake } from '../../worker/referral-intake.ts';
import { move } from '../store/support.ts';

export const ORIGIN = 'http://127.0.0.1:1';

/** Everybody who signs in, by the role they stand for. */
export const PEOPLE = {
  governance: 'officer',
  'rights-holder': 'reviewer:org-a',
  'other-rights-holder': 'reviewer:org-b',
  'account-manager': 'manager',
  seller: 'S-1',
  'other-seller': 'S-2',
  auditor: 'auditor',
  liaison: 'liaison',
} as const;
export type Role = keyof typeof PEOPLE;

/** The API on a database of its own; a stub stands for Temporal: a signal moves the log at once. */
export interface TestApi {
  readonly db: TestDatabase;
  readonly app: App;
  readonly deps: ServerDeps;
  /** What the signal does; tests take Temporal down by replacing it. */
  readonly temporal: { signal: (id: AggregateId) => Promise<void> };
  as(who: string): Promise<Caller>;
  close(): Promise<void>;
}

/** A signed-in browser. */
export interface Caller {
  readonly cookie: string;
  readonly csrf: string;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Got>;
  send(method: 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Got>;
}

export interface Got {
  readonly status: number;
  /** The JSON document; empty where the answer is none. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

let keys = 0;

export async function startApi(options: Partial<ServerDeps> = {}): Promise<TestApi> {
  const db = await testDatabase();
  await writeEverybody(db);
  const portal = await openStore({ url: roleUrl(db.url, 'interdict_portal'), operator: 'main', poolSize: 4 });
  const vaultDir = mkdtempSync(join(tmpdir(), 'interdict-api-'));
  const vault = directoryVault({ dir: vaultDir });
  const temporal = {
    signal: async (id: AggregateId) => {
      await move(db, id);
    },
  };
  const deps: ServerDeps = {
    engine: db.store,
    portal,
    clock: db.clock,
    client: new CaseClient({ store: db.store, clock: db.clock, temporal: stub(temporal), waitMs: 300 }),
    policies: new PolicyCache(),
    vault,
    origin: ORIGIN,
    parsePolicy: (text) => parsePolicy(text, 'the policy'),
    historyOf: (id, redacted) => exportHistory({ em: work(db.store), id, redacted }),
    packetOf: (id, options) => assemblePacket(work(db.store) as Manager, vault, id, options),
    rulebook: () => nodeRulebook({ fromOwnStore: true }),
    log: pino({ level: 'silent' }),
    perMinute: 1_000_000,
    ...options,
  };
  const app = await createServer(deps);
  return {
    db,
    app,
    deps,
    temporal,
    as: (who) => callerOf(deps, app, who),
    close: async () => {
      await app.close();
      await portal.close();
      await db.close();
      rmSync(vaultDir, { recursive: true, force: true });
    },
  };
}

/** The little of Temporal's client that sending uses. */
function stub(temporal: TestApi['temporal']): Client {
  return {
    connection: { withDeadline: (_: number, run: () => Promise<unknown>) => run() },
    workflow: { getHandle: (id: string) => ({ signal: () => temporal.signal(id as AggregateId) }) },
  } as unknown as Client;
}

async function writeEverybody({ store }: TestDatabase): Promise<void> {
  const em = work(store);
  for (const id of ['org-a', 'org-b']) {
    await em.insert(OrganisationRow, { id, name: `Brand ${id}`, kind: 'rights-holder', accountManager: id === 'org-a' ? 'manager' : null });
    await em.insert(PersonRow, {
      id: `reviewer:${id}`,
      name: `Reviewer of ${id}`,
      mail: `reviewer@${id}.test`,
      role: 'brand-reviewer',
      organisations: [id],
      duty: [],
    });
  }
  const second = {
    id: 'second:org-a',
    name: 'Second reviewer',
    mail: 'second@org-a.test',
    role: 'brand-reviewer',
    organisations: ['org-a'],
    duty: [],
  };
  await em.insert(PersonRow, second);
  for (const [id, role] of [
    ['officer', 'governance-officer'],
    ['manager', 'account-manager'],
    ['auditor', 'compliance-auditor'],
    ['liaison', 'authority-liaison'],
  ] as const)
    await em.insert(PersonRow, { id, name: `The ${id}`, mail: `${id}@platform.test`, role, organisations: [], duty: [] });
  const takes = { country: 'DE', markets: ['DE'], takes: [], language: 'de', profiles: ['police'] };
  await em.insert(RecipientRow, { id: 'police-de', name: 'Police', mail: 'police@authority.test', ...takes });
  for (const id of ['S-1', 'S-2']) await em.insert(SellerRow, { id, market: 'DE', actor: id, row: {}, mail: `${id.toLowerCase()}@shop.test` });
}

async function callerOf(deps: ServerDeps, app: App, who: string): Promise<Caller> {
  const token = await beginSession(work(deps.engine), who, 'link', deps.clock.now() as Instant);
  const cookie = `interdict=${token}`;
  const session = await app.inject({ method: 'GET', url: '/api/session', headers: { cookie } });
  const { csrf } = session.json<{ csrf: string }>();
  const got = (answer: Awaited<ReturnType<App['inject']>>): Got => ({
    status: answer.statusCode,
    text: answer.body,
    headers: answer.headers,
    body:
      /json/.test(String(answer.headers['content-type'])) && !/ndjson/.test(String(answer.headers['content-type'])) ? JSON.parse(answer.body) : {},
  });
  return {
    cookie,
    csrf,
    get: async (url, headers = {}) => got(await app.inject({ method: 'GET', url, headers: { cookie, ...headers } })),
    send: async (method, url, body, headers = {}) => {
      keys += 1;
      const base = { cookie, 'x-csrf-token': csrf, 'idempotency-key': `test-key-${keys}` };
      return got(await app.inject({ method, url, headers: { ...base, ...headers }, ...(body !== undefined && { payload: body as object }) }));
    },
  };
}

/** Opens a referral of a seller by hand through the api, as the liaison and then as the worker's intake. Gives its id. */
export async function openReferral({ db, as }: TestApi, seller: string, recipient: string): Promise<AggregateId> {
  const liaison = await as(PEOPLE.liaison);
  const sent = await liaison.send('POST', '/api/referrals', { seller, recipient, reason: 'linked cases' });
  const rows = await work(db.store).find(InboxRow, { aggregate: INTAKE, answer: null });
  for (const row of rows) await referralIntake(db.context, row);
  const { body, text } = await liaison.get(String(sent.body['href']));
  if (body['state'] !== 'done') throw new Error(text);
  return body['aggregate'] as AggregateId;
}

/** The ids of a list. */
export function idsOf({ body }: Got): readonly string[] {
  return (body['lines'] as readonly { readonly id: string }[]).map((line) => line.id);
}
