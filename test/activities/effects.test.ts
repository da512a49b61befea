import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { directoryVault } from '../../adapters/directory-vault.ts';
import { httpMarketplace } from '../../adapters/marketplace-http.ts';
import { type CaseActivityDeps, createCaseActivities } from '../../activities/effects.ts';
import { marketplaceRejected, vaultUnavailable } from '../../adapters/failures.ts';
import type { CaseActivities, EffectRequest } from '../../workflows/contracts.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { AggregateRow, DecisionRow } from '../../store/schema/entities/log.ts';
import { OrganisationRow, PersonRow } from '../../store/schema/entities/register.ts';
import { advance } from '../../store/log/advance.ts';
import { LogBehind } from '../../store/log/faults.ts';
import { work } from '../../store/connection/orm.ts';
import { aFolder } from '../embedded/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { aCase, answered, scheduled } from './a-case.ts';
import { aMarketplace, noPackets, lookBehind, script, VERSION } from './reference.ts';

let db: TestDatabase;
let url: string;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.close());
beforeEach(async () => {
  ({ url } = await aMarketplace());
});

async function activities(more: Partial<CaseActivityDeps> = {}) {
  const vault = directoryVault({ dir: await aFolder() });
  return createCaseActivities({
    log: db.context,
    marketplace: httpMarketplace({ baseUrl: url, timeoutMs: 2_000 }),
    vault,
    packets: noPackets,
    outageMs: 0,
    advance,
    ...more,
  });
}

const run = (acts: CaseActivities, request: EffectRequest, msAgo = 0) => scheduled(msAgo).run(() => acts.runEffect(request));

/** A case of a holder of its own that owes a takedown. */
let cases = 0;
async function owingTakedown(version = VERSION): Promise<{ id: AggregateId; request: EffectRequest }> {
  cases += 1;
  const holder = `org-${cases}`;
  const em = work(db.store);
  await em.insert(OrganisationRow, { id: holder, name: holder, kind: 'rights-holder' });
  await em.upsert(PersonRow, { id: 'reviewer-a', name: 'R', role: 'brand-reviewer', organisations: [holder], duty: [] });
  const id = await aCase(db, { version, holder });
  const { n, owes } = await answered(db, id, 'counterfeit', 'packaging', holder);
  const [effect] = owes;
  if (effect === undefined) throw new Error('nothing owed');
  return { id, request: { id, n, ...effect } };
}
const OTHER = '0'.repeat(64);

const lastOutcome = async (id: AggregateId) => {
  const [row] = await work(db.store).find(DecisionRow, { aggregate: id }, { orderBy: { n: 'desc' }, limit: 1 });
  const command: unknown = row?.envelope.command;
  return command;
};

describe('an owed effect', () => {
  it('is done once, however often the activity runs', async () => {
    const { id, request } = await owingTakedown();
    const acts = await activities();
    const first = await run(acts, request);
    const again = await run(acts, request);
    expect(first.standing).toMatchObject({ final: true, owes: [] });
    expect(again.standing).toEqual(first.standing);
    expect(await lookBehind(url)).toEqual({ status: 'removed', outcomes: ['first'] });
    expect(await lastOutcome(id)).toMatchObject({
      kind: 'recordEffectResult',
      key: request.key,
      try: 1,
      result: { kind: 'removed', version: VERSION },
    });
  });

  it('is done once when the worker dies before the outcome is in the log', async () => {
    const { request } = await owingTakedown();
    const dying = await activities({ advance: () => Promise.reject(new Error('the worker died')) });
    await expect(run(dying, request)).rejects.toThrow('the worker died');
    await run(await activities(), request);
    expect((await lookBehind(url)).outcomes).toEqual(['first', 'replayed']);
  });

  it('captures: the digest and version go into the log', async () => {
    const { id, request } = await owingTakedown(OTHER);
    const acts = await activities();
    const { standing } = await run(acts, request);
    const [capture] = standing.owes;
    if (capture === undefined) throw new Error('no capture owed');
    await run(acts, { id, n: standing.n, ...capture });
    expect(await lastOutcome(id)).toMatchObject({ result: { kind: 'captured', digest: expect.stringMatching(/^sha256:/), version: VERSION } });
  });
});

describe('an outage', () => {
  it('is waited out by the server as long as it is young', async () => {
    const { id, request } = await owingTakedown();
    await script(url, { on: 'takedown', kind: '503', retryAfterSeconds: 600 });
    const acts = await activities({ outageMs: 120_000 });
    const failure: unknown = await run(acts, request, 60_000).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'marketplace-unavailable', nonRetryable: false, category: 'BENIGN', nextRetryDelay: 60_000 });
    expect(await work(db.store).findOneOrFail(AggregateRow, { id })).toMatchObject({ isOwing: true });
  });

  it.each([
    [120_000, 120_001],
    [0, -5_000],
  ])('of %i ms is an outcome after %i ms: the policy says when to try again', async (outageMs, msAgo) => {
    const { id, request } = await owingTakedown();
    await script(url, { on: 'takedown', kind: '503' });
    const acts = await activities({ outageMs });
    const { standing } = await run(acts, request, msAgo);
    expect(standing).toMatchObject({ owes: [], due: { rule: 'effect.retry' } });
    expect(await lastOutcome(id)).toMatchObject({ result: { kind: 'failed', reason: 'marketplace-unavailable' } });
  });

  it('of the vault is one too', async () => {
    const { id, request } = await owingTakedown(OTHER);
    const full = () => Promise.reject(vaultUnavailable('full', 'ENOSPC'));
    const vault = { put: full, putStream: full, get: async () => undefined, read: async () => undefined };
    const acts = await activities({ vault });
    const { standing } = await run(acts, request);
    const [capture] = standing.owes;
    if (capture === undefined) throw new Error('no capture owed');
    await run(acts, { id, n: standing.n, ...capture });
    expect(await lastOutcome(id)).toMatchObject({ result: { kind: 'failed', reason: 'vault-full' } });
  });
});

describe('everything else', () => {
  it('a rejection is an outcome at once', async () => {
    const { id, request } = await owingTakedown();
    const marketplace = { ...httpMarketplace({ baseUrl: url }), takedown: () => Promise.reject(marketplaceRejected('shop-suspended', 'no')) };
    await run(await activities({ marketplace, outageMs: 120_000 }), request);
    expect(await lastOutcome(id)).toMatchObject({ result: { kind: 'failed', reason: 'shop-suspended' } });
  });

  it('cancelling ends the request and leaves no outcome', async () => {
    const { id, request } = await owingTakedown();
    await script(url, { on: 'takedown', kind: 'stall', stallMs: 30_000 });
    const acts = await activities({ outageMs: 120_000 });
    const environment = scheduled();
    const running = environment.run(() => acts.runEffect(request));
    environment.cancel();
    await expect(running).rejects.toThrow();
    expect(await lastOutcome(id)).toMatchObject({ kind: 'recordVerdict' });
  });

  it('faults of the log pass as they are', async () => {
    const { id, request } = await owingTakedown();
    const acts = await activities();
    await expect(scheduled().run(() => acts.advance({ id, n: 99 }))).rejects.toBeInstanceOf(LogBehind);
    await expect(run(acts, { ...request, n: 99 })).rejects.toBeInstanceOf(LogBehind);
  });
});
