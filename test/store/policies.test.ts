import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerOf } from '../../domain/policy/compare.ts';
import { type PolicyDocument, policyDigest } from '../../domain/policy/policy.ts';
import { withDetector } from '../../domain/policy/stop-detector.ts';
import { parsePolicy, shippedPolicy } from '../../policies/load.ts';
import { ADDED, POLICY_SCHEMA } from '../../domain/policy/growth.ts';
import { PolicyRow } from '../../store/schema/entities/register.ts';
import { PolicyRefused, storePolicy } from '../../store/register/policies.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { policyStatus } from '../../store/queries/policy-status.ts';
import { open } from './support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
let shipped: PolicyDocument;
beforeAll(async () => {
  db = await testDatabase();
  shipped = await shippedPolicy();
});
afterAll(() => db.close());

const em = () => work(db.store) as Manager;
const changed = (version: number, why: string): PolicyDocument => ({ ...shipped, version, counting: { value: why, source: 'made up' } });
const refusal = (policy: PolicyDocument) =>
  storePolicy(em(), policy, db.clock.now()).then(
    () => undefined,
    (error: unknown) => error,
  );

it('the policy in force may be stored again: nothing changes', async () => {
  expect(await storePolicy(em(), shipped, db.clock.now())).toBe(policyDigest(shipped));
  expect(await em().count(PolicyRow, {})).toBe(1);
});

it('a second document of the same name and version is refused, also of two at once', async () => {
  const refused = await refusal(changed(shipped.version, 'other words'));
  expect(refused).toBeInstanceOf(PolicyRefused);
  expect(refused).toMatchObject({ code: 'version-taken', message: /other content/, cure: `Give it version ${shipped.version + 1}.` });
  db.clock.pass(1_000);
  const both = await Promise.all([refusal(changed(shipped.version + 1, 'one')), refusal(changed(shipped.version + 1, 'two'))]);
  expect(both.map((error) => (error instanceof PolicyRefused ? error.code : 'stored')).sort()).toEqual(['stored', 'version-taken']);
  expect((await db.context.policies.current(em(), db.clock.now())).values.version).toBe(shipped.version + 1);
});

it('a number behind the newest of its name is refused, another name has its own numbers', async () => {
  await storePolicy(em(), changed(shipped.version + 7, 'far'), db.clock.now());
  expect(await refusal(changed(shipped.version + 3, 'late'))).toMatchObject({ code: 'version-taken', message: /has come to version/ });
  expect(await refusal({ ...changed(1, 'ours'), name: 'ours' })).toBeUndefined();
});

it('what was in force before does not come back under its old number: that would say what is not so', async () => {
  expect(await refusal(shipped)).toMatchObject({ code: 'superseded', cure: `Give it version ${shipped.version + 8}.` });
});

describe('an installation from before', () => {
  const text = readFileSync(new URL('../policies/shipped/default-1.yaml', import.meta.url), 'utf8');
  const older = parsePolicy(text, 'default-1.yaml');
  const digest = policyDigest(older);
  let old: TestDatabase;
  beforeAll(async () => {
    old = await testDatabase();
    const em = work(old.store);
    await em.nativeDelete(PolicyRow, {});
    await em.insert(PolicyRow, { digest, name: 'default', version: 1, document: { ...older }, since: '2020-01-01T00:00:00.000Z' });
    await open(old);
  });
  afterAll(() => old.close());
  const status = () => policyStatus(work(old.store) as Manager, old.clock.now(), shipped);

  it('is offered the newer shipped policy with what it changes, and nothing is put in force by itself', async () => {
    const { inForce, pinned, offered } = await status();
    expect(inForce).toMatchObject({ digest, schema: 1, defaults: ADDED.map(({ path }) => path) });
    expect(pinned).toEqual([{ digest, name: 'default', version: 1, open: 1, trouble: null }]);
    expect(offered).toMatchObject({ name: 'default', version: shipped.version, digest: policyDigest(shipped) });
    expect(offered?.changes.map(({ path }) => path)).toEqual([
      ...[
        'confirmation.extensionAtMost',
        'confirmation.extensions.account-manager',
        'confirmation.extensions.rights-holder',
        'counting',
        'putBack.retryAfter',
        'schema',
        'version',
      ],
    ]);
  });

  it('a stopped detector has taken the number: the offer comes under the next one, and says that it starts the detector again', async () => {
    old.clock.pass(1_000);
    const em = work(old.store) as Manager;
    const stopped = withDetector({ ...older, version: shipped.version - 1 }, 'price-gap', true, 'wrong prices');
    await storePolicy(em, stopped, old.clock.now());
    const { offered } = await status();
    expect([stopped.version, offered?.version]).toEqual([shipped.version, shipped.version + 1]);
    expect(offered?.changes).toContainEqual(expect.objectContaining({ path: 'detection.stopped', was: '["price-gap"]', is: '[]' }));
    old.clock.pass(1_000);
    await storePolicy(em, offerOf(shipped, [older, stopped]) ?? shipped, old.clock.now());
    expect(await status()).toMatchObject({
      offered: null,
      inForce: { version: shipped.version + 1, schema: POLICY_SCHEMA, defaults: [] },
      pinned: [{ digest, open: 1 }],
    });
  });

  it('says which open cases pin a document that cannot be read, and why', async () => {
    const em = work(old.store);
    await em.nativeUpdate(PolicyRow, { digest }, { document: { ...older, schema: 99 } });
    expect((await status()).pinned).toMatchObject([{ digest, open: 1, trouble: 'the stored document does not have its digest' }]);
    const future = { ...older, schema: 99 };
    await em.insert(PolicyRow, { digest: policyDigest(future), name: 'future', version: 1, document: future, since: '2020-01-02T00:00:00.000Z' });
    await em.execute("update aggregate set state = jsonb_set(state, '{policy}', to_jsonb(?::text))", [policyDigest(future)]);
    expect((await status()).pinned).toMatchObject([
      { name: 'future', trouble: expect.stringContaining(`written in schema 99; this version reads schemas 1 to ${POLICY_SCHEMA}`) },
    ]);
    await em.nativeDelete(PolicyRow, { name: 'future' });
    expect((await status()).pinned).toMatchObject([{ name: null, version: null, trouble: 'the store does not hold it' }]);
  });
});
